/* The two ways of reading a ballot, compared: for the unit test and for the fuzzer. */
#ifndef NEP_TESTS_FUZZ_SAME_READING_H
#define NEP_TESTS_FUZZ_SAME_READING_H

#include "protocol/ballot.h"

/* NULL when the fast reading and the general one agree on the text in everything: ballot, proofs,
   signed text, findings; else what differs. *whole says whether they took it in full. */
const char *same_reading(const nep_election *e, nep_bytes text, bool *whole);

#endif
