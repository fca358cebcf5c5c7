/* nep-tally credentials: a credential authority's two files (protocol.md §8). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/keys.h"
#include "tally/tally_commands.h"

typedef struct credential_list {
  char (*secret)[NEP_CREDENTIAL_LENGTH + 1];
  char (*public)[NEP_ELEMENT_TEXT_MAX];
  const char **texts;
  size_t n;
} credential_list;

static void make_credential(const nep_group *g, const char *uuid, char *secret, char *public)
{
  nep_scalar key;
  nep_element element;
  nep_credential_new(secret);
  nep_credential_key(g, uuid, secret, &key);
  nep_element_exp_g(g, &element, &key);
  nep_element_text(g, &element, public);
  nep_scalar_wipe(&key);
}

/* {"voter1":"<credential>",..} */
static void write_private(const credential_list *l, nep_buf *out)
{
  char login[32];
  for (size_t i = 0; i < l->n; i++) {
    snprintf(login, sizeof login, "%s\"voter%zu\":\"", i == 0 ? "{" : ",", i + 1);
    nep_buf_secret_add(out, login, strlen(login));
    nep_buf_secret_add(out, l->secret[i], NEP_CREDENTIAL_LENGTH);
    nep_buf_secret_add(out, "\"", 1);
  }
  nep_buf_secret_add(out, "}", 1);
}

static nep_status save(const nep_arguments *a, const nep_group *g, const credential_list *l,
                       nep_error *err)
{
  const char *folder = nep_option(a, "out"), *uuid = nep_option(a, "uuid");
  nep_buf secret = {0}, public = {0};
  char *secret_path = NULL, *public_path = NULL;
  write_private(l, &secret);
  nep_status s = nep_credentials_make(g, l->texts, NULL, l->n, &public, err);
  if (s == NEP_OK)
    s = nep_cli_path(folder, uuid, ".privcreds", &secret_path, err);
  if (s == NEP_OK)
    s = nep_cli_path(folder, uuid, ".pubcreds", &public_path, err);
  if (s == NEP_OK)
    s = nep_cli_save_both(secret_path, nep_buf_bytes(&secret), public_path, nep_buf_bytes(&public),
                          err);
  if (s == NEP_OK)
    printf("secret  %s\npublic  %s\n", secret_path, public_path);
  free(public_path);
  free(secret_path);
  nep_buf_free(&public);
  nep_buf_wipe(&secret);
  return s;
}

static nep_status make(const nep_arguments *a, nep_error *err)
{
  const char *group = nep_option(a, "group"), *uuid = nep_option(a, "uuid");
  const nep_group *g = nep_group_find(group, strlen(group));
  unsigned long n = 0;
  if (!g)
    return nep_fail(err, NEP_E_INPUT, "group", "--group", "%s is no group", group);
  if (!nep_uuid_is_valid(uuid, strlen(uuid)))
    return nep_fail(err, NEP_E_INPUT, "uuid", "--uuid", "expected 14 to 64 Base58 characters");
  nep_status s = nep_option_number(a, "count", 1, 1000000, 0, &n, err);
  if (s != NEP_OK)
    return s;
  credential_list l = {.n = n};
  l.secret = nep_alloc(n, sizeof *l.secret);
  l.public = nep_alloc(n, sizeof *l.public);
  l.texts = nep_alloc(n, sizeof *l.texts);
  for (size_t i = 0; i < n; i++) {
    make_credential(g, uuid, l.secret[i], l.public[i]);
    l.texts[i] = l.public[i];
  }
  s = save(a, g, &l, err);
  nep_wipe(l.secret, n * sizeof *l.secret);
  free(l.texts);
  free(l.public);
  free(l.secret);
  return s;
}

int nep_tally_credentials_command(const nep_arguments *a)
{
  nep_error err = {0};
  return nep_cli_end(make(a, &err), &err);
}
