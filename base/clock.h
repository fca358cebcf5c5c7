/* Time: UTC, RFC 3339. */
#ifndef NEP_BASE_CLOCK_H
#define NEP_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/* Seconds since 1970-01-01 UTC. */
int64_t nep_clock_now(void);

/* Monotonic milliseconds, for deadlines. */
int64_t nep_clock_ms(void);

/* "2026-11-23T07:00:00Z"; out has 21 bytes. */
void nep_clock_text(int64_t seconds, char out[21]);

/* Reads exactly that form; false when malformed or not a calendar date. */
NEP_MUST_USE bool nep_clock_parse(const char *text, int64_t *seconds);

#endif
