/* One transaction for a batch of verified ballots of one election or of several. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "records/challenge.h"
#include "server/service/cast.h"
#include "server/service/cast_rows.h"

/* An election of the batch. */
typedef struct election {
  const char *uuid;
  bool held; /* its head is locked */
  bool grown;
  nep_casting_head at;
  const char *refusal; /* of all ballots that are not stored; NULL for none */
} election;

/* A batch on its way; what stands here is made afresh when the transaction is run again. */
typedef struct work {
  nep_cast_batch *batch;
  election *elections;
  size_t n_elections;
  election **of; /* of each ballot */
  bool inserted; /* whether anything was stored */
} work;

static void work_new(work *w, nep_cast_batch *batch)
{
  *w = (work){.batch = batch,
              .elections = nep_alloc(batch->n, sizeof *w->elections),
              .of = nep_alloc(batch->n, sizeof *w->of)};
}

static void work_free(work *w)
{
  free(w->of);
  free(w->elections);
}

static election *election_of(work *w, const char *uuid)
{
  for (size_t i = w->n_elections; i-- > 0;)
    if (strcmp(w->elections[i].uuid, uuid) == 0)
      return &w->elections[i];
  return NULL;
}

/* Each ballot stays left until the database has said what it knows of it. */
static void begin(work *w)
{
  w->n_elections = 0;
  w->inserted = false;
  for (size_t i = 0; i < w->batch->n; i++) {
    nep_cast *cast = w->batch->casts[i];
    cast->fate = NEP_CAST_LEFT;
    w->of[i] = election_of(w, cast->uuid);
    if (w->of[i] != NULL)
      continue;
    w->of[i] = &w->elections[w->n_elections++];
    *w->of[i] = (election){.uuid = cast->uuid};
  }
}

/* ---- what the database says ---- */

static void note_head(void *ctx, const char *uuid, const nep_casting_head *head)
{
  election *e = election_of(ctx, uuid);
  if (e == NULL)
    return;
  e->held = true;
  e->at = *head;
  e->refusal = nep_voting_refusal(&head->head, head->now);
  /* A clock that was set back never makes an event older than the one before it. */
  if (head->now > head->head.event_time)
    e->at.head.event_time = head->now;
}

static void refuse(nep_cast *cast, const char *code)
{
  cast->fate = NEP_CAST_REFUSED;
  cast->code = code;
}

/* A26: a message that stands on the board of challenges is never cast. Only ballots of a credential
   with challenges are hashed. */
static bool was_revealed(const nep_cast *cast, const char *revealed)
{
  char hash[65];
  if (*revealed == 0)
    return false;
  nep_ballot_message_hash(cast->ballot, hash);
  return strstr(revealed, hash) != NULL;
}

static void note_known(void *ctx, size_t i, const nep_known_cast *known)
{
  const work *w = ctx;
  nep_cast *cast = w->batch->casts[i];
  if (!w->of[i]->held)
    return;
  cast->fate = NEP_CAST_STORED;
  cast->last = known->last;
  cast->voted = known->voted;
  cast->stored_before = known->stored;
  if (known->stored) {
    cast->fate = NEP_CAST_REPEATED;
    cast->height = known->height;
    memcpy(cast->event, known->event, sizeof cast->event);
    cast->time = known->at;
    /* Neither a retry, which has identical bytes, nor a ballot made after the one stored. */
    if (strcmp(cast->statement_hash, known->statement) != 0)
      refuse(cast, "cast-order");
  } else if (w->of[i]->refusal != NULL) {
    refuse(cast, w->of[i]->refusal);
  } else if (was_revealed(cast, known->revealed)) {
    refuse(cast, "cast-challenged");
  }
}

/* An act of an official may hold a head for long: then its election waits alone. */
static nep_status read_all(nep_db *db, work *w, nep_error *err)
{
  const nep_cast_batch *b = w->batch;
  bool alone = w->n_elections == 1;
  const char **elections = nep_alloc(w->n_elections, sizeof *elections);
  const char **texts = nep_alloc(3 * b->n, sizeof *texts);
  const char **hashes = texts + b->n, **credentials = hashes + b->n;
  for (size_t i = 0; i < w->n_elections; i++)
    elections[i] = w->elections[i].uuid;
  for (size_t i = 0; i < b->n; i++) {
    texts[i] = b->casts[i]->uuid;
    hashes[i] = b->casts[i]->hash;
    credentials[i] = b->casts[i]->credential;
  }
  nep_casting_question question = {elections, w->n_elections, alone, texts,
                                   hashes,    credentials,    b->n};
  nep_casting_reader reader = {note_head, note_known, w};
  nep_status st = nep_db_casting_read(db, &question, &reader, err);
  free(texts);
  free(elections);
  if (st == NEP_OK && alone && !w->elections[0].held)
    st = nep_fail(err, NEP_E_NOT_FOUND, "election", "uuid", "there is no election %s",
                  w->elections[0].uuid);
  return st;
}

/* ---- what is stored now ---- */

static void repeat(nep_cast *cast, const nep_cast *same)
{
  cast->stored_before = true;
  if (strcmp(cast->statement_hash, same->statement_hash) != 0) {
    cast->last = same->sequence;
    refuse(cast, "cast-order");
    return;
  }
  cast->fate = NEP_CAST_REPEATED;
  cast->height = same->height;
  cast->time = same->time;
  memcpy(cast->event, same->event, sizeof cast->event);
}

/* Other ballots of the credential in this batch come after this one. */
static void note_stored(work *w, size_t stored)
{
  nep_cast **casts = w->batch->casts;
  for (size_t i = stored; i < w->batch->n; i++)
    if (w->of[i] == w->of[stored] && strcmp(casts[i]->credential, casts[stored]->credential) == 0) {
      casts[i]->last = casts[stored]->sequence;
      casts[i]->voted = true;
    }
}

static void add_all(work *w, nep_fresh_casts *f)
{
  for (size_t i = 0; i < w->batch->n; i++) {
    nep_cast *cast = w->batch->casts[i];
    election *e = w->of[i];
    if (cast->fate != NEP_CAST_STORED)
      continue;
    const nep_cast *same = nep_fresh_casts_twin(f, cast);
    if (same != NULL)
      repeat(cast, same);
    else if (cast->sequence <= cast->last)
      refuse(cast, "cast-order");
    else {
      e->at.head.voted += cast->voted ? 0 : 1;
      e->grown = true;
      nep_fresh_casts_add(f, cast, &e->at);
      note_stored(w, i);
    }
  }
}

static nep_status insert(nep_db *db, const work *w, const nep_cast_rows *rows, nep_error *err)
{
  const char **uuids = nep_alloc(w->n_elections, sizeof *uuids);
  const nep_head_row **heads = nep_alloc(w->n_elections, sizeof *heads);
  size_t n = 0;
  for (size_t i = 0; i < w->n_elections; i++)
    if (w->elections[i].grown) {
      uuids[n] = w->elections[i].uuid;
      heads[n++] = &w->elections[i].at.head;
    }
  nep_status st = nep_db_casts_store(db, rows, uuids, heads, n, err);
  free(heads);
  free(uuids);
  return st;
}

static nep_status store(nep_db *db, work *w, nep_error *err)
{
  nep_fresh_casts f;
  nep_status st = NEP_OK;
  nep_fresh_casts_new(&f, w->batch->n);
  add_all(w, &f);
  w->inserted = f.rows.n > 0;
  if (w->inserted)
    st = insert(db, w, &f.rows, err);
  nep_fresh_casts_free(&f);
  return st;
}

/* No earlier than any event that stands, as events are dated: a refusal must not seem to come from
   before what was accepted already. */
static void date_refusals(work *w)
{
  for (size_t i = 0; i < w->batch->n; i++)
    if (w->batch->casts[i]->fate == NEP_CAST_REFUSED)
      w->batch->casts[i]->time = w->of[i]->at.head.event_time;
}

static nep_status commit_work(nep_db *db, void *ctx, nep_error *err)
{
  work *w = ctx;
  begin(w);
  nep_status st = read_all(db, w, err);
  if (st == NEP_OK)
    st = store(db, w, err);
  date_refusals(w);
  return st;
}

nep_status nep_cast_commit(nep_cast_batch *b, nep_error *err)
{
  work w;
  work_new(&w, b);
  nep_status st = nep_db_transaction(b->service->casting, true, commit_work, &w, err);
  if (st == NEP_OK && w.inserted)
    atomic_fetch_add(&b->service->counters.cast_transactions, 1);
  work_free(&w);
  return st;
}
