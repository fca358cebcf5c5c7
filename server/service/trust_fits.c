#include "server/service/trust_fits.h"

#include <string.h>

static nep_status same(const char *field, const char *pinned, const char *own, const char *of,
                       nep_error *err)
{
  if (strcmp(pinned, own) == 0)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_CHECK, "trust", field, "it says %s, but %s is %s", pinned, of, own);
  return nep_advise(err,
                    "set the server right, or make the trust file anew: once an election has it, "
                    "it is never replaced");
}

nep_status nep_trust_fits(nep_service *s, const nep_trust *trust, nep_error *err)
{
  const nep_idtoken_policy *own = &s->config.id_policy;
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_status st = nep_signer_public_key(s->signer, key, err);
  if (st == NEP_OK)
    st = same("trust.receipts", trust->receipts, key, "the key of nep-signer", err);
  if (st == NEP_OK)
    st = same("trust.identity.issuer", trust->issuer, own->issuer, "[identity] issuer", err);
  if (st == NEP_OK)
    st =
        same("trust.identity.audience", trust->audience, own->audience, "[identity] audience", err);
  if (st == NEP_OK)
    st = same("trust.identity.claim", trust->claim, own->roll_claim, "[identity] roll_claim", err);
  return st;
}
