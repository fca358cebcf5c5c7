/* A bounded pipeline: things that come one after the other are worked on by several threads, a few
   at a time, and taken out in the order in which they came. The thread that puts them in takes them
   out; it works, too, in place of waiting, while there is a thing that nobody has begun. What comes
   out does not depend on the number of threads. */
#ifndef NEP_BASE_RING_H
#define NEP_BASE_RING_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct nep_ring nep_ring;

enum { NEP_RING_TOGETHER_MAX = 16 };

typedef struct nep_ring_plan {
  size_t size;     /* bytes of a thing: zeros at first, then used again for later ones */
  size_t together; /* so many are worked on at a time if they are there */
  void *ctx;
  /* On n things that came one after the other, beside other threads with others. */
  void (*work)(void *ctx, void *const *things, size_t n);
  /* In their order, by the thread that puts in; what it does not clear, the next thing finds. */
  nep_status (*take)(void *ctx, void *thing, nep_error *err);
  void (*empty)(void *thing); /* frees what a thing holds */
} nep_ring_plan;

/* `jobs` threads, the caller's among them, at least 1; fewer when the system gives no more. The
   memory is that of `together` things, or with several threads four times as many for each. */
nep_ring *nep_ring_new(const nep_ring_plan *plan, unsigned jobs); /* never NULL */
/* Ends the threads; what was not taken is dropped. NULL allowed. */
void nep_ring_free(nep_ring *r);

/* The place of the next thing, to be filled and then put in. When all places are in use the oldest
   thing is taken out first: an error is that of `take`. */
NEP_MUST_USE nep_status nep_ring_next(nep_ring *r, void **thing, nep_error *err);
void nep_ring_put(nep_ring *r);
/* Takes out all that was put in. */
NEP_MUST_USE nep_status nep_ring_drain(nep_ring *r, nep_error *err);

/* Things put in, and things taken out, so far. */
uint64_t nep_ring_count_in(const nep_ring *r);
uint64_t nep_ring_count_out(const nep_ring *r);

#endif
