/* Who answers for a ballot paper: the officials' freeze acts and the auditors' verdict that the
   server publishes, held against the pinned trust file. */
#ifndef NEP_CLIENT_PAPER_SIGNED_H
#define NEP_CLIENT_PAPER_SIGNED_H

#include "client-cli/paper.h"
#include "records/registry_verdict.h"

/* Downloads the freeze acts: enough officials of the trust file have signed exactly this
   definition, these trustees and this list of credentials (A25). Codes of
   nep_freeze_acts_verify. */
NEP_MUST_USE nep_status nep_paper_acts(nep_http *h, const nep_paper *paper, const nep_trust *trust,
                                       nep_error *err);

/* Downloads the verdict: an audit signer of the trust file has judged the registry, and the list of
   credentials is the one that came of it. Codes of nep_registry_verdict_check and
   "verdict-counts". */
NEP_MUST_USE nep_status nep_paper_verdict(nep_http *h, const nep_paper *paper,
                                          const nep_trust *trust, nep_registry_verdict *out,
                                          nep_error *err);

#endif
