/* nep-tally registry open: one auditor's part of opening the sealed registrations. */
#include <stdio.h>

#include "base/memory.h"
#include "protocol/ceremony.h"
#include "tally/registry_files.h"
#include "tally/tally_commands.h"

enum { DKEY_MAX = 4 << 20 };

typedef struct auditor {
  nep_scalar x, signing_key;
  size_t owner;
} auditor;

static nep_status read_secret(const nep_arguments *a, const nep_trustees *auditors, auditor *out,
                              nep_error *err)
{
  nep_buf seed = {0}, dkey = {0};
  nep_status s = nep_cli_seed(nep_option(a, "key"), &seed, err);
  if (s == NEP_OK && nep_option(a, "dkey"))
    s = nep_cli_text(nep_option(a, "dkey"), DKEY_MAX, &dkey, err);
  if (s == NEP_OK)
    s = nep_trustee_key(auditors, seed.data, nep_buf_bytes(&dkey), &out->x, &out->signing_key,
                        &out->owner, err);
  nep_buf_wipe(&dkey);
  nep_buf_wipe(&seed);
  return s;
}

/* A faulty machine must not hand out a wrong share: what was made is verified like any other. */
static nep_status make(const nep_arguments *a, const nep_registry *r, const nep_trustees *auditors,
                       const auditor *me, nep_error *err)
{
  nep_registry_share *share = NULL;
  nep_buf text = {0};
  nep_registry_share_make(r, me->owner, &me->x, &text);
  nep_status s = nep_registry_share_verify(r, auditors, nep_buf_bytes(&text), &share, err);
  if (s == NEP_OK)
    s = nep_cli_save(nep_option(a, "out"), nep_buf_bytes(&text), true, err);
  nep_registry_share_free(share);
  nep_buf_wipe(&text);
  return s;
}

int nep_tally_registry_open_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_registry *registry = NULL;
  nep_trust *trust = NULL;
  auditor me = {.owner = 0};
  nep_status s = nep_registry_files(a, &registry, &trust, &err);
  if (s == NEP_OK)
    s = read_secret(a, trust->audit, &me, &err);
  if (s == NEP_OK)
    s = make(a, registry, trust->audit, &me, &err);
  if (s == NEP_OK)
    printf("export       %s\nauditor      %zu\nboxes        %zu\nshare        %s\n"
           "Only together with the shares of enough other auditors does it open the boxes.\n",
           registry->hash, me.owner, registry->n_entries, nep_option(a, "out"));
  nep_wipe(&me, sizeof me);
  nep_trust_free(trust);
  nep_registry_free(registry);
  return nep_cli_end(s, &err);
}
