/* Attack A2 with a really malicious trustee, who also has a credential and casts the very last
   ballot that is counted. It fixes the commitments of its decryption proof first, so it knows the
   challenge, and makes the last ballot such that a factor which is one vote off passes. The
   archive's rules accept ballot and decryption; the second proof must refuse the decryption.

   The shifted ciphertext is that of answer `answer` of the first question, which has no blank vote;
   the result shows one vote more for it. */
#ifndef NEP_TESTS_LYING_TRUSTEE_H
#define NEP_TESTS_LYING_TRUSTEE_H

#include "protocol/ballot.h"
#include "protocol/tally.h"

typedef struct liar {
  size_t owner, answer;
  nep_scalar w, b; /* commitments g^w and before^w g^b, `before` the product of the other ballots */
  nep_scalar challenge;
} liar;

/* `before` is the tally of all other counted ballots. */
void liar_commit(const nep_encrypted_tally *before, const nep_trustees *tr, size_t owner,
                 size_t answer, liar *l);
/* The last ballot: `choices` as the liar likes. Appends its text. */
void liar_ballot(const nep_election *e, const liar *l, const char *credential,
                 const nep_choice *choices, nep_buf *out);
/* The decryption of the tally with that ballot: right but for one factor; signed. */
void liar_decrypt(const nep_encrypted_tally *t, const nep_trustees *tr, const liar *l,
                  const nep_scalar *x, const nep_scalar *signing_key, nep_buf *object,
                  nep_buf *owned);

#endif
