#include "records/trust_list.h"

#include <inttypes.h>

/* Who has more than one vote could be singled out by it, and no roll without weights has any. */
static nep_status check_weights(const nep_trust *trust, const nep_credentials *list, nep_error *err)
{
  size_t n = nep_credentials_count(list);
  for (size_t i = 0; !trust->weights && i < n; i++)
    if (nep_credentials_weight(list, i) != 1)
      return nep_fail(err, NEP_E_CHECK, "weights", "credentials",
                      "a credential has the weight %" PRIu64
                      ", and the trust file expects no weights",
                      nep_credentials_weight(list, i));
  return NEP_OK;
}

nep_status nep_trust_list_check(const nep_trust *trust, const nep_credentials *list, nep_error *err)
{
  size_t n = nep_credentials_count(list);
  nep_status st = check_weights(trust, list, err);
  if (st == NEP_OK && n < trust->minimum_count)
    st = nep_fail(err, NEP_E_CHECK, "too-few-credentials", "credentials",
                  "the list has %zu, and the trust file lets no tally of fewer than %" PRIu64
                  " voters be decrypted",
                  n, trust->minimum_count);
  return st;
}
