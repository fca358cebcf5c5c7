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
   to it: the one in the file and the one that the voter wrote down (NULL: nobody did, and that
   check is not run). Faults: challenge-parse, challenge-election, challenge-choices,
   challenge-message, challenge-code. `choices` gets what the code contained (nep_choices_new); it
   means something only when no fault was found. */
void nep_ballot_challenge_verify(const nep_election *e, nep_bytes text, const char *code_seen,
                                 nep_choice *choices, nep_findings *f);

/* What a challenge says of itself; nothing of it is verified. */
typedef struct nep_challenge_claims {
  char uuid[65], election_hash[65];
  char credential[NEP_ELEMENT_TEXT_MAX];
  char message[65]; /* SHA-256 of the message, hex: nep_ballot_message_hash of a ballot with it */
} nep_challenge_claims;

/* Reads canonical text. Codes "noncanonical", "shape" and those of JSON. */
NEP_MUST_USE nep_status nep_challenge_read(nep_bytes text, nep_challenge_claims *out,
                                           nep_error *err);

/* SHA-256 of the message in the text of a ballot that nep_ballot_verify found sound, hex. A message
   can be signed more than once, so the hash of the ballot does not tell. */
void nep_ballot_message_hash(nep_bytes ballot, char hash[65]);

#endif
