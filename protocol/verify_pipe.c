/* Ballots are checked by several threads and accounted for in their order (base/ring.h). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/ring.h"
#include "protocol/verify_ballots.h"

/* Ballots checked together fill the lanes of the engine. What is found does not depend on which
   ballots those are. */
enum { TOGETHER = 8 };

typedef struct slot {
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
  size_t longest;         /* texts beyond this are not even parsed */
  nep_ring *ring;         /* of slots */
  nep_pipe_counts counts; /* of those accounted for */
  size_t again_room;
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

static void check_slots(void *context, void *const *slots, size_t n)
{
  const nep_ballot_pipe *p = context;
  nep_ballot_check checks[TOGETHER];
  slot *of[TOGETHER];
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    slot *s = slots[i];
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

static nep_status account(void *context, void *thing, nep_error *err)
{
  nep_ballot_pipe *p = context;
  slot *s = thing;
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
  return status;
}

static void empty_slot(void *thing)
{
  slot *s = thing;
  nep_buf_free(&s->text);
  nep_ballot_free(s->ballot);
  nep_findings_free(&s->findings);
}

nep_ballot_pipe *nep_ballot_pipe_new(nep_ballot_count *count, unsigned jobs, nep_findings *f)
{
  nep_ballot_pipe *p = nep_alloc(1, sizeof *p);
  const nep_ring_plan plan = {.size = sizeof(slot),
                              .together = TOGETHER,
                              .ctx = p,
                              .work = check_slots,
                              .take = account,
                              .empty = empty_slot};
  p->count = count;
  p->findings = f;
  /* room for proofs too many, which are a named fault of their own */
  p->longest = 2 * nep_ballot_longest(count->election) + 4096;
  p->ring = nep_ring_new(&plan, jobs);
  return p;
}

nep_status nep_ballot_pipe_push(nep_ballot_pipe *p, const nep_pending *record, bool first,
                                bool proved, nep_error *err)
{
  void *place;
  nep_status status = nep_ring_next(p->ring, &place, err);
  if (status != NEP_OK)
    return status;
  slot *s = place;
  nep_buf_clear(&s->text);
  s->length = record->body.len;
  if (s->length <= p->longest)
    nep_buf_add(&s->text, record->body.data, record->body.len);
  memcpy(s->hash, record->hash, sizeof s->hash);
  s->hash_ok = record->hash_ok;
  s->first = first;
  s->proved = proved;
  s->offset = record->offset;
  s->number = nep_ring_count_in(p->ring) + 1;
  nep_ring_put(p->ring);
  return NEP_OK;
}

nep_status nep_ballot_pipe_drain(nep_ballot_pipe *p, nep_error *err)
{
  return nep_ring_drain(p->ring, err);
}

nep_pipe_counts nep_ballot_pipe_counts(const nep_ballot_pipe *p)
{
  nep_pipe_counts c = p->counts;
  c.ballots = nep_ring_count_out(p->ring);
  return c;
}

void nep_ballot_pipe_free(nep_ballot_pipe *p)
{
  if (!p)
    return;
  nep_ring_free(p->ring);
  free(p->counts.again);
  free(p);
}
