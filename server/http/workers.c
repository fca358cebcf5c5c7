#include "server/http/workers.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"

typedef struct waiting {
  nep_job *job;
  void *ctx;
} waiting;

struct nep_workers {
  pthread_mutex_t lock;
  pthread_cond_t arrived;
  waiting *ring;
  size_t size, first, n;
  bool stopping;
  pthread_t *threads;
  unsigned n_threads;
};

static void *work(void *ctx)
{
  nep_workers *w = ctx;
  pthread_mutex_lock(&w->lock);
  for (;;) {
    while (w->n == 0 && !w->stopping)
      pthread_cond_wait(&w->arrived, &w->lock);
    if (w->n == 0)
      break;
    waiting next = w->ring[w->first];
    w->first = (w->first + 1) % w->size;
    w->n--;
    pthread_mutex_unlock(&w->lock);
    next.job(next.ctx);
    pthread_mutex_lock(&w->lock);
  }
  pthread_mutex_unlock(&w->lock);
  return NULL;
}

nep_workers *nep_workers_start(unsigned threads, size_t queue)
{
  nep_workers *w = nep_alloc(1, sizeof *w);
  pthread_mutex_init(&w->lock, NULL);
  pthread_cond_init(&w->arrived, NULL);
  w->size = queue;
  w->ring = nep_alloc(queue, sizeof *w->ring);
  w->threads = nep_alloc(threads, sizeof *w->threads);
  while (w->n_threads < threads && pthread_create(&w->threads[w->n_threads], NULL, work, w) == 0)
    w->n_threads++;
  if (w->n_threads == threads)
    return w;
  nep_workers_free(w);
  return NULL;
}

bool nep_workers_submit(nep_workers *w, nep_job *job, void *ctx)
{
  pthread_mutex_lock(&w->lock);
  bool accepted = w->n < w->size && !w->stopping;
  if (accepted) {
    w->ring[(w->first + w->n++) % w->size] = (waiting){job, ctx};
    pthread_cond_signal(&w->arrived);
  }
  pthread_mutex_unlock(&w->lock);
  return accepted;
}

void nep_workers_stop(nep_workers *w)
{
  pthread_mutex_lock(&w->lock);
  w->stopping = true;
  pthread_cond_broadcast(&w->arrived);
  pthread_mutex_unlock(&w->lock);
  for (unsigned i = 0; i < w->n_threads; i++)
    pthread_join(w->threads[i], NULL);
  w->n_threads = 0;
}

void nep_workers_free(nep_workers *w)
{
  if (!w)
    return;
  nep_workers_stop(w);
  pthread_cond_destroy(&w->arrived);
  pthread_mutex_destroy(&w->lock);
  free(w->threads);
  free(w->ring);
  free(w);
}
