/* One transaction for a batch of verified ballots of one election. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/archive.h"
#include "server/service/cast.h"

/* The rows to be inserted, and the texts they point to. */
typedef struct fresh {
  nep_ballot_rows rows;
  nep_cast **casts;
  char (*events)[65]; /* hashes, one for each row */
  char (*parents)[65];
} fresh;

static void fresh_new(fresh *f, size_t max)
{
  *f = (fresh){
      .rows = {.heights = nep_alloc(max, sizeof *f->rows.heights),
               .hashes = nep_alloc(max, sizeof *f->rows.hashes),
               .credentials = nep_alloc(max, sizeof *f->rows.credentials),
               .bodies = nep_alloc(max, sizeof *f->rows.bodies),
               .events = nep_alloc(max, sizeof *f->rows.events),
               .parents = nep_alloc(max, sizeof *f->rows.parents),
               .archive_ends = nep_alloc(max, sizeof *f->rows.archive_ends)},
      .casts = nep_alloc(max, sizeof *f->casts),
      .events = nep_alloc(max, sizeof *f->events),
      .parents = nep_alloc(max, sizeof *f->parents),
  };
}

static void fresh_free(fresh *f)
{
  free(f->parents);
  free(f->events);
  free(f->casts);
  free(f->rows.archive_ends);
  free(f->rows.parents);
  free(f->rows.events);
  free(f->rows.bodies);
  free(f->rows.credentials);
  free(f->rows.hashes);
  free(f->rows.heights);
}

/* ---- what is stored already ---- */

static void note_known(void *ctx, const char *hash, int64_t height, const char *event, int64_t at)
{
  nep_cast_batch *b = ctx;
  for (size_t i = 0; i < b->n; i++) {
    nep_cast *cast = b->casts[i];
    if (strcmp(cast->hash, hash) != 0)
      continue;
    cast->fate = NEP_CAST_REPEATED;
    cast->height = height;
    memcpy(cast->event, event, sizeof cast->event);
    cast->time = at;
  }
}

static nep_status find_known(nep_db *db, nep_cast_batch *b, nep_error *err)
{
  const char **hashes = nep_alloc(b->n, sizeof *hashes);
  for (size_t i = 0; i < b->n; i++) {
    b->casts[i]->fate = NEP_CAST_STORED;
    hashes[i] = b->casts[i]->hash;
  }
  nep_status st = nep_db_ballots_known(db, b->casts[0]->uuid, hashes, b->n, note_known, b, err);
  free(hashes);
  return st;
}

/* ---- what may not be stored ---- */

/* Casts are accepted only while the election is open and before `closes`, both read after the lock
   in the transaction that stores the ballot (A13). */
static const char *refusal(const nep_head_row *head, int64_t now)
{
  if (head->phase < NEP_PHASE_OPEN)
    return "not-open";
  if (head->phase > NEP_PHASE_OPEN || now >= head->closes)
    return "closed";
  return NULL;
}

static void refuse_all(nep_cast_batch *b, const char *code, int64_t now)
{
  for (size_t i = 0; i < b->n; i++) {
    nep_cast *cast = b->casts[i];
    if (cast->fate != NEP_CAST_STORED)
      continue;
    cast->fate = NEP_CAST_REFUSED;
    cast->code = code;
    cast->time = now;
  }
}

/* ---- what is stored now ---- */

/* The event that follows `head`, which moves on to it. */
static void append(fresh *f, nep_cast *cast, nep_head_row *head)
{
  nep_ballot_rows *r = &f->rows;
  nep_buf text = {0};
  size_t i = r->n++;
  memcpy(f->parents[i], head->event, sizeof f->parents[i]);
  head->height++;
  nep_event_write(f->parents[i], (uint64_t)head->height, NEP_EVENT_BALLOT, cast->hash, &text,
                  f->events[i]);
  memcpy(head->event, f->events[i], sizeof head->event);
  head->archive_end += nep_record_size(cast->body.len) + nep_record_size(text.len);
  head->ballots++;
  nep_buf_free(&text);
  f->casts[i] = cast;
  r->heights[i] = cast->height = head->height;
  r->hashes[i] = cast->hash;
  r->credentials[i] = cast->credential;
  r->bodies[i] = nep_buf_bytes(&cast->body);
  r->events[i] = f->events[i];
  r->parents[i] = f->parents[i];
  r->archive_ends[i] = head->archive_end;
  memcpy(cast->event, head->event, sizeof cast->event);
  cast->time = head->event_time;
}

static const nep_cast *twin(const fresh *f, const nep_cast *cast)
{
  for (size_t i = 0; i < f->rows.n; i++)
    if (strcmp(f->casts[i]->hash, cast->hash) == 0)
      return f->casts[i];
  return NULL;
}

static void append_all(fresh *f, nep_cast_batch *b, nep_head_row *head)
{
  for (size_t i = 0; i < b->n; i++) {
    nep_cast *cast = b->casts[i];
    if (cast->fate != NEP_CAST_STORED)
      continue;
    const nep_cast *same = twin(f, cast);
    if (same == NULL) {
      append(f, cast, head);
      continue;
    }
    cast->fate = NEP_CAST_REPEATED;
    cast->height = same->height;
    cast->time = same->time;
    memcpy(cast->event, same->event, sizeof cast->event);
  }
}

static nep_status store(nep_db *db, nep_cast_batch *b, nep_head_row *head, nep_error *err)
{
  const char *uuid = b->casts[0]->uuid;
  int64_t first_votes = 0;
  fresh f;
  fresh_new(&f, b->n);
  append_all(&f, b, head);
  nep_status st = NEP_OK;
  if (f.rows.n > 0) {
    st = nep_db_first_votes(db, uuid, f.rows.credentials, f.rows.n, &first_votes, err);
    head->voted += first_votes;
    if (st == NEP_OK)
      st = nep_db_ballots_insert(db, uuid, &f.rows, err);
    if (st == NEP_OK)
      st = nep_db_ballot_events_insert(db, uuid, &f.rows, head->event_time, err);
    if (st == NEP_OK)
      st = nep_db_head_cast(db, uuid, head, err);
  }
  fresh_free(&f);
  return st;
}

static nep_status commit_work(nep_db *db, void *ctx, nep_error *err)
{
  nep_cast_batch *b = ctx;
  nep_head_row head;
  int64_t now = 0;
  nep_status st = nep_db_head_lock(db, b->casts[0]->uuid, &head, err);
  if (st == NEP_OK)
    st = nep_db_clock(db, &now, err);
  if (st == NEP_OK)
    st = find_known(db, b, err);
  if (st != NEP_OK)
    return st;
  const char *code = refusal(&head, now);
  if (code != NULL) {
    refuse_all(b, code, now);
    return NEP_OK;
  }
  /* A clock that was set back never makes an event older than the one before it. */
  if (now > head.event_time)
    head.event_time = now;
  return store(db, b, &head, err);
}

nep_status nep_cast_commit(nep_cast_batch *b, nep_error *err)
{
  nep_status st = nep_db_transaction(b->service->board, true, commit_work, b, err);
  atomic_fetch_add(&b->service->counters.cast_transactions, 1);
  return st;
}
