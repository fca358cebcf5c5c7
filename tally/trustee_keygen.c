/* nep-trustee keygen: a single trustee's key (protocol.md §7). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "tally/trustee_commands.h"

static nep_status make(const nep_arguments *a, nep_error *err)
{
  const char *group = nep_option(a, "group");
  const nep_group *g = nep_group_find(group, strlen(group));
  char seed[NEP_SEED_LENGTH + 1], id[9], *secret = NULL, *public = NULL;
  nep_buf text = {0};
  if (!g)
    return nep_fail(err, NEP_E_INPUT, "group", "--group", "%s is no group", group);
  nep_random_base58(seed, NEP_SEED_LENGTH);
  nep_single_public_key(g, seed, nep_option(a, "name"), &text, id);
  nep_status s = nep_cli_path(nep_option(a, "out"), id, ".privkey", &secret, err);
  if (s == NEP_OK)
    s = nep_cli_path(nep_option(a, "out"), id, ".pubkey", &public, err);
  if (s == NEP_OK)
    s = nep_cli_save(secret, nep_str_bytes(seed), true, err);
  if (s == NEP_OK)
    s = nep_cli_save(public, nep_buf_bytes(&text), false, err);
  if (s == NEP_OK)
    printf("%s\nsecret  %s\npublic  %s\n", id, secret, public);
  free(public);
  free(secret);
  nep_buf_free(&text);
  nep_wipe(seed, sizeof seed);
  return s;
}

int nep_trustee_keygen_command(const nep_arguments *a)
{
  nep_error err = {0};
  return nep_cli_end(make(a, &err), &err);
}
