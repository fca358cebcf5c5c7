/* From a batch of verified ballots to an answer for each. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "server/service/cast.h"

static void fail_all(const nep_cast_batch *b, const nep_error *err)
{
  for (size_t i = 0; i < b->n; i++)
    nep_cast_fail(b->service, b->casts[i], err);
}

/* Moves those that were left behind the others, in the same order; returns how many the others
   are. */
static size_t put_left_last(nep_cast_batch *b)
{
  size_t done = 0, left = 0;
  nep_cast **behind = nep_alloc(b->n, sizeof *behind);
  for (size_t i = 0; i < b->n; i++) {
    if (b->casts[i]->fate == NEP_CAST_LEFT)
      behind[left++] = b->casts[i];
    else
      b->casts[done++] = b->casts[i];
  }
  memcpy(b->casts + done, behind, left * sizeof *behind);
  free(behind);
  return done;
}

/* How many at the front are of one election. */
static size_t of_one_election(const nep_cast_batch *b)
{
  size_t n = 1;
  while (n < b->n && strcmp(b->casts[n]->uuid, b->casts[0]->uuid) == 0)
    n++;
  return n;
}

static void fail_left(nep_cast_batch *left)
{
  nep_error err = {0};
  (void)nep_fail(&err, NEP_E_INTERNAL, "cast-left", "ballot", "the transaction did not decide");
  fail_all(left, &err);
  left->n = 0;
}

static void nobody(void *ctx)
{
  (void)ctx;
}

/* One that cannot be stored never fails its neighbours: when a transaction of many is refused, each
   gets its own. */
static void store_each(const nep_cast_batch *b)
{
  for (size_t i = 0; i < b->n; i++)
    nep_cast_store(&(nep_cast_batch){b->service, &b->casts[i], 1}, nobody, NULL);
}

/* The transaction is over: what was left stays in *b, the others are answered. */
static void answer_decided(nep_cast_batch *b, bool alone, nep_cast_decided *decided, void *ctx)
{
  nep_cast_batch all = *b;
  size_t done = put_left_last(&all);
  *b = (nep_cast_batch){all.service, all.casts + done, all.n - done};
  if (alone && b->n > 0) /* what is alone is held or fails */
    fail_left(b);
  decided(ctx);
  all.n = done;
  nep_cast_answer(&all);
}

void nep_cast_store(nep_cast_batch *b, nep_cast_decided *decided, void *ctx)
{
  nep_error err = {0};
  nep_cast_batch all = *b;
  nep_status st = nep_cast_commit(b, &err);
  if (st == NEP_OK) {
    answer_decided(b, of_one_election(b) == b->n, decided, ctx);
    return;
  }
  b->n = 0;
  if (all.n > 1 && st != NEP_E_IO && st != NEP_E_BUSY) {
    store_each(&all);
    decided(ctx);
  } else {
    decided(ctx);
    fail_all(&all, &err);
  }
}

void nep_cast_store_left(nep_cast_batch *left, nep_cast_decided *decided, void *ctx)
{
  nep_cast_batch first = *left;
  first.n = of_one_election(left);
  left->casts += first.n;
  left->n -= first.n;
  nep_cast_store(&first, decided, ctx);
}
