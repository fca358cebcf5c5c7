/* A small event for tests: two archives, one of them with a fault, and files changed byte by byte.
 */
#ifndef NEP_TESTS_EVENT_FIXTURE_H
#define NEP_TESTS_EVENT_FIXTURE_H

#include "tally/event_report.h"

#define GOOD NEP_TEST_VECTORS "/positive/Ed25519-single/election.bel"
#define BAD NEP_TEST_VECTORS "/negative/ciphertext-tampered.bel"

/* Part 2 of 3 of the event of GOOD and BAD. nep_event_report_free. */
void fixture_report(nep_event_report *out);

/* Without waiting for the disk. */
void fixture_write(const char *path, const char *data, size_t len);
/* Calls `refused` for the file at `path` with each byte changed in turn, and cut off at each length
   below len. `data` is what belongs there. */
void fixture_alter(const char *path, const char *data, size_t len,
                   void (*refused)(const char *path));

#endif
