#include "records/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/credentials.h"
#include "records/fields.h"
#include "records/idtoken.h"

static nep_status bad(nep_error *err, const char *where, const char *reason)
{
  return nep_fail(err, NEP_E_INPUT, "registry", where, "%s", reason);
}

static nep_status read_text(const json_t *j, const char *key, size_t max, const char **out,
                            nep_error *err)
{
  size_t len;
  nep_status status = nep_json_string(j, key, out, &len, err);
  if (status == NEP_OK && !nep_is_name(*out, len, max))
    status = nep_fail(err, NEP_E_INPUT, "registry", key,
                      "must be 1 to %zu bytes of UTF-8 without control characters", max);
  return status;
}

/* ---- the roll ---- */

static nep_status read_person(const json_t *j, nep_registry *r, size_t i, nep_error *err)
{
  nep_registry_person *p = &r->roll[i];
  int64_t weight = 1;
  bool has_weight = json_object_get(j, "weight") != NULL;
  nep_status status = nep_json_fields(j, "roll", err, "identifier", "weight?", NULL);
  if (status == NEP_OK)
    status = read_text(j, "identifier", NEP_REGISTRY_PERSON_MAX, &p->identifier, err);
  if (status == NEP_OK && has_weight)
    status = nep_json_integer(j, "weight", 1, NEP_WEIGHT_MAX, &weight, err);
  if (status == NEP_OK && i > 0 && strcmp(r->roll[i - 1].identifier, p->identifier) >= 0)
    status = bad(err, "roll", "must be sorted by identifier, each person once");
  p->weight = (uint64_t)weight;
  r->weighted = r->weighted || has_weight;
  return status;
}

static nep_status read_key_set(const json_t *j, nep_registry *r, size_t i, nep_error *err)
{
  nep_registry_key_set *k = &r->key_sets[i];
  char hash[65], computed[65];
  nep_status status = nep_json_fields(j, "key_sets", err, "hash", "body", NULL);
  if (status == NEP_OK)
    status = nep_json_hash(j, "hash", hash, err);
  if (status == NEP_OK)
    status = nep_json_string(j, "body", &k->body.data, &k->body.len, err);
  if (status != NEP_OK)
    return status;
  k->hash = json_string_value(json_object_get(j, "hash"));
  nep_sha256_hex(k->body.data, k->body.len, computed);
  if (strcmp(hash, computed) != 0)
    return bad(err, "hash", "is not the hash of this key set");
  if (i > 0 && strcmp(r->key_sets[i - 1].hash, k->hash) >= 0)
    return bad(err, "key_sets", "must be sorted by hash, each once");
  return NEP_OK;
}

/* ---- registrations ---- */

static nep_status find_key_set(const json_t *j, const nep_registry *r, nep_registry_entry *e,
                               nep_error *err)
{
  char hash[65];
  nep_status status = nep_json_hash(j, "key_set", hash, err);
  for (size_t i = 0; status == NEP_OK && i < r->n_key_sets; i++)
    if (strcmp(r->key_sets[i].hash, hash) == 0)
      e->key_set = &r->key_sets[i];
  if (status == NEP_OK && e->key_set == NULL)
    status = bad(err, "key_set", "is not among the key sets");
  return status;
}

static nep_status read_entry(const json_t *j, nep_registry *r, size_t i, nep_error *err)
{
  nep_registry_entry *e = &r->entries[i];
  size_t len;
  nep_status status = nep_json_fields(j, "registrations", err, "nonce", "replaces", "token",
                                      "key_set", "sealed", NULL);
  if (status == NEP_OK)
    status = nep_field_nonce(j, "nonce", e->nonce, err);
  if (status == NEP_OK && !json_is_null(json_object_get(j, "replaces")))
    status = nep_field_nonce(j, "replaces", e->replaces, err);
  if (status == NEP_OK)
    status = nep_json_string(j, "token", &e->token, &len, err);
  if (status == NEP_OK && (len == 0 || len > NEP_IDTOKEN_MAX))
    status = bad(err, "token", "is empty or too long");
  if (status == NEP_OK)
    status = find_key_set(j, r, e, err);
  if (status == NEP_OK)
    status = nep_sealed_registration_read(json_object_get(j, "sealed"), &e->sealed, err);
  if (status == NEP_OK && i > 0 && strcmp(r->entries[i - 1].nonce, e->nonce) >= 0)
    status = bad(err, "nonce", "registrations must be sorted by nonce, each once");
  return status;
}

/* ---- the whole ---- */

typedef nep_status read_item(const json_t *j, nep_registry *r, size_t i, nep_error *err);

static nep_status read_list(nep_registry *r, const char *name, size_t size, read_item *read,
                            void **items, size_t *n, nep_error *err)
{
  const json_t *list;
  nep_status status = nep_json_array(r->json, name, &list, err);
  if (status != NEP_OK)
    return status;
  *n = json_array_size(list);
  *items = nep_alloc(*n + 1, size);
  for (size_t i = 0; i < *n; i++) {
    status = read(json_array_get(list, i), r, i, err);
    if (status != NEP_OK)
      return nep_inside(err, status, "%s[%zu]", name, i);
  }
  return NEP_OK;
}

static nep_status read_head(nep_registry *r, nep_error *err)
{
  const char *group = NULL;
  nep_status status = nep_json_fields(r->json, "registry", err, "uuid", "event", "group", "roll",
                                      "key_sets", "registrations", NULL);
  if (status == NEP_OK)
    status = nep_field_uuid(r->json, "uuid", r->uuid, err);
  if (status == NEP_OK)
    status = read_text(r->json, "event", NEP_EVENT_MAX, &r->event, err);
  if (status == NEP_OK)
    status = read_text(r->json, "group", 64, &group, err);
  if (status == NEP_OK && (r->group = nep_group_find(group, strlen(group))) == NULL)
    status = bad(err, "group", "is no group");
  return status;
}

nep_status nep_registry_parse(nep_bytes text, nep_registry **out, nep_error *err)
{
  nep_registry *r = nep_alloc(1, sizeof *r);
  *out = NULL;
  nep_status status = nep_json_parse_canonical(text, &r->json, err);
  if (status == NEP_OK)
    status = read_head(r, err);
  if (status == NEP_OK)
    status = read_list(r, "roll", sizeof *r->roll, read_person, (void **)&r->roll, &r->n_roll, err);
  if (status == NEP_OK)
    status = read_list(r, "key_sets", sizeof *r->key_sets, read_key_set, (void **)&r->key_sets,
                       &r->n_key_sets, err);
  if (status == NEP_OK)
    status = read_list(r, "registrations", sizeof *r->entries, read_entry, (void **)&r->entries,
                       &r->n_entries, err);
  if (status != NEP_OK) {
    nep_registry_free(r);
    return status;
  }
  nep_sha256_hex(text.data, text.len, r->hash);
  *out = r;
  return NEP_OK;
}

void nep_registry_free(nep_registry *r)
{
  if (r == NULL)
    return;
  for (size_t i = 0; r->entries != NULL && i < r->n_entries; i++)
    nep_sealed_free(&r->entries[i].sealed);
  free(r->entries);
  free(r->key_sets);
  free(r->roll);
  json_decref(r->json);
  free(r);
}

static int by_identifier(const void *key, const void *person)
{
  return strcmp(key, ((const nep_registry_person *)person)->identifier);
}

const nep_registry_person *nep_registry_on_roll(const nep_registry *r, const char *identifier)
{
  return bsearch(identifier, r->roll, r->n_roll, sizeof *r->roll, by_identifier);
}
