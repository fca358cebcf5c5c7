#include "base/spread.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

unsigned nep_jobs(unsigned asked)
{
  if (asked > 0)
    return asked;
  long processors = sysconf(_SC_NPROCESSORS_ONLN); /* reads a file */
  return processors > 0 ? (unsigned)processors : 1;
}

void nep_thread_bind(unsigned k, unsigned n)
{
  cpu_set_t allowed, own;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || n < (unsigned)CPU_COUNT(&allowed))
    return;
  unsigned skip = k % (unsigned)CPU_COUNT(&allowed);
  size_t cpu = 0;
  while (!CPU_ISSET(cpu, &allowed) || skip-- > 0)
    cpu++;
  CPU_ZERO(&own);
  CPU_SET(cpu, &own);
  (void)sched_setaffinity(0, sizeof own, &own);
}

typedef struct pieces {
  nep_piece *work;
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
      if (p->err)
        *p->err = err;
    }
    pthread_mutex_unlock(&p->lock);
  }
  return NULL;
}

/* Threads beside the caller's: no more than find a piece. */
static size_t helpers(size_t n, unsigned jobs)
{
  size_t wanted = nep_jobs(jobs) - 1;
  return wanted < n ? wanted : n > 0 ? n - 1 : 0;
}

nep_status nep_spread(size_t n, unsigned jobs, nep_piece *work, void *ctx, nep_error *err)
{
  pieces p = {.work = work, .ctx = ctx, .n = n, .err = err, .status = NEP_OK};
  size_t wanted = helpers(n, jobs), started = 0;
  pthread_t *threads = nep_alloc(wanted + 1, sizeof *threads);
  pthread_mutex_init(&p.lock, NULL);
  while (started < wanted && pthread_create(&threads[started], NULL, worker, &p) == 0)
    started++;
  worker(&p);
  for (size_t i = 0; i < started; i++)
    pthread_join(threads[i], NULL);
  pthread_mutex_destroy(&p.lock);
  free(threads);
  return p.status;
}
