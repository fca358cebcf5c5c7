/* Ballots (protocol.md §9): read, verify, make. */
#ifndef NEP_PROTOCOL_BALLOT_H
#define NEP_PROTOCOL_BALLOT_H

#include "protocol/credentials.h"
#include "protocol/election.h"

/* A parsed ballot. Shapes: answers[q].choices has nep_question_choices(q) entries when shaped. */
typedef struct nep_answer {
  nep_ciphertext *choices;
  size_t n_choices;
  nep_proof (*individual)[2];
  size_t n_individual;
  nep_proof *overall;
  size_t n_overall;
  nep_proof blank[2];
  bool has_blank;
} nep_answer;

typedef struct nep_ballot {
  char hash[65];    /* SHA-256 of the text, hex: the tracker's hash */
  char tracker[44]; /* base64 of it */
  char *credential; /* text */
  nep_answer *answers;
  size_t n_answers;
  json_t *json;
} nep_ballot;

enum { NEP_CAST_SEQUENCE_MAX = 999999999 };

/* Upper bounds of the length of any ballot text of this election, and of the cast statement that
   travels with it (records/cast_statement.h): every scalar, element and number at its longest. A16:
   casting requests hold both and are padded with spaces to nep_ballot_envelope bytes, which is
   their bound rounded up to a multiple of 512. */
size_t nep_ballot_longest(const nep_election *e);
size_t nep_cast_statement_longest(const nep_election *e);
size_t nep_ballot_envelope(const nep_election *e);

/* Parses canonical text: codes ballot-noncanonical, ballot-parse, ballot-shape, ballot-election,
   found as the reference verifier finds them. *out may be set together with faults (the ciphertexts
   could still be read); NULL when nothing can be used. nep_ballot_free. */
void nep_ballot_parse(const nep_election *e, nep_bytes text, const char *object, nep_ballot **out,
                      nep_findings *f);
void nep_ballot_free(nep_ballot *b); /* NULL allowed */

/* Everything about one ballot that needs no other ballot (Appendix item 3): parse, uuid and phi,
   credential in the list, signature, shape, membership, all proofs; adds to *f and counts the
   checks. `object` names the ballot in faults ("ballot 3"). *out as above; *place is the
   credential's place in the list, SIZE_MAX when it is not there. True when no fault was found.
   Thread-safe. */
bool nep_ballot_verify(const nep_election *e, const nep_credentials *c, nep_bytes text,
                       const char *object, nep_ballot **out, size_t *place, nep_findings *f);

/* A text that travels with a ballot and is to be signed by the ballot's credential. */
typedef struct nep_signed_beside {
  const char *tag; /* of the signature's purpose; NULL: there is no such text */
  nep_bytes text;
  nep_proof signature;
  bool holds; /* result; false when the ballot's own checks ended before its signature */
} nep_signed_beside;

/* Several ballots at once, of one election or of several in the same group, which is faster; each
   gets exactly what nep_ballot_verify would find. */
typedef struct nep_ballot_check {
  const nep_election *election;
  const nep_credentials *credentials;
  nep_bytes text;
  const char *object;
  nep_findings *findings; /* of this ballot alone, without what is beside it */
  nep_signed_beside beside;
  nep_ballot *ballot; /* results: nep_ballot_free */
  size_t place;
  bool sound; /* no fault was found */
} nep_ballot_check;
void nep_ballots_verify(nep_ballot_check *ballots, size_t n);

/* For a ballot that was found sound before: reads it and finds its credential, and counts the
   proofs as checks without running them. Their number; 0 when it is not as it must have been, and
   then it is to be verified. *f is empty before. */
NEP_MUST_USE uint64_t nep_ballot_take_over(const nep_election *e, const nep_credentials *c,
                                           nep_bytes text, const char *object, nep_ballot **out,
                                           size_t *place, nep_findings *f);

/* A voter's choices for one question: chosen[i] is 0 or 1 for each answer; blank excludes all.
   Secret: wiped by the caller. */
typedef struct nep_choice {
  bool blank;
  unsigned char chosen[NEP_ANSWERS_MAX];
} nep_choice;

/* Checks choices against the question's rules: named refusals (too many, too few, blank not
 * allowed). */
NEP_MUST_USE nep_status nep_choice_check(const nep_election *e, const nep_choice *choices,
                                         nep_error *err);

enum { NEP_BALLOT_SEED = NEP_STREAM_SEED };

/* Cast or challenge: first the message that a ballot signs, whose every random number comes from
   the secret seed, so that a device which reveals choices and seed can be held to the message. The
   public credential is an element text. Appends the canonical message. */
NEP_MUST_USE nep_status nep_ballot_prepare(const nep_election *e, const char *credential,
                                           const nep_choice *choices,
                                           const uint8_t seed[NEP_BALLOT_SEED], nep_buf *message,
                                           nep_error *err);
/* The code that a device shows for a message before it is cast or challenged: base64 of
   SHA-256(tag || 00 || message). */
void nep_ballot_code(nep_bytes message, char code[44]);
/* Then the ballot: signs a message of this election and this private credential. */
NEP_MUST_USE nep_status nep_ballot_sign(const nep_election *e, const char *credential,
                                        nep_bytes message, nep_buf *out, nep_error *err);
/* Private key (to be wiped) and public text of a private credential in this election. */
NEP_MUST_USE nep_status nep_ballot_credential(const nep_election *e, const char *credential,
                                              nep_scalar *key, char text[NEP_ELEMENT_TEXT_MAX],
                                              nep_error *err);

/* Both at once, for a ballot that is not to be challenged: appends the ballot text made with the
   private credential (25 characters). n_questions choices. */
NEP_MUST_USE nep_status nep_ballot_make(const nep_election *e, const char *credential,
                                        const nep_choice *choices, nep_buf *out, nep_error *err);

#endif
