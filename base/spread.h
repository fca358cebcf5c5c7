/* Work that falls into pieces, on several threads. */
#ifndef NEP_BASE_SPREAD_H
#define NEP_BASE_SPREAD_H

#include <stddef.h>

#include "base/status.h"

/* The threads asked for; when that is 0, one for each processor that is ready. At least 1. */
unsigned nep_jobs(unsigned asked);

/* Thread number k < n of n alike is given the (k + 1)th of the processors that it may run on as its
   own, over again where n are more. Nothing changes when n are fewer, or the system refuses. */
void nep_thread_bind(unsigned k, unsigned n);

/* Work on piece i of 0 <= i < n. Runs beside other pieces of the same ctx, in any order. */
typedef nep_status nep_piece(void *ctx, size_t i, nep_error *err);

/* Works on n pieces with nep_jobs(jobs) threads, the caller's among them; when no
   other thread can be started, the caller's does everything. After a failure no further piece is
   begun; the first failure is the result. Everything that the pieces wrote is seen by the caller
   afterwards. */
NEP_MUST_USE nep_status nep_spread(size_t n, unsigned jobs, nep_piece *work, void *ctx,
                                   nep_error *err);

#endif
