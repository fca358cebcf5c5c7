/* Inside service/ only: what a freeze asks for, and all that can be checked of it before the
   election is locked. */
#ifndef NEP_SERVER_SERVICE_FREEZE_REQUEST_H
#define NEP_SERVER_SERVICE_FREEZE_REQUEST_H

#include "records/registry_verdict.h"
#include "records/trust.h"
#include "server/service/acts.h"
#include "server/service/envelopes.h"

typedef struct nep_freeze_request {
  json_t *body;
  nep_bytes credentials; /* the list's text, borrowed from the body */
  nep_registry_verdict verdict;
  nep_envelopes acts; /* of officials, over definition, trustees and this list */
  nep_trust *trust;   /* the election's */
  uint64_t listed;    /* credentials in the list */
} nep_freeze_request; /* zero-initialise; nep_freeze_request_free */

/* Reads the request, and holds against the election's trust file: the verdict and who signed it,
   the list that it is about, and the freeze acts of as many officials as are needed (A25). Codes
   "verdict-signer", "verdict-election", "verdict-trust", "verdict-list", "verdict-counts",
   "weights", "too-few-credentials", "freeze-act", "not-pinned", "too-few-acts" and those of
   parsing. */
NEP_MUST_USE nep_status nep_freeze_request_check(nep_act_call *c, nep_freeze_request *z,
                                                 nep_error *err);
void nep_freeze_request_free(nep_freeze_request *z); /* NULL allowed */

#endif
