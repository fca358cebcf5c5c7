/* The bounded queue: casts come in, and its threads are started and stopped. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "server/service/caster.h"

/* Half of the places at most are for elections that are not at hand: anybody may ask for any, and
   reading one takes a while. */
static bool has_room(const nep_caster *c, const nep_cast *cast)
{
  unsigned max = c->service->config.cast_queue;
  return !c->stopping && c->inside < max && (cast->setup != NULL || c->n_unread < (max + 1) / 2);
}

void nep_caster_receive(nep_caster *c, nep_cast *cast)
{
  c->waiting++;
  nep_cast_list_push(&c->incoming, cast);
  pthread_cond_signal(&c->received);
}

static void leave_unread(nep_caster *c, nep_cast *cast)
{
  c->n_unread++;
  nep_cast_list_push(&c->unread, cast);
  pthread_cond_signal(&c->unknown);
}

static nep_status enter(nep_caster *c, nep_cast *cast, nep_error *err)
{
  pthread_mutex_lock(&c->lock);
  bool room = has_room(c, cast);
  c->inside += room;
  if (room && cast->setup != NULL)
    nep_caster_receive(c, cast);
  else if (room)
    leave_unread(c, cast);
  pthread_mutex_unlock(&c->lock);
  if (room)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_BUSY, "cast-queue", NULL, "too many ballots are waiting");
  return nep_advise(err, "send the same ballot again in a few seconds");
}

nep_status nep_cast_submit(nep_service *s, const char *uuid, nep_bytes body, nep_cast_done *done,
                           void *ctx, nep_error *err)
{
  if (!nep_uuid_is_valid(uuid, strlen(uuid)))
    return nep_fail(err, NEP_E_NOT_FOUND, "election", "uuid", "there is no such election");
  nep_cast *cast = nep_alloc(1, sizeof *cast);
  memcpy(cast->uuid, uuid, strlen(uuid) + 1);
  nep_buf_add(&cast->body, body.data, body.len);
  cast->setup = nep_setup_at_hand(s, uuid);
  cast->done = done;
  cast->ctx = ctx;
  nep_status st = enter(s->caster, cast, err);
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

/* ---- starting and stopping ---- */

static unsigned verifiers_wanted(const nep_service_config *config)
{
  unsigned n = nep_jobs(config->cast_threads);
  return n > NEP_CAST_THREADS_MAX ? NEP_CAST_THREADS_MAX : n;
}

static void start_thread(nep_caster *c, void *(*work)(void *))
{
  if (pthread_create(&c->threads[c->n_threads++], NULL, work, c) != 0)
    abort(); /* like memory: no half start */
}

nep_caster *nep_caster_start(nep_service *s)
{
  nep_caster *c = nep_alloc(1, sizeof *c);
  c->service = s;
  if (s->config.cast_batch == 0)
    s->config.cast_batch = 1;
  pthread_mutex_init(&c->lock, NULL);
  pthread_cond_init(&c->unknown, NULL);
  pthread_cond_init(&c->received, NULL);
  pthread_condattr_t monotonic; /* a clock that is set does not hold ballots up */
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&c->verified, &monotonic);
  pthread_condattr_destroy(&monotonic);
  nep_pieces_board_start(&c->pieces, &c->lock, &c->received);
  c->n_verifiers = verifiers_wanted(&s->config);
  start_thread(c, nep_cast_reader);
  for (unsigned i = 0; i < c->n_verifiers; i++)
    start_thread(c, nep_cast_verifier);
  for (unsigned i = 0; i < NEP_COMMITTERS; i++)
    start_thread(c, nep_cast_committer);
  return c;
}

void nep_caster_stop(nep_caster *c)
{
  if (c == NULL)
    return;
  pthread_mutex_lock(&c->lock);
  c->stopping = true;
  pthread_cond_broadcast(&c->unknown);
  pthread_cond_broadcast(&c->received);
  pthread_cond_broadcast(&c->verified);
  pthread_mutex_unlock(&c->lock);
  for (; c->n_threads > 0; c->n_threads--)
    pthread_join(c->threads[c->n_threads - 1], NULL);
}

void nep_caster_free(nep_caster *c)
{
  if (c == NULL)
    return;
  nep_pieces_board_end(&c->pieces);
  pthread_cond_destroy(&c->verified);
  pthread_cond_destroy(&c->received);
  pthread_cond_destroy(&c->unknown);
  pthread_mutex_destroy(&c->lock);
  free(c);
}
