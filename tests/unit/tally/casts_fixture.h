/* Cast statements for tests of disputes: the voter at heights 3 and 10 of the record voted twice;
   we hold every credential, so we can be any lying voter too. */
#ifndef NEP_TESTS_CASTS_FIXTURE_H
#define NEP_TESTS_CASTS_FIXTURE_H

#include "tests/unit/tally/dispute_fixture.h"

enum { FIRST = 3, SECOND = 10, OTHER = 4 /* heights */ };
#define BOTH "--published casts --published whole.bel"

extern char mine[NEP_CREDENTIAL_LENGTH + 1]; /* private, of FIRST and SECOND */

void casts_start(
    void); /* with dispute_start; saves "whole.bel", and "first", the ballot at FIRST */
void casts_end(void);

/* The private credential of the ballot at this height. */
void credential_of(size_t height, char credential[NEP_CREDENTIAL_LENGTH + 1]);
/* Signed by that private credential about the ballot with this hash. */
void save_statement(const char *name, const char *credential, const char *ballot, int64_t sequence);
/* Another ballot of the voter, which is not in the record; its hash. */
void save_new_ballot(const char *name, char hash[65]);

typedef struct casts {
  int64_t first, second; /* numbers of the voter's two ballots */
  size_t n;              /* statements */
  int64_t timestamp;
  bool wrong_ballot, wrong_key; /* of the statement at OTHER */
} casts;
casts honest(void);
void save_casts(const char *name, const casts *c);
void save_honest_casts(void); /* "casts" */
/* From "casts": the statement about the ballot at this height (one made again has another
   signature); the first n statements as a file. */
void save_stored(const char *name, size_t height);
void save_shorter(const char *name, size_t n);

/* As expect, and whom it is about. */
void expect_who(const char *files, int exit_code, const char *code, const char *who);

#endif
