/* nep-admin keygen: an official's signing key. */
#include <stdio.h>

#include "base/lang.h"
#include "client-cli/admin.h"

nep_status nep_admin_keygen(nep_admin *a, nep_error *err)
{
  char public[NEP_PUBLIC_KEY_HEX + 1];
  if (a->out == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", "--out", _("is needed: the file for the key"));
  nep_signing_key *key = nep_signing_key_new();
  nep_status status = nep_signing_key_save(key, a->out, err);
  nep_signing_key_public(key, public);
  nep_signing_key_free(key);
  if (status == NEP_OK)
    puts(public);
  return status;
}
