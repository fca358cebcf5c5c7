/* A thread that takes verified ballots from their lanes, one transaction for as many as are due. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "server/service/caster.h"

/* What a committer has taken. */
typedef struct load {
  nep_caster *caster;
  nep_cast_batch batch; /* of casts */
  nep_cast **casts;
  size_t max;
  nep_lane **lanes; /* busy for it */
  size_t n_lanes;
  bool storing; /* until its transaction is over: what is left then waits for others */
} load;

static bool are_due(const nep_caster *c, struct timespec *next, bool *waiting)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  nep_lanes_scene scene = {.inside = c->inside - c->n_unread,
                           .unverified = c->verifying + c->waiting,
                           .storing = c->storing,
                           .stopping = c->stopping};
  return nep_lanes_are_due(&c->lanes, &scene, now, next, waiting);
}

/* Until something is verified or the next lane is due. */
static void wait_for_lanes(nep_caster *c, const struct timespec *next, bool waiting)
{
  if (waiting)
    pthread_cond_timedwait(&c->verified, &c->lock, next);
  else
    pthread_cond_wait(&c->verified, &c->lock);
}

static bool all_done(const nep_caster *c)
{
  return c->stopping && c->n_unread == 0 && c->waiting == 0 && c->verifying == 0 &&
         c->lanes.first == NULL;
}

static void take(nep_caster *c, load *d)
{
  size_t n = nep_lanes_take(&c->lanes, d->max, d->casts, d->lanes, &d->n_lanes);
  d->batch = (nep_cast_batch){c->service, d->casts, n};
  d->storing = true;
  c->storing++;
}

/* False at the end. */
static bool next_load(nep_caster *c, load *d)
{
  struct timespec next;
  bool waiting, due;
  pthread_mutex_lock(&c->lock);
  while (!(due = are_due(c, &next, &waiting)) && !all_done(c))
    wait_for_lanes(c, &next, waiting);
  if (due)
    take(c, d);
  pthread_mutex_unlock(&c->lock);
  return due;
}

static bool has_left(const load *d, const nep_lane *l)
{
  for (size_t i = 0; i < d->batch.n; i++)
    if (strcmp(d->batch.casts[i]->uuid, l->uuid) == 0)
      return true;
  return false;
}

/* All but those of elections that were left: who votes there waits for an act, and nobody else. */
static void give_lanes_back(void *ctx)
{
  load *d = ctx;
  nep_caster *c = d->caster;
  size_t kept = 0;
  pthread_mutex_lock(&c->lock);
  for (size_t i = 0; i < d->n_lanes; i++) {
    if (has_left(d, d->lanes[i]))
      d->lanes[kept++] = d->lanes[i];
    else
      nep_lanes_give_back(&c->lanes, d->lanes[i]);
  }
  d->n_lanes = kept;
  c->storing -= d->storing ? 1 : 0;
  d->storing = false;
  pthread_cond_broadcast(&c->verified);
  pthread_mutex_unlock(&c->lock);
}

void *nep_cast_committer(void *caster)
{
  nep_caster *c = caster;
  size_t max = c->service->config.cast_batch;
  load d = {.caster = c,
            .casts = nep_alloc(max, sizeof *d.casts),
            .max = max,
            .lanes = nep_alloc(max, sizeof *d.lanes)};
  while (next_load(c, &d)) {
    nep_cast_store(&d.batch, give_lanes_back, &d);
    while (d.batch.n > 0)
      nep_cast_store_left(&d.batch, give_lanes_back, &d);
  }
  free(d.lanes);
  free(d.casts);
  return NULL;
}
