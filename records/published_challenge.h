/* A challenge on its way to the board of challenges: {"challenge":C,"proof":P}. C is the challenge
   (records/challenge.h) to the byte, P a signature {"challenge","response"} of the challenged
   credential, tag NEP-1-challenge over {"uuid","election_hash","challenge":SHA-256 of C in hex}: so
   that nobody fills the places of another credential. P signs no ballot, and nothing else. */
#ifndef NEP_RECORDS_PUBLISHED_CHALLENGE_H
#define NEP_RECORDS_PUBLISHED_CHALLENGE_H

#include "records/challenge.h"

enum {
  NEP_PUBLISHED_CASTS = 2, /* A16: a request has so many casting lengths, spaces behind the body */
  NEP_CHALLENGES_OF_A_CREDENTIAL = 16,          /* on the board of one election */
  NEP_PUBLISHED_MAX = NEP_CHALLENGE_MAX + 16384 /* bytes of a body */
};

/* The length of every request of the election. */
size_t nep_published_length(const nep_election *e);

/* Appends the body without its padding. `key` is the challenged credential's. */
void nep_published_make(const nep_election *e, const nep_scalar *key, nep_bytes challenge,
                        nep_buf *out);

/* The same padded to nep_published_length; NEP_E_INPUT "challenge-length" when it is longer. */
NEP_MUST_USE nep_status nep_published_request(const nep_election *e, const nep_scalar *key,
                                              nep_bytes challenge, nep_buf *out, nep_error *err);

/* Everything about a body that needs no other ballot or challenge: its form, this election, a
   credential of the list, its proof; then what nep_ballot_challenge_verify finds without a code
   seen, which is dear and so comes last, and only when all else held. Faults besides those:
   challenge-credential, challenge-proof. `claims` (verified when no fault was found) and `choices`
   (nep_choices_new) are filled. */
void nep_published_verify(const nep_election *e, const nep_credentials *c, nep_bytes body,
                          nep_challenge_claims *claims, nep_choice *choices, nep_findings *f);

#endif
