/* Ballots are checked by several threads and accounted for in their order: a ring of slots that the
   reading thread fills, all threads check, and the reading thread empties again. It checks, too,
   in place of waiting for the others, while there is a ballot that nobody has taken.
   The memory is that of the slots. */
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "protocol/verify_ballots.h"

/* Ballots checked together fill the lanes of the engine. What is found does not depend on which
   ballots those are. */
enum { TOGETHER = 8, SLOTS_PER_JOB = 4 * TOGETHER };

typedef enum slot_state { EMPTY, FILLED, CHECKED } slot_state;

typedef struct slot {
  slot_state state; /* guarded by the pipe's mutex, the rest by the state */
  nep_buf text;
  size_t length; /* of the ballot; a text that is too long is not kept */
  uint64_t offset;
  uint64_t number;
  char hash[65];
  bool hash_ok, first, proved;
  uint64_t taken; /* checks of an earlier verification */
  char object[80];
  nep_ballot *ballot;
  size_t place;
  bool sound;
  nep_findings findings;
} slot;

struct nep_ballot_pipe {
  nep_ballot_count *count;
  nep_findings *findings;
  size_t longest; /* texts beyond this are not even parsed */
  slot *slots;
  size_t n_slots;
  uint64_t pushed, taken, accounted; /* slot of ballot k: k % n_slots */
  nep_pipe_counts counts;            /* of those accounted for */
  size_t again_room;
  pthread_t *threads;
  unsigned n_threads;
  bool ending;
  pthread_mutex_t lock;
  pthread_cond_t filled, checked;
};

static void start_slot(slot *s)
{
  char tracker[44];
  if (nep_tracker(s->hash, tracker))
    snprintf(s->object, sizeof s->object, "ballot %" PRIu64 " (tracker %s)", s->number, tracker);
  s->ballot = NULL;
  s->place = SIZE_MAX;
  s->sound = false;
  s->taken = 0;
}

/* What an earlier verification has proved is only read again; when it is not what it must have
   been, it is verified like a new one. */
static bool take_over(const nep_ballot_pipe *p, slot *s)
{
  if (!s->proved || s->length != s->text.len)
    return false;
  s->taken =
      nep_ballot_take_over(p->count->election, p->count->credentials, nep_buf_bytes(&s->text),
                           s->object, &s->ballot, &s->place, &s->findings);
  s->sound = s->taken > 0;
  if (s->sound)
    return true;
  nep_ballot_free(s->ballot);
  nep_findings_free(&s->findings);
  start_slot(s);
  return false;
}

/* The n slots from ballot `first` on. */
static void check_slots(const nep_ballot_pipe *p, uint64_t first, size_t n)
{
  nep_ballot_check checks[TOGETHER];
  slot *of[TOGETHER];
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    slot *s = &p->slots[(first + i) % p->n_slots];
    start_slot(s);
    if (take_over(p, s))
      continue;
    if (s->length != s->text.len) {
      nep_fault(&s->findings, "ballot-parse", s->object, "%zu bytes: no ballot is that long",
                s->length);
      continue;
    }
    of[kept] = s;
    checks[kept++] = (nep_ballot_check){.election = p->count->election,
                                        .credentials = p->count->credentials,
                                        .text = nep_buf_bytes(&s->text),
                                        .object = s->object,
                                        .findings = &s->findings};
  }
  nep_ballots_verify(checks, kept);
  for (size_t i = 0; i < kept; i++) {
    of[i]->ballot = checks[i].ballot;
    of[i]->place = checks[i].place;
    of[i]->sound = checks[i].sound;
  }
}

/* As many of the slots that are filled and not taken as are checked together; under the lock. */
static size_t take(nep_ballot_pipe *p)
{
  uint64_t n = p->pushed - p->taken < TOGETHER ? p->pushed - p->taken : TOGETHER;
  p->taken += n;
  return (size_t)n;
}

static void set_checked(nep_ballot_pipe *p, uint64_t first, size_t n)
{
  for (size_t i = 0; i < n; i++)
    p->slots[(first + i) % p->n_slots].state = CHECKED;
}

/* Some of the ballots that nobody has taken; under the lock, which is given up meanwhile. */
static void check_some(nep_ballot_pipe *p)
{
  uint64_t first = p->taken;
  size_t n = take(p);
  pthread_mutex_unlock(&p->lock);
  check_slots(p, first, n);
  pthread_mutex_lock(&p->lock);
  set_checked(p, first, n);
}

static void *work(void *context)
{
  nep_ballot_pipe *p = context;
  pthread_mutex_lock(&p->lock);
  for (;;) {
    while (p->taken == p->pushed && !p->ending)
      pthread_cond_wait(&p->filled, &p->lock);
    if (p->taken == p->pushed)
      break;
    check_some(p);
    pthread_cond_signal(&p->checked);
  }
  pthread_mutex_unlock(&p->lock);
  return NULL;
}

static void note(nep_ballot_pipe *p, const slot *s)
{
  nep_pipe_counts *c = &p->counts;
  c->taken_ballots += s->taken > 0;
  c->taken_checks += s->taken;
  if (s->findings.n_faults == 0 && s->findings.n_warnings == 0)
    return;
  if (c->n_again == p->again_room) {
    p->again_room = p->again_room ? 2 * p->again_room : 16;
    c->again = nep_realloc(c->again, p->again_room, sizeof *c->again);
  }
  c->again[c->n_again++] = s->number;
}

static nep_status account(nep_ballot_pipe *p, slot *s, nep_error *err)
{
  nep_last_ballot where = {
      .offset = s->offset, .length = (uint32_t)s->length, .hash_ok = s->hash_ok};
  nep_status status = NEP_OK;
  note(p, s);
  (void)nep_check(&s->findings, "ballots not repeated", s->first, "ballot-duplicate", s->object,
                  "the same ballot stands earlier in the archive");
  if (s->ballot && s->ballot->credential)
    status = nep_ballot_count_add(p->count, s->ballot, s->place, s->sound, where, err);
  nep_findings_merge(p->findings, &s->findings);
  nep_ballot_free(s->ballot);
  s->ballot = NULL;
  s->state = EMPTY;
  p->accounted++;
  return status;
}

/* Accounts for the oldest ballot that is not accounted for yet, once it is checked. */
static nep_status account_oldest(nep_ballot_pipe *p, nep_error *err)
{
  slot *s = &p->slots[p->accounted % p->n_slots];
  pthread_mutex_lock(&p->lock);
  while (s->state != CHECKED)
    if (p->taken < p->pushed)
      check_some(p);
    else
      pthread_cond_wait(&p->checked, &p->lock);
  pthread_mutex_unlock(&p->lock);
  return account(p, s, err);
}

/* Beside the reading thread. */
static void start_threads(nep_ballot_pipe *p, unsigned n)
{
  p->threads = nep_alloc(n, sizeof *p->threads);
  for (unsigned i = 0; i < n; i++)
    if (pthread_create(&p->threads[p->n_threads], NULL, work, p) == 0)
      p->n_threads++;
}

nep_ballot_pipe *nep_ballot_pipe_new(nep_ballot_count *count, unsigned jobs, nep_findings *f)
{
  nep_ballot_pipe *p = nep_alloc(1, sizeof *p);
  p->count = count;
  p->findings = f;
  /* room for proofs too many, which are a named fault of their own */
  p->longest = 2 * nep_ballot_longest(count->election) + 4096;
  p->n_slots = jobs > 1 ? (size_t)jobs * SLOTS_PER_JOB : TOGETHER;
  p->slots = nep_alloc(p->n_slots, sizeof *p->slots);
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->filled, NULL);
  pthread_cond_init(&p->checked, NULL);
  if (jobs > 1)
    start_threads(p, jobs - 1);
  return p;
}

nep_status nep_ballot_pipe_push(nep_ballot_pipe *p, const nep_pending *record, bool first,
                                bool proved, nep_error *err)
{
  nep_status status = NEP_OK;
  if (p->pushed - p->accounted == p->n_slots)
    status = account_oldest(p, err);
  if (status != NEP_OK)
    return status;
  slot *s = &p->slots[p->pushed % p->n_slots];
  nep_buf_clear(&s->text);
  s->length = record->body.len;
  if (s->length <= p->longest)
    nep_buf_add(&s->text, record->body.data, record->body.len);
  memcpy(s->hash, record->hash, sizeof s->hash);
  s->hash_ok = record->hash_ok;
  s->first = first;
  s->proved = proved;
  s->offset = record->offset;
  s->number = p->pushed + 1;
  pthread_mutex_lock(&p->lock);
  s->state = FILLED;
  p->pushed++;
  pthread_cond_signal(&p->filled);
  pthread_mutex_unlock(&p->lock);
  return NEP_OK;
}

static void end_threads(nep_ballot_pipe *p)
{
  pthread_mutex_lock(&p->lock);
  p->ending = true;
  pthread_cond_broadcast(&p->filled);
  pthread_mutex_unlock(&p->lock);
  for (unsigned i = 0; i < p->n_threads; i++)
    pthread_join(p->threads[i], NULL);
  p->n_threads = 0;
}

nep_status nep_ballot_pipe_drain(nep_ballot_pipe *p, nep_error *err)
{
  nep_status s = NEP_OK;
  while (s == NEP_OK && p->accounted < p->pushed)
    s = account_oldest(p, err);
  return s;
}

nep_status nep_ballot_pipe_finish(nep_ballot_pipe *p, nep_error *err)
{
  nep_status s = nep_ballot_pipe_drain(p, err);
  end_threads(p);
  return s;
}

nep_pipe_counts nep_ballot_pipe_counts(const nep_ballot_pipe *p)
{
  nep_pipe_counts c = p->counts;
  c.ballots = p->accounted;
  return c;
}

void nep_ballot_pipe_free(nep_ballot_pipe *p)
{
  if (!p)
    return;
  end_threads(p);
  for (size_t i = 0; i < p->n_slots; i++) {
    nep_buf_free(&p->slots[i].text);
    nep_ballot_free(p->slots[i].ballot);
    nep_findings_free(&p->slots[i].findings);
  }
  pthread_cond_destroy(&p->checked);
  pthread_cond_destroy(&p->filled);
  pthread_mutex_destroy(&p->lock);
  free(p->threads);
  free(p->slots);
  free(p->counts.again);
  free(p);
}
