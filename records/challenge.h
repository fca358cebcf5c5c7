/* Cast or challenge: what a device reveals of a ballot that will never be cast (A26). A file of
   canonical JSON
   {"version":1,"uuid","election_hash","credential","code","choices","seed","message"}: the public
   credential, the code that the device showed, the choices, the seed of every random number, and
   the unsigned message. Never a signature and never the private credential. */
#ifndef NEP_RECORDS_CHALLENGE_H
#define NEP_RECORDS_CHALLENGE_H

#include "protocol/ballot.h"
#include "protocol/findings.h"

enum { NEP_CHALLENGE_MAX = 4 << 20 };

/* Appends the file's text for a message that nep_ballot_prepare made of these choices and seed. */
void nep_ballot_challenge_write(const nep_election *e, const char *credential,
                                const nep_choice *choices, const uint8_t seed[NEP_BALLOT_SEED],
                                nep_bytes message, nep_buf *out);

/* Encrypts the revealed choices again with the revealed seed and holds the message and both codes
   to it: the one in the file and the one that the voter wrote down. Faults: challenge-parse,
   challenge-election, challenge-choices, challenge-message, challenge-code. `choices` gets what the
   code contained (nep_choices_new); it means something only when no fault was found. */
void nep_ballot_challenge_verify(const nep_election *e, nep_bytes text, const char *code_seen,
                                 nep_choice *choices, nep_findings *f);

#endif
