/* The freeze act: officials whose keys are pinned by the trust file sign what an election is from
   now on (A25). Envelope with tag NEP-1-freeze over {"uuid","election_hash","trustees_hash",
   "credentials_hash","setup_hash","trust","time"}. */
#ifndef NEP_RECORDS_FREEZE_ACT_H
#define NEP_RECORDS_FREEZE_ACT_H

#include "records/trust.h"

typedef struct nep_freeze_act {
  char uuid[65];
  char election_hash[65];
  char trustees_hash[65];
  char credentials_hash[65];
  char setup_hash[65];
  char trust[65]; /* nep_trust.hash */
  char time[21];  /* when it was signed */
} nep_freeze_act;

/* The act that a setup needs, from the exact texts of its parts; `time` is now. */
void nep_freeze_act_fill(const char *uuid, nep_bytes definition, nep_bytes trustees,
                         nep_bytes credentials, const char *trust_hash, nep_freeze_act *out);
void nep_freeze_act_write(const nep_freeze_act *act, nep_buf *message);

/* One envelope: its form, its signature by a pinned official, and every field but the time against
   `expected`. *signer is borrowed from the trust file. Codes "envelope", "signature", "freeze-act",
   "not-pinned". */
NEP_MUST_USE nep_status nep_freeze_act_verify(nep_bytes envelope, const nep_trust *trust,
                                              const nep_freeze_act *expected,
                                              const nep_pinned **signer, nep_error *err);

/* All of a list, and that as many different officials signed as the trust file asks for: code
   "too-few-acts". One bad envelope refuses the list. */
NEP_MUST_USE nep_status nep_freeze_acts_verify(const nep_bytes *envelopes, size_t n,
                                               const nep_trust *trust,
                                               const nep_freeze_act *expected, nep_error *err);

#endif
