/* What a trust file asks of an election's list of credentials, besides the number of votes in the
 * end. */
#ifndef NEP_RECORDS_TRUST_LIST_H
#define NEP_RECORDS_TRUST_LIST_H

#include "protocol/credentials.h"
#include "records/trust.h"

/* Trustees decrypt no tally of a list with weights that the trust file does not expect (code
   "weights") or with fewer credentials than voters that it wants counted ("too-few-credentials"):
   such a list must not be frozen and voted on either. */
NEP_MUST_USE nep_status nep_trust_list_check(const nep_trust *trust, const nep_credentials *list,
                                             nep_error *err);

#endif
