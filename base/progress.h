/* Progress of long work: one line on standard error, only on a terminal, at most ten times a
 * second. */
#ifndef NEP_BASE_PROGRESS_H
#define NEP_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* How fast work goes on now, from counts and the times at which they were reached; reads no clock.
   What was taken over from an earlier run is counted in no time, and slow parts follow fast ones:
   so the rate is that of the second half of the work so far, and of NEP_PACE_SPAN_MS at most.
   Starts as zeros. */
enum { NEP_PACE_SPAN_MS = 10000, NEP_PACE_EVERY_MS = 100, NEP_PACE_SAMPLES = 128 };
typedef struct nep_pace {
  struct {
    int64_t ms;
    uint64_t done;
  } at[NEP_PACE_SAMPLES]; /* a ring: sample i is at[i % NEP_PACE_SAMPLES] */
  uint64_t n;             /* samples so far */
  int64_t began_ms;       /* the first of them */
} nep_pace;

/* The first count is where this run begins; a smaller one than before begins anew. */
void nep_pace_note(nep_pace *p, int64_t now_ms, uint64_t done);

/* Per second, for the count noted last. 0 when it has not grown yet; while it stands still the rate
   sinks, but not to 0. */
double nep_pace_rate(const nep_pace *p, int64_t now_ms, uint64_t done);

/* False when it cannot be told: nothing done, no total, more done than the total. */
bool nep_pace_left(const nep_pace *p, int64_t now_ms, uint64_t done, uint64_t total,
                   double *seconds);

typedef struct nep_progress {
  const char *what; /* borrowed */
  uint64_t total;   /* 0 when unknown */
  uint64_t done;    /* so far */
  int64_t shown_ms;
  nep_pace pace;
  int visible;
} nep_progress;

void nep_progress_start(nep_progress *p, const char *what, uint64_t total);

/* `done` of total; prints rate and time left. Cheap to call often; call from one thread. */
void nep_progress_step(nep_progress *p, uint64_t done);

/* The same with n more than before; what readers of files call, so `progress` is a nep_progress. */
void nep_progress_grow(void *progress, uint64_t n);

/* Removes the line. */
void nep_progress_end(nep_progress *p);

#endif
