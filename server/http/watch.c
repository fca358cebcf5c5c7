#include "server/http/watch.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"

enum { TICK_MS = 200 };

struct nep_watched {
  int fd;
  int64_t due_ms;
  nep_watch_late *late;
  void *ctx;
  nep_watched *previous, *next;
};

struct nep_watch {
  pthread_mutex_t lock;
  pthread_cond_t stop;
  bool stopping;
  nep_watched *first;
  pthread_t thread;
};

static void cut_off_the_late(nep_watch *w)
{
  int64_t now = nep_clock_ms();
  for (nep_watched *c = w->first; c; c = c->next) {
    if (c->due_ms > now)
      continue;
    c->due_ms = INT64_MAX;
    if (c->late)
      c->late(c->ctx);
    shutdown(c->fd, SHUT_RDWR);
  }
}

static void *tick(void *ctx)
{
  nep_watch *w = ctx;
  pthread_mutex_lock(&w->lock);
  while (!w->stopping) {
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    next.tv_nsec += TICK_MS * 1000000L;
    next.tv_sec += next.tv_nsec / 1000000000L;
    next.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&w->stop, &w->lock, &next);
    cut_off_the_late(w);
  }
  pthread_mutex_unlock(&w->lock);
  return NULL;
}

nep_watch *nep_watch_start(void)
{
  nep_watch *w = nep_alloc(1, sizeof *w);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_mutex_init(&w->lock, NULL);
  pthread_cond_init(&w->stop, &monotonic);
  pthread_condattr_destroy(&monotonic);
  if (pthread_create(&w->thread, NULL, tick, w) == 0)
    return w;
  pthread_cond_destroy(&w->stop);
  pthread_mutex_destroy(&w->lock);
  free(w);
  return NULL;
}

void nep_watch_stop(nep_watch *w)
{
  if (!w)
    return;
  pthread_mutex_lock(&w->lock);
  w->stopping = true;
  pthread_cond_signal(&w->stop);
  pthread_mutex_unlock(&w->lock);
  pthread_join(w->thread, NULL);
  pthread_cond_destroy(&w->stop);
  pthread_mutex_destroy(&w->lock);
  free(w);
}

nep_watched *nep_watch_add(nep_watch *w, int fd, int64_t due_ms)
{
  nep_watched *c = nep_alloc(1, sizeof *c);
  c->fd = fd;
  c->due_ms = due_ms;
  pthread_mutex_lock(&w->lock);
  c->next = w->first;
  if (w->first)
    w->first->previous = c;
  w->first = c;
  pthread_mutex_unlock(&w->lock);
  return c;
}

void nep_watch_move(nep_watch *w, nep_watched *c, int64_t due_ms, nep_watch_late *late, void *ctx)
{
  pthread_mutex_lock(&w->lock);
  c->due_ms = due_ms;
  c->late = late;
  c->ctx = ctx;
  pthread_mutex_unlock(&w->lock);
}

void nep_watch_remove(nep_watch *w, nep_watched *c)
{
  pthread_mutex_lock(&w->lock);
  if (c->previous)
    c->previous->next = c->next;
  else
    w->first = c->next;
  if (c->next)
    c->next->previous = c->previous;
  pthread_mutex_unlock(&w->lock);
  free(c);
}
