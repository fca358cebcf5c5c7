#include "base/ring.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

enum { PIECES_PER_JOB = 4 };

struct nep_ring {
  nep_ring_plan plan;
  unsigned char *things; /* that of number k at place k % n_places */
  bool *done;            /* guarded by the lock, as are the numbers put and begun */
  size_t n_places;
  uint64_t put, begun, taken;
  pthread_t *threads;
  unsigned n_threads;
  bool ending;
  pthread_mutex_t lock;
  pthread_cond_t filled, finished;
};

static void *thing_at(const nep_ring *r, uint64_t number)
{
  return r->things + number % r->n_places * r->plan.size;
}

/* Some of the things that nobody has begun; under the lock, which is given up meanwhile. */
static void work_on_some(nep_ring *r)
{
  void *things[NEP_RING_TOGETHER_MAX];
  uint64_t first = r->begun;
  size_t n = r->put - first < r->plan.together ? (size_t)(r->put - first) : r->plan.together;
  for (size_t i = 0; i < n; i++)
    things[i] = thing_at(r, first + i);
  r->begun += n;
  pthread_mutex_unlock(&r->lock);
  r->plan.work(r->plan.ctx, things, n);
  pthread_mutex_lock(&r->lock);
  for (size_t i = 0; i < n; i++)
    r->done[(first + i) % r->n_places] = true;
}

static void *work(void *context)
{
  nep_ring *r = context;
  pthread_mutex_lock(&r->lock);
  for (;;) {
    while (r->begun == r->put && !r->ending)
      pthread_cond_wait(&r->filled, &r->lock);
    if (r->ending)
      break;
    work_on_some(r);
    pthread_cond_signal(&r->finished);
  }
  pthread_mutex_unlock(&r->lock);
  return NULL;
}

/* The oldest thing that was not taken out, once it is done. */
static nep_status take_oldest(nep_ring *r, nep_error *err)
{
  bool *done = &r->done[r->taken % r->n_places];
  pthread_mutex_lock(&r->lock);
  while (!*done)
    if (r->begun < r->put)
      work_on_some(r);
    else
      pthread_cond_wait(&r->finished, &r->lock);
  *done = false;
  pthread_mutex_unlock(&r->lock);
  return r->plan.take(r->plan.ctx, thing_at(r, r->taken++), err);
}

/* Beside the thread that puts in. */
static void start_threads(nep_ring *r, unsigned n)
{
  r->threads = nep_alloc(n, sizeof *r->threads);
  for (unsigned i = 0; i < n; i++)
    if (pthread_create(&r->threads[r->n_threads], NULL, work, r) == 0)
      r->n_threads++;
}

nep_ring *nep_ring_new(const nep_ring_plan *plan, unsigned jobs)
{
  nep_ring *r = nep_alloc(1, sizeof *r);
  r->plan = *plan;
  r->n_places = jobs > 1 ? jobs * PIECES_PER_JOB * plan->together : plan->together;
  r->things = nep_alloc(r->n_places, plan->size);
  r->done = nep_alloc(r->n_places, sizeof *r->done);
  pthread_mutex_init(&r->lock, NULL);
  pthread_cond_init(&r->filled, NULL);
  pthread_cond_init(&r->finished, NULL);
  if (jobs > 1)
    start_threads(r, jobs - 1);
  return r;
}

nep_status nep_ring_next(nep_ring *r, void **thing, nep_error *err)
{
  nep_status status = NEP_OK;
  if (r->put - r->taken == r->n_places)
    status = take_oldest(r, err);
  *thing = thing_at(r, r->put);
  return status;
}

void nep_ring_put(nep_ring *r)
{
  pthread_mutex_lock(&r->lock);
  r->put++;
  pthread_cond_signal(&r->filled);
  pthread_mutex_unlock(&r->lock);
}

nep_status nep_ring_drain(nep_ring *r, nep_error *err)
{
  nep_status status = NEP_OK;
  while (status == NEP_OK && r->taken < r->put)
    status = take_oldest(r, err);
  return status;
}

uint64_t nep_ring_count_in(const nep_ring *r)
{
  return r->put;
}

uint64_t nep_ring_count_out(const nep_ring *r)
{
  return r->taken;
}

static void end_threads(nep_ring *r)
{
  pthread_mutex_lock(&r->lock);
  r->ending = true;
  pthread_cond_broadcast(&r->filled);
  pthread_mutex_unlock(&r->lock);
  for (unsigned i = 0; i < r->n_threads; i++)
    pthread_join(r->threads[i], NULL);
}

void nep_ring_free(nep_ring *r)
{
  if (!r)
    return;
  end_threads(r);
  for (size_t i = 0; i < r->n_places; i++)
    r->plan.empty(r->things + i * r->plan.size);
  pthread_cond_destroy(&r->finished);
  pthread_cond_destroy(&r->filled);
  pthread_mutex_destroy(&r->lock);
  free(r->threads);
  free(r->done);
  free(r->things);
  free(r);
}
