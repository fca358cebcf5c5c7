/* The key ceremony of protocol.md §7, step by step, for the tests that hold one. */
#ifndef NEP_TESTS_CEREMONY_STEPS_H
#define NEP_TESTS_CEREMONY_STEPS_H

#include "crypto/keys.h"
#include "tests/unit/protocol/fixture.h"

enum { CEREMONY_MEMBERS = 3 };

/* A whole ceremony of 3 with 2 needed; lists hold one entry per member. */
typedef struct ceremony {
  const nep_group *group;
  char seed[CEREMONY_MEMBERS][NEP_SEED_LENGTH + 1];
  nep_buf context, cert[CEREMONY_MEMBERS], polynomial[CEREMONY_MEMBERS], vinput[CEREMONY_MEMBERS],
      voutput[CEREMONY_MEMBERS], dkey[CEREMONY_MEMBERS], threshold;
} ceremony;

/* All entries, one a line. Ended by the caller. */
nep_buf ceremony_lines(const nep_buf list[CEREMONY_MEMBERS]);
/* Steps 1 to 3, and 4 to 6. */
void ceremony_begin(ceremony *c, const nep_group *g);
void ceremony_finish(ceremony *c);
void ceremony_end(ceremony *c);
/* What member i, from 0, gets and makes; and what is made of everybody's. */
nep_status ceremony_vinput(const ceremony *c, size_t i, nep_buf *out, nep_error *err);
nep_status ceremony_voutput(const ceremony *c, nep_bytes input, size_t i, nep_buf *out,
                            nep_error *err);
nep_status ceremony_parameters(const ceremony *c, nep_buf *out, nep_error *err);

void must_succeed(nep_status status, const nep_error *err);
/* A refusal that names the code, and somewhere the culprit. */
void must_refuse(nep_status status, const nep_error *err, const char *code, const char *names);
/* The list, which must hold; freed by the caller. */
nep_trustees *verified_trustees(const nep_group *g, nep_bytes text);

#endif
