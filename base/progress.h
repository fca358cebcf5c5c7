/* Progress of long work: one line on standard error, only on a terminal, at most ten times a
 * second. */
#ifndef NEP_BASE_PROGRESS_H
#define NEP_BASE_PROGRESS_H

#include <stdint.h>

typedef struct nep_progress {
  const char *what; /* borrowed */
  uint64_t total;   /* 0 when unknown */
  int64_t started_ms;
  int64_t shown_ms;
  int visible;
} nep_progress;

void nep_progress_start(nep_progress *p, const char *what, uint64_t total);

/* `done` of total; prints rate and time left. Cheap to call often; call from one thread. */
void nep_progress_step(nep_progress *p, uint64_t done);

/* Removes the line. */
void nep_progress_end(nep_progress *p);

#endif
