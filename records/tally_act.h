/* The tally act: officials and observers whose keys are pinned by the trust file name the one tally
   of an election that trustees may decrypt (A24). Envelope with tag NEP-1-tally-act over
   {"uuid","election_hash","setup_hash","end_ballots","tally_hash","closes","trust","time"}. */
#ifndef NEP_RECORDS_TALLY_ACT_H
#define NEP_RECORDS_TALLY_ACT_H

#include "records/trust.h"

typedef struct nep_tally_act {
  char uuid[65];
  char election_hash[65];
  char setup_hash[65];
  char end_ballots[65]; /* hash of the EndBallots event: with it the whole chain before */
  char tally_hash[65];  /* of the encrypted tally's text */
  char closes[21];      /* the calendar's end of voting */
  char trust[65];       /* nep_trust.hash */
  char time[21];        /* when it was signed */
} nep_tally_act;

void nep_tally_act_write(const nep_tally_act *act, nep_buf *message);

/* One envelope: its form, its signature by a pinned official or observer, and every field but the
   time against `expected`. With expected->closes "" the first act's counts: it is copied there, and
   the following ones must name the same. Codes "envelope", "signature", "tally-act", "not-pinned".
 */
NEP_MUST_USE nep_status nep_tally_act_verify(nep_bytes envelope, const nep_trust *trust,
                                             nep_tally_act *expected, nep_role *role,
                                             const nep_pinned **signer, nep_error *err);

/* All of a list, and that as many different officials and observers signed as the trust file asks
   for: code "too-few-acts". One bad envelope refuses the list. */
NEP_MUST_USE nep_status nep_tally_acts_verify(const nep_bytes *envelopes, size_t n,
                                              const nep_trust *trust, nep_tally_act *expected,
                                              nep_error *err);

#endif
