/* What the tests of protocol/ share: the files under tests/vectors, and changes to JSON texts. */
#ifndef NEP_TESTS_UNIT_PROTOCOL_FIXTURE_H
#define NEP_TESTS_UNIT_PROTOCOL_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/ballot.h"
#include "protocol/ceremony.h"
#include "protocol/values.h"
#include "tests/support/run.h"

/* The archives of homomorphic elections under tests/vectors/positive. */
enum { FIXTURES = 9 };
extern const char *const fixture_names[FIXTURES];

/* A file under tests/vectors; the test fails when it cannot be read. Newlines at the end are cut.
 */
nep_buf read_vector(const char *fmt, ...) NEP_PRINTF(1, 2);

/* The data of an archive that these tests need, without the chain. */
typedef struct fixture {
  nep_buf archive;
  nep_bytes election_text, trustees_text, credentials_text;
  nep_bytes ballots[64];
  size_t n_ballots;
  nep_election *election;
  nep_credentials *credentials; /* faults in the list are kept in `findings` */
  nep_findings findings;
} fixture;

/* "positive/Ed25519-single/election.bel" */
fixture *fixture_open(const char *path);
void fixture_close(fixture *x);

/* A new election with one credential per voter, made here. */
typedef struct polling {
  nep_election *election;
  nep_credentials *list;
  char credential[3][NEP_CREDENTIAL_LENGTH + 1];
  char public_key[3][NEP_ELEMENT_TEXT_MAX];
} polling;
enum { VOTERS = 3 };
/* `questions` is the JSON list of a template. */
polling *polling_open(const nep_group *g, const char *questions);
void polling_close(polling *p);
/* A ballot of voter v: the first n answers of each question, or blank where n is 0 and allowed. */
nep_buf polling_ballot(const polling *p, size_t v, size_t n);
/* Signs the changed message with the voter's own credential; the ballot's text. */
nep_buf polling_sign(const polling *p, size_t v, const json_t *message);

/* Verifies; `codes` gets the distinct fault codes in alphabetical order, joined by spaces. */
bool verify_ballot(const nep_election *e, const nep_credentials *c, nep_bytes text,
                   char codes[256]);
void codes_of(const nep_findings *f, char codes[256]);

/* A copy of `text` with the first `from` replaced; the test fails when it is not there. */
nep_buf replaced(nep_bytes text, const char *from, const char *to);
json_t *parsed(nep_bytes text);
nep_buf written(const json_t *value);
nep_buf copied(nep_bytes text);
nep_bytes slice(nep_bytes text, size_t from, size_t len);

/* A7: texts that are no admissible key or credential, made from the admissible one `good`. NULL
   ends the list; each is freed by the caller. */
enum { BAD_ELEMENTS = 16 };
void bad_elements(const nep_group *g, const char *good, char *out[BAD_ELEMENTS]);

#endif
