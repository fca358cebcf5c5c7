/* One transaction for a batch of verified ballots of one election. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/archive.h"
#include "protocol/casts.h"
#include "records/challenge.h"
#include "server/service/cast.h"

/* The rows to be inserted, and the texts they point to. */
typedef struct fresh {
  nep_ballot_rows rows;
  nep_cast_rows statements;
  nep_cast **casts;
  char (*events)[65]; /* hashes, one for each row */
  char (*parents)[65];
  char (*cast_events)[65];
  char (*cast_parents)[65];
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
      .statements = {.sequences = nep_alloc(max, sizeof *f->statements.sequences),
                     .hashes = nep_alloc(max, sizeof *f->statements.hashes),
                     .bodies = nep_alloc(max, sizeof *f->statements.bodies),
                     .events = nep_alloc(max, sizeof *f->statements.events),
                     .parents = nep_alloc(max, sizeof *f->statements.parents),
                     .casts_ends = nep_alloc(max, sizeof *f->statements.casts_ends)},
      .casts = nep_alloc(max, sizeof *f->casts),
      .events = nep_alloc(max, sizeof *f->events),
      .parents = nep_alloc(max, sizeof *f->parents),
      .cast_events = nep_alloc(max, sizeof *f->cast_events),
      .cast_parents = nep_alloc(max, sizeof *f->cast_parents),
  };
  f->statements.heights = f->rows.heights; /* shared */
  f->statements.credentials = f->rows.credentials;
}

static void fresh_free(fresh *f)
{
  free(f->cast_parents);
  free(f->cast_events);
  free(f->parents);
  free(f->events);
  free(f->casts);
  free(f->statements.casts_ends);
  free(f->statements.parents);
  free(f->statements.events);
  free(f->statements.bodies);
  free(f->statements.hashes);
  free(f->statements.sequences);
  free(f->rows.archive_ends);
  free(f->rows.parents);
  free(f->rows.events);
  free(f->rows.bodies);
  free(f->rows.credentials);
  free(f->rows.hashes);
  free(f->rows.heights);
}

/* ---- what is stored already ---- */

/* Neither a retry, which has identical bytes, nor a ballot made after the one that is stored. */
static void out_of_order(nep_cast *cast)
{
  cast->fate = NEP_CAST_REFUSED;
  cast->code = "cast-order";
}

static void note_known(void *ctx, const char *hash, const char *statement, int64_t height,
                       const char *event, int64_t at)
{
  nep_cast_batch *b = ctx;
  for (size_t i = 0; i < b->n; i++) {
    nep_cast *cast = b->casts[i];
    if (strcmp(cast->hash, hash) != 0)
      continue;
    cast->fate = NEP_CAST_REPEATED;
    if (strcmp(cast->statement_hash, statement) != 0)
      out_of_order(cast);
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

static void note_last(void *ctx, const char *credential, int64_t sequence)
{
  nep_cast_batch *b = ctx;
  for (size_t i = 0; i < b->n; i++)
    if (strcmp(b->casts[i]->credential, credential) == 0)
      b->casts[i]->last = sequence;
}

static nep_status find_last(nep_db *db, nep_cast_batch *b, nep_error *err)
{
  const char **credentials = nep_alloc(b->n, sizeof *credentials);
  for (size_t i = 0; i < b->n; i++) {
    b->casts[i]->last = 0;
    credentials[i] = b->casts[i]->credential;
  }
  nep_status st = nep_db_casts_last(db, b->casts[0]->uuid, credentials, b->n, note_last, b, err);
  free(credentials);
  return st;
}

/* ---- what was revealed ---- */

/* A26: a message that stands on the board of challenges is never cast. Only ballots of a credential
   with challenges are hashed. */
static void note_revealed(void *ctx, const char *credential, const char *message)
{
  nep_cast_batch *b = ctx;
  char hash[65];
  for (size_t i = 0; i < b->n; i++) {
    nep_cast *cast = b->casts[i];
    if (cast->fate != NEP_CAST_STORED || strcmp(cast->credential, credential) != 0)
      continue;
    nep_ballot_message_hash(cast->ballot, hash);
    if (strcmp(hash, message) == 0) {
      cast->fate = NEP_CAST_REFUSED;
      cast->code = "cast-challenged";
    }
  }
}

static nep_status refuse_revealed(nep_db *db, nep_cast_batch *b, nep_error *err)
{
  const char **credentials = nep_alloc(b->n, sizeof *credentials);
  for (size_t i = 0; i < b->n; i++)
    credentials[i] = b->casts[i]->credential;
  nep_status st =
      nep_db_challenges_of(db, b->casts[0]->uuid, credentials, b->n, note_revealed, b, err);
  free(credentials);
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

static void refuse_all(nep_cast_batch *b, const char *code)
{
  for (size_t i = 0; i < b->n; i++) {
    nep_cast *cast = b->casts[i];
    if (cast->fate != NEP_CAST_STORED)
      continue;
    cast->fate = NEP_CAST_REFUSED;
    cast->code = code;
  }
}

static void date_refusals(nep_cast_batch *b, int64_t now)
{
  for (size_t i = 0; i < b->n; i++)
    if (b->casts[i]->fate == NEP_CAST_REFUSED)
      b->casts[i]->time = now;
}

/* ---- what is stored now ---- */

/* The event that follows `head`, which moves on to it. */
static void append_ballot(fresh *f, nep_cast *cast, nep_head_row *head)
{
  nep_ballot_rows *r = &f->rows;
  nep_buf text = {0};
  size_t i = r->n++;
  memcpy(f->parents[i], head->event, sizeof f->parents[i]);
  head->height++;
  nep_event_write(f->parents[i], (uint64_t)head->height, NEP_EVENT_BALLOT, cast->hash, &text,
                  f->events[i]);
  memcpy(head->event, f->events[i], sizeof head->event);
  head->archive_end += nep_record_size(cast->ballot.len) + nep_record_size(text.len);
  head->ballots++;
  nep_buf_free(&text);
  f->casts[i] = cast;
  r->heights[i] = cast->height = head->height;
  r->hashes[i] = cast->hash;
  r->credentials[i] = cast->credential;
  r->bodies[i] = cast->ballot;
  r->events[i] = f->events[i];
  r->parents[i] = f->parents[i];
  r->archive_ends[i] = head->archive_end;
  memcpy(cast->event, head->event, sizeof cast->event);
  cast->time = head->event_time;
}

/* The Cast event of the ballot appended last. */
static void append_statement(fresh *f, const nep_cast *cast, nep_casts_head *head)
{
  nep_cast_rows *r = &f->statements;
  nep_buf text = {0};
  size_t i = r->n++;
  bool first = head->height == 0;
  memcpy(f->cast_parents[i], head->event, sizeof f->cast_parents[i]);
  nep_casts_event(first ? NULL : f->cast_parents[i], (uint64_t)cast->height - 1,
                  cast->statement_hash, &text, f->cast_events[i]);
  head->height = cast->height;
  memcpy(head->event, f->cast_events[i], sizeof head->event);
  head->casts_end += first ? NEP_CASTS_START : 0;
  head->casts_end += nep_record_size(cast->statement.len) + nep_record_size(text.len);
  nep_buf_free(&text);
  r->sequences[i] = cast->sequence;
  r->hashes[i] = cast->statement_hash;
  r->bodies[i] = cast->statement;
  r->events[i] = f->cast_events[i];
  r->parents[i] = f->cast_parents[i];
  r->casts_ends[i] = head->casts_end;
}

static const nep_cast *twin(const fresh *f, const nep_cast *cast)
{
  for (size_t i = 0; i < f->rows.n; i++)
    if (strcmp(f->casts[i]->hash, cast->hash) == 0)
      return f->casts[i];
  return NULL;
}

static void repeat(nep_cast *cast, const nep_cast *same)
{
  if (strcmp(cast->statement_hash, same->statement_hash) != 0) {
    cast->last = same->sequence;
    out_of_order(cast);
    return;
  }
  cast->fate = NEP_CAST_REPEATED;
  cast->height = same->height;
  cast->time = same->time;
  memcpy(cast->event, same->event, sizeof cast->event);
}

static void append_all(fresh *f, nep_cast_batch *b, nep_head_row *head, nep_casts_head *casts)
{
  for (size_t i = 0; i < b->n; i++) {
    nep_cast *cast = b->casts[i];
    if (cast->fate != NEP_CAST_STORED)
      continue;
    const nep_cast *same = twin(f, cast);
    if (same != NULL)
      repeat(cast, same);
    else if (cast->sequence <= cast->last)
      out_of_order(cast);
    else {
      append_ballot(f, cast, head);
      append_statement(f, cast, casts);
      note_last(b, cast->credential, cast->sequence);
    }
  }
}

static nep_status insert(nep_db *db, const fresh *f, nep_head_row *head, nep_error *err)
{
  const char *uuid = f->casts[0]->uuid;
  int64_t first_votes = 0;
  nep_status st = nep_db_first_votes(db, uuid, f->rows.credentials, f->rows.n, &first_votes, err);
  head->voted += first_votes;
  if (st == NEP_OK)
    st = nep_db_ballots_insert(db, uuid, &f->rows, err);
  if (st == NEP_OK)
    st = nep_db_ballot_events_insert(db, uuid, &f->rows, head->event_time, err);
  if (st == NEP_OK)
    st = nep_db_casts_insert(db, uuid, &f->statements, err);
  if (st == NEP_OK)
    st = nep_db_head_cast(db, uuid, head, err);
  return st;
}

static nep_status store(nep_db *db, nep_cast_batch *b, nep_head_row *head, nep_error *err)
{
  nep_casts_head casts;
  fresh f;
  nep_status st = refuse_revealed(db, b, err);
  if (st == NEP_OK)
    st = find_last(db, b, err);
  if (st == NEP_OK)
    st = nep_db_casts_head(db, b->casts[0]->uuid, INT64_MAX, &casts, err);
  if (st != NEP_OK)
    return st;
  fresh_new(&f, b->n);
  append_all(&f, b, head, &casts);
  if (f.rows.n > 0)
    st = insert(db, &f, head, err);
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
  /* A clock that was set back never makes an event older than the one before it. */
  if (now > head.event_time)
    head.event_time = now;
  if (code != NULL)
    refuse_all(b, code);
  else
    st = store(db, b, &head, err);
  date_refusals(b, now);
  return st;
}

nep_status nep_cast_commit(nep_cast_batch *b, nep_error *err)
{
  nep_status st = nep_db_transaction(b->service->board, true, commit_work, b, err);
  atomic_fetch_add(&b->service->counters.cast_transactions, 1);
  return st;
}
