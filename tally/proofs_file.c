#include "tally/proofs_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "records/decryption_proof.h"

char *nep_proofs_path(const nep_arguments *a, const char *archive)
{
  const char *option = nep_option(a, "proofs");
  size_t len = strlen(archive);
  if (option != NULL)
    return nep_strdup(option);
  if (len > 4 && strcmp(archive + len - 4, ".bel") == 0)
    len -= 4;
  return nep_sprintf("%.*s.proofs", (int)len, archive);
}

bool nep_proofs_look(const json_t *value)
{
  return json_is_array(json_object_get(json_array_get(value, 0), "proofs"));
}

nep_status nep_proofs_add(const nep_election *e, const json_t *list, json_t *all, nep_error *err)
{
  size_t n = json_array_size(list);
  if (!json_is_array(list) || n > NEP_OWNERS_MAX)
    return nep_fail(err, NEP_E_INPUT, "decryption-proof-parse", "proofs",
                    "is no list of at most %d proofs", NEP_OWNERS_MAX);
  for (size_t i = 0; i < n; i++) {
    json_t *value = json_array_get(list, i);
    const char *phi = json_string_value(json_object_get(value, "election_hash"));
    const char *decryption = json_string_value(json_object_get(value, "decryption"));
    if (phi == NULL || decryption == NULL)
      return nep_fail(err, NEP_E_INPUT, "decryption-proof-parse", "proofs",
                      "member %zu is no proof of a partial decryption", i + 1);
    if (strcmp(phi, e->phi) != 0)
      return nep_fail(err, NEP_E_CHECK, "decryption-proof-other", "proofs",
                      "member %zu is of another election", i + 1);
    (void)json_array_append(all, value);
  }
  return NEP_OK;
}

static nep_status read_file(const char *path, const nep_election *e, json_t *all, nep_error *err)
{
  nep_buf text = {0};
  json_t *list = NULL;
  nep_status s = nep_cli_text(path, NEP_DECRYPTION_PROOF_MAX, &text, err);
  if (s == NEP_OK)
    s = nep_json_parse_canonical(nep_buf_bytes(&text), &list, err);
  if (s == NEP_OK)
    s = nep_proofs_add(e, list, all, err);
  json_decref(list);
  nep_buf_free(&text);
  return s == NEP_OK ? s : nep_inside(err, s, "%s", path);
}

nep_status nep_proofs_read(const nep_arguments *a, const char *archive, const nep_election *e,
                           json_t *all, nep_error *err)
{
  char *path = nep_proofs_path(a, archive);
  bool none = nep_option(a, "proofs") == NULL && access(path, F_OK) != 0 && errno == ENOENT;
  nep_status s = none ? NEP_OK : read_file(path, e, all, err);
  free(path);
  return s;
}

static const json_t *find(const json_t *all, const char *decryption)
{
  for (size_t i = 0; i < json_array_size(all); i++) {
    const json_t *value = json_array_get(all, i);
    if (strcmp(json_string_value(json_object_get(value, "decryption")), decryption) == 0)
      return value;
  }
  return NULL;
}

nep_status nep_proofs_check(const nep_verified *v, const json_t *all, const nep_factors *f,
                            nep_buf *text, nep_error *err)
{
  const json_t *value = find(all, f->object);
  size_t start = text->len;
  if (value == NULL)
    return nep_decryption_proof_missing(v->trustees, f->owner, err);
  nep_json_write(text, value);
  return nep_decryption_proof_verify(v->tally, v->trustees, f,
                                     (nep_bytes){text->data + start, text->len - start}, err);
}
