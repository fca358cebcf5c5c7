/* Work in pieces over threads. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bench/event.h"

typedef struct pieces {
  nep_event_work *work;
  void *ctx;
  size_t n;
  atomic_size_t next;
  atomic_bool failed;
  pthread_mutex_t lock; /* of the following */
  nep_status status;
  nep_error *err;
} pieces;

static void *worker(void *arg)
{
  pieces *p = arg;
  for (size_t i; !atomic_load(&p->failed) && (i = atomic_fetch_add(&p->next, 1)) < p->n;) {
    nep_error err = {0};
    nep_status st = p->work(p->ctx, i, &err);
    if (st == NEP_OK)
      continue;
    pthread_mutex_lock(&p->lock);
    if (!atomic_exchange(&p->failed, true)) {
      p->status = st;
      *p->err = err;
    }
    pthread_mutex_unlock(&p->lock);
  }
  return NULL;
}

nep_status nep_event_spread(const nep_event_plan *plan, size_t n, nep_event_work *work, void *ctx,
                            nep_error *err)
{
  pieces p = {.work = work, .ctx = ctx, .n = n, .err = err, .status = NEP_OK};
  pthread_t *threads = nep_alloc(plan->jobs, sizeof *threads);
  unsigned started = 0;
  pthread_mutex_init(&p.lock, NULL);
  while (started + 1 < plan->jobs && pthread_create(&threads[started], NULL, worker, &p) == 0)
    started++;
  worker(&p);
  for (unsigned i = 0; i < started; i++)
    pthread_join(threads[i], NULL);
  pthread_mutex_destroy(&p.lock);
  free(threads);
  return p.status;
}
