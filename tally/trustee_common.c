#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "tally/trustee_commands.h"

nep_status nep_ceremony_text(const nep_arguments *a, const char *option, nep_buf *out,
                             nep_error *err)
{
  return nep_cli_text(nep_option(a, option), NEP_CEREMONY_TEXT_MAX, out, err);
}

nep_status nep_trustee_secret_read(const nep_arguments *a, const nep_trustees *t,
                                   nep_trustee_secret *out, nep_error *err)
{
  nep_buf seed = {0}, dkey = {0};
  nep_status s = nep_cli_seed(nep_option(a, "key"), &seed, err);
  if (s == NEP_OK && nep_option(a, "dkey"))
    s = nep_cli_text(nep_option(a, "dkey"), NEP_CEREMONY_TEXT_MAX, &dkey, err);
  if (s == NEP_OK)
    s = nep_trustee_key(t, seed.data, nep_buf_bytes(&dkey), &out->x, &out->signing_key, &out->owner,
                        err);
  nep_buf_wipe(&dkey);
  nep_buf_wipe(&seed);
  return s;
}
