/* The bounded queue and its threads. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/spread.h"
#include "crypto/engine.h"
#include "server/service/cast.h"

enum { COMMITTERS = 2, WORTH_COMMITTING = 16, LINGER_MS = 8, PATIENCE_MS = 24 };

typedef struct queue {
  nep_cast *first, *last;
} queue;

/* Verified ballots of one election. Two committers never work on the same lane, so it is acts of
   officials, challenges, and other servers on the same database that hold the head of an election
   when a committer wants it. */
typedef struct lane {
  char uuid[65];
  queue waiting;
  unsigned n;            /* of them */
  struct timespec since; /* when the first of them came */
  bool busy;
  struct lane *next;
} lane;

struct nep_caster {
  nep_service *service;
  pthread_mutex_t lock;
  pthread_cond_t received, verified;
  queue incoming;
  unsigned waiting; /* in it */
  lane *lanes;      /* only those with ballots, or busy */
  unsigned inside;  /* casts received and not answered */
  unsigned verifying;
  unsigned verifying_together; /* threads, with ballots that cost less together */
  unsigned storing;            /* committers, in a transaction */
  bool stopping;
  unsigned n_verifiers;
  pthread_t threads[NEP_CAST_THREADS_MAX + COMMITTERS];
};

static void push(queue *q, nep_cast *cast)
{
  cast->next = NULL;
  if (q->first == NULL)
    q->first = cast;
  else
    q->last->next = cast;
  q->last = cast;
}

static nep_cast *pop(queue *q)
{
  nep_cast *cast = q->first;
  if (cast != NULL)
    q->first = cast->next;
  return cast;
}

/* ---- receiving ---- */

nep_status nep_cast_submit(nep_service *s, const char *uuid, nep_bytes body, nep_cast_done *done,
                           void *ctx, nep_error *err)
{
  nep_caster *c = s->caster;
  nep_status st = NEP_OK;
  if (!nep_uuid_is_valid(uuid, strlen(uuid)))
    return nep_fail(err, NEP_E_NOT_FOUND, "election", "uuid", "there is no such election");
  nep_cast *cast = nep_alloc(1, sizeof *cast);
  memcpy(cast->uuid, uuid, strlen(uuid) + 1);
  nep_buf_add(&cast->body, body.data, body.len);
  cast->group = nep_setup_group(s, uuid);
  cast->done = done;
  cast->ctx = ctx;
  pthread_mutex_lock(&c->lock);
  if (c->stopping || c->inside >= s->config.cast_queue) {
    st = nep_fail(err, NEP_E_BUSY, "cast-queue", NULL, "too many ballots are waiting");
    nep_advise(err, "send the same ballot again in a few seconds");
  } else {
    c->inside++;
    c->waiting++;
    push(&c->incoming, cast);
    pthread_cond_signal(&c->received);
  }
  pthread_mutex_unlock(&c->lock);
  if (st != NEP_OK)
    nep_cast_free(s, cast);
  return st;
}

void nep_caster_leave(nep_caster *c, size_t n)
{
  pthread_mutex_lock(&c->lock);
  c->inside -= (unsigned)n;
  pthread_mutex_unlock(&c->lock);
}

unsigned nep_caster_waiting(nep_caster *c)
{
  pthread_mutex_lock(&c->lock);
  unsigned n = c->inside;
  pthread_mutex_unlock(&c->lock);
  return n;
}

/* ---- verifying ---- */

/* How many like this one are verified at full speed. One whose election has to be read first waits
   for no other, and no other for it. */
static unsigned together(const nep_cast *cast)
{
  return cast->group == NULL ? 1 : nep_engine_together(cast->group);
}

/* This thread's share of those that wait longest, at least as many as are verified at full speed,
   and no more than are in the group of the first. */
static size_t take_some(nep_caster *c, nep_cast **casts)
{
  size_t share = (c->waiting + c->n_verifiers - 1) / c->n_verifiers, n = 0;
  if (c->incoming.first != NULL && share < together(c->incoming.first))
    share = together(c->incoming.first);
  if (share > NEP_CASTS_TOGETHER)
    share = NEP_CASTS_TOGETHER;
  while (n < share && c->incoming.first != NULL &&
         (n == 0 || (casts[0]->group != NULL && c->incoming.first->group == casts[0]->group)))
    casts[n++] = pop(&c->incoming);
  c->waiting -= (unsigned)n;
  return n;
}

/* Where a few ballots cost less together, they are waited for while another thread verifies such,
   which takes milliseconds. */
static bool is_worth_verifying(const nep_caster *c)
{
  return c->waiting > 0 &&
         (c->waiting >= together(c->incoming.first) || c->verifying_together == 0);
}

/* 0 at the end. */
static size_t next_received(nep_caster *c, nep_cast **casts)
{
  pthread_mutex_lock(&c->lock);
  while (!is_worth_verifying(c) && !c->stopping)
    pthread_cond_wait(&c->received, &c->lock);
  size_t n = take_some(c, casts);
  c->verifying += (unsigned)n;
  c->verifying_together += n > 0 && together(casts[0]) > 1;
  if (is_worth_verifying(c)) /* what is first now need not wait for this thread */
    pthread_cond_signal(&c->received);
  pthread_mutex_unlock(&c->lock);
  return n;
}

/* At the end: an election with many ballots does not keep others waiting. */
static void append_lane(nep_caster *c, lane *l)
{
  lane **at = &c->lanes;
  while (*at != NULL)
    at = &(*at)->next;
  l->next = NULL;
  *at = l;
}

static lane *lane_of(nep_caster *c, const char *uuid)
{
  lane *l = c->lanes;
  while (l != NULL && strcmp(l->uuid, uuid) != 0)
    l = l->next;
  if (l != NULL)
    return l;
  l = nep_alloc(1, sizeof *l);
  memcpy(l->uuid, uuid, strlen(uuid) + 1);
  append_lane(c, l);
  return l;
}

static void enter_lane(lane *l, nep_cast *cast)
{
  if (l->n++ == 0)
    clock_gettime(CLOCK_MONOTONIC, &l->since);
  push(&l->waiting, cast);
}

/* Those that hold go on to their lane, the others are answered. */
static void pass_on(nep_caster *c, nep_cast **casts, size_t n, const nep_cast_verdict *verdict)
{
  pthread_mutex_lock(&c->lock);
  for (size_t i = 0; i < n; i++)
    if (verdict[i].status == NEP_OK)
      enter_lane(lane_of(c, casts[i]->uuid), casts[i]);
  c->verifying -= (unsigned)n;
  c->verifying_together -= together(casts[0]) > 1;
  if (c->verifying_together == 0 && c->waiting > 0)
    pthread_cond_signal(&c->received); /* this thread has to answer those that are refused first */
  pthread_cond_broadcast(&c->verified);
  pthread_mutex_unlock(&c->lock);
  for (size_t i = 0; i < n; i++)
    if (verdict[i].status != NEP_OK)
      nep_cast_fail(c->service, casts[i], &verdict[i].err);
}

static void *verifier(void *ctx)
{
  nep_caster *c = ctx;
  nep_cast *casts[NEP_CASTS_TOGETHER];
  for (size_t n; (n = next_received(c, casts)) > 0;) {
    nep_cast_verdict verdict[NEP_CASTS_TOGETHER] = {{.status = NEP_OK}};
    nep_cast_verify(c->service, casts, n, verdict);
    pass_on(c, casts, n, verdict);
  }
  return NULL;
}

/* ---- committing ---- */

static bool is_before(const struct timespec *a, const struct timespec *b)
{
  return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* Lanes that no committer works on, with ballots. */
static bool is_free(const lane *l)
{
  return !l->busy && l->waiting.first != NULL;
}

/* A transaction costs as much as several ballots in it, so while others are being verified
   LINGER_MS are waited for more; but not beyond half of what is inside, which then is committed
   while the other half is verified. While a transaction runs, its end is waited for; but
   PATIENCE_MS at most, because it may wait for an act that holds its election. */
static bool are_enough(const nep_caster *c, unsigned n)
{
  return n >= WORTH_COMMITTING ||
         (c->storing == 0 && (2 * n >= c->inside || c->verifying + c->waiting == 0));
}

static struct timespec due_of(const nep_caster *c, const lane *l)
{
  struct timespec at = l->since;
  at.tv_nsec += (c->storing == 0 ? LINGER_MS : PATIENCE_MS) * 1000000L;
  at.tv_sec += at.tv_nsec / 1000000000L;
  at.tv_nsec %= 1000000000L;
  return at;
}

/* Whether the ballots of all free lanes are to be committed now; if not, *next is when the first of
   them will be due, and *waiting whether there are any. */
static bool are_due(const nep_caster *c, struct timespec *next, bool *waiting)
{
  struct timespec now;
  unsigned n = 0;
  clock_gettime(CLOCK_MONOTONIC, &now);
  *waiting = false;
  for (const lane *l = c->lanes; l != NULL; l = l->next) {
    if (!is_free(l))
      continue;
    n += l->n;
    struct timespec own = due_of(c, l);
    if (!*waiting || is_before(&own, next))
      *next = own;
    *waiting = true;
  }
  return *waiting && (are_enough(c, n) || c->stopping || !is_before(&now, next));
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
  return c->stopping && c->incoming.first == NULL && c->verifying == 0 && c->lanes == NULL;
}

/* What a committer has taken. */
typedef struct load {
  nep_caster *caster;
  nep_cast_batch batch; /* of casts */
  nep_cast **casts;
  size_t max;
  lane **lanes; /* busy for it */
  size_t n_lanes;
  bool storing; /* until its transaction is over: what is left then waits for others */
} load;

/* Those that have waited longest first. */
static void take_lanes(nep_caster *c, load *d)
{
  d->batch = (nep_cast_batch){c->service, d->casts, 0};
  d->storing = true;
  c->storing++;
  d->n_lanes = 0;
  for (lane *l = c->lanes; l != NULL && d->batch.n < d->max; l = l->next) {
    if (!is_free(l))
      continue;
    l->busy = true;
    d->lanes[d->n_lanes++] = l;
    for (; d->batch.n < d->max && l->waiting.first != NULL; l->n--)
      d->casts[d->batch.n++] = pop(&l->waiting);
  }
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
    take_lanes(c, d);
  pthread_mutex_unlock(&c->lock);
  return due;
}

static void release_lane(nep_caster *c, lane *done)
{
  lane **at = &c->lanes;
  while (*at != done)
    at = &(*at)->next;
  *at = done->next;
  done->busy = false;
  if (done->waiting.first != NULL)
    append_lane(c, done);
  else
    free(done);
}

static bool has_left(const load *d, const lane *l)
{
  for (size_t i = 0; i < d->batch.n; i++)
    if (strcmp(d->batch.casts[i]->uuid, l->uuid) == 0)
      return true;
  return false;
}

/* All but those of elections that were left: who votes there waits for an act, and nobody else. */
static void release_lanes(void *ctx)
{
  load *d = ctx;
  nep_caster *c = d->caster;
  size_t kept = 0;
  pthread_mutex_lock(&c->lock);
  for (size_t i = 0; i < d->n_lanes; i++) {
    if (has_left(d, d->lanes[i]))
      d->lanes[kept++] = d->lanes[i];
    else
      release_lane(c, d->lanes[i]);
  }
  d->n_lanes = kept;
  c->storing -= d->storing ? 1 : 0;
  d->storing = false;
  pthread_cond_broadcast(&c->verified);
  pthread_mutex_unlock(&c->lock);
}

static void *committer(void *ctx)
{
  nep_caster *c = ctx;
  size_t max = c->service->config.cast_batch;
  load d = {.caster = c,
            .casts = nep_alloc(max, sizeof *d.casts),
            .max = max,
            .lanes = nep_alloc(max, sizeof *d.lanes)};
  while (next_load(c, &d)) {
    nep_cast_store(&d.batch, release_lanes, &d);
    while (d.batch.n > 0)
      nep_cast_store_left(&d.batch, release_lanes, &d);
  }
  free(d.lanes);
  free(d.casts);
  return NULL;
}

/* ---- starting and stopping ---- */

static unsigned verifiers_wanted(const nep_service_config *config)
{
  unsigned n = nep_jobs(config->cast_threads);
  return n > NEP_CAST_THREADS_MAX ? NEP_CAST_THREADS_MAX : n;
}

static void start_thread(nep_caster *c, unsigned i, void *(*work)(void *))
{
  if (pthread_create(&c->threads[i], NULL, work, c) != 0)
    abort(); /* like memory: no half start */
}

nep_caster *nep_caster_start(nep_service *s)
{
  nep_caster *c = nep_alloc(1, sizeof *c);
  c->service = s;
  if (s->config.cast_batch == 0)
    s->config.cast_batch = 1;
  pthread_mutex_init(&c->lock, NULL);
  pthread_cond_init(&c->received, NULL);
  pthread_condattr_t monotonic; /* a clock that is set does not hold ballots up */
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&c->verified, &monotonic);
  pthread_condattr_destroy(&monotonic);
  c->n_verifiers = verifiers_wanted(&s->config);
  for (unsigned i = 0; i < c->n_verifiers; i++)
    start_thread(c, i, verifier);
  for (unsigned i = 0; i < COMMITTERS; i++)
    start_thread(c, c->n_verifiers + i, committer);
  return c;
}

void nep_caster_stop(nep_caster *c)
{
  if (c == NULL)
    return;
  pthread_mutex_lock(&c->lock);
  c->stopping = true;
  pthread_cond_broadcast(&c->received);
  pthread_cond_broadcast(&c->verified);
  pthread_mutex_unlock(&c->lock);
  for (unsigned i = 0; i < c->n_verifiers + COMMITTERS; i++)
    pthread_join(c->threads[i], NULL);
  pthread_cond_destroy(&c->verified);
  pthread_cond_destroy(&c->received);
  pthread_mutex_destroy(&c->lock);
  free(c);
}
