/* The election definition (protocol.md §8). */
#ifndef NEP_PROTOCOL_ELECTION_H
#define NEP_PROTOCOL_ELECTION_H

#include "crypto/proof.h"
#include "protocol/findings.h"
#include "protocol/json.h"

enum {
  NEP_ELECTION_TEXT_MAX = 1 << 20, /* bytes of an election or template text */
  NEP_QUESTIONS_MAX = 64,
  NEP_ANSWERS_MAX = 256
};

typedef struct nep_question {
  char *title;
  char **answers;
  size_t n_answers;
  bool blank;
  unsigned min, max; /* 0 <= min <= max <= n_answers; ours have max >= 1 */
} nep_question;

/* Ciphertexts of a question: n_answers, and one more for the blank bit, which comes first. */
size_t nep_question_choices(const nep_question *q);

typedef struct nep_election {
  char *text; /* canonical, NUL-terminated, as it stands in the archive */
  size_t text_len;
  char phi[65]; /* protocol.md §8: SHA-256 of text, hex */
  char *uuid, *name, *description, *administrator;
  const nep_group *group;
  nep_key *key; /* the election's public key y with its tables */
  nep_question *questions;
  size_t n_questions;
} nep_election;

/* Canonical text of a definition, checked as Appendix item 2 says (the key against the trustees is
   nep_trustees' business). Lists and NonHomomorphic questions: NEP_E_UNSUPPORTED "unsupported".
   *out is new (nep_election_free). */
NEP_MUST_USE nep_status nep_election_parse(nep_bytes text, nep_election **out, nep_error *err);
void nep_election_free(nep_election *e); /* NULL allowed */

/* Canonical election text from a template (the fields without version, group, public_key, uuid, in
   any order and spacing). Everything that nep_election_parse checks is checked here too. */
NEP_MUST_USE nep_status nep_election_make(nep_bytes template_json, const nep_group *g,
                                          const nep_element *public_key, const char *uuid,
                                          nep_buf *out, nep_error *err);

/* At least 14 Base58 characters (at most 64). */
bool nep_uuid_is_valid(const char *uuid, size_t len);

#endif
