/* The board's two chains against what nep-signer remembers of them, outside the database. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/casts.h"
#include "server/service/inside.h"

enum { EVENTS_AT_ONCE = 256 };

/* ---- showing it what is new ---- */

typedef struct page {
  nep_signed_chain chain;
  const char *uuid;
  int64_t from, to;
  nep_buf texts[EVENTS_AT_ONCE];
  size_t n;
} page;

static nep_status has_room(const page *p, nep_error *err)
{
  if (p->n < EVENTS_AT_ONCE)
    return NEP_OK;
  return nep_fail(err, NEP_E_INTERNAL, "event", p->uuid, "more events than were asked for");
}

static nep_status add_text(void *ctx, const nep_event_row *e, nep_error *err)
{
  page *p = ctx;
  char hash[65];
  nep_status st = has_room(p, err);
  if (st == NEP_OK)
    nep_event_row_text(e, &p->texts[p->n++], hash);
  return st;
}

static nep_status add_cast(void *ctx, const nep_cast_row *c, nep_error *err)
{
  page *p = ctx;
  char hash[65];
  nep_status st = has_room(p, err);
  if (st == NEP_OK)
    nep_casts_event(c->parent, (uint64_t)c->height - 1, c->hash, &p->texts[p->n++], hash);
  return st;
}

static nep_status read_page(nep_db *db, void *ctx, nep_error *err)
{
  page *p = ctx;
  for (size_t i = 0; i < p->n; i++)
    nep_buf_clear(&p->texts[i]);
  p->n = 0;                         /* when the transaction is run again */
  if (p->chain == NEP_SIGNED_CASTS) /* the n-th statement is that of the ballot at height n + 1 */
    return nep_db_casts_range(db, p->uuid, p->from + 1, p->to + 1, add_cast, p, err);
  return nep_db_events_range(db, p->uuid, p->from, p->to, add_text, p, err);
}

static nep_status show_page(nep_service *s, page *p, nep_error *err)
{
  nep_bytes texts[EVENTS_AT_ONCE];
  nep_status st = nep_db_transaction(s->board, true, read_page, p, err);
  for (size_t i = 0; i < p->n; i++)
    texts[i] = nep_buf_bytes(&p->texts[i]);
  if (st == NEP_OK && p->n != (size_t)(p->to - p->from + 1))
    st = nep_fail(err, NEP_E_INTERNAL, "event", p->uuid, "an event below the head is missing");
  return st == NEP_OK ? nep_signer_events(s->signer, p->chain, p->uuid, texts, p->n, err) : st;
}

nep_status nep_signer_catch_up(nep_service *s, nep_signed_chain chain, const char *uuid,
                               int64_t height, nep_error *err)
{
  uint64_t known = 0;
  nep_status st = nep_signer_known(s->signer, chain, uuid, &known, err);
  page *p = nep_alloc(1, sizeof *p);
  p->chain = chain;
  p->uuid = uuid;
  for (int64_t from = (int64_t)known; st == NEP_OK && from <= height; from = p->to + 1) {
    p->from = from;
    p->to = height - from < EVENTS_AT_ONCE ? height : from + EVENTS_AT_ONCE - 1;
    st = show_page(s, p, err);
  }
  for (size_t i = 0; i < EVENTS_AT_ONCE; i++)
    nep_buf_free(&p->texts[i]);
  free(p);
  return st;
}

/* ---- at the start ---- */

typedef struct signed_event {
  nep_signed_chain chain;
  const char *uuid, *event;
  int64_t height;
} signed_event;

static nep_status refuse(const signed_event *e, const char *code, const char *what, nep_error *err)
{
  nep_fail(err, NEP_E_STATE, code, e->uuid, "nep-signer signed the event %s at height %lld%s, %s",
           e->event, (long long)e->height,
           e->chain == NEP_SIGNED_CASTS ? " of the cast statements" : "", what);
  return nep_advise(err, "this is not the newest database: nothing is served until the newest copy "
                         "is restored");
}

/* NEP_E_NOT_FOUND when the board has none. */
static nep_status find_event(nep_db *db, const signed_event *e, char event[65], nep_error *err)
{
  int64_t end = 0;
  nep_casts_head head;
  if (e->chain == NEP_SIGNED_ARCHIVE)
    return nep_db_event_get(db, e->uuid, e->height, event, &end, err);
  nep_status st = nep_db_casts_head(db, e->uuid, e->height + 1, &head, err);
  if (st == NEP_OK && head.height != e->height + 1)
    return NEP_E_NOT_FOUND;
  memcpy(event, head.event, sizeof head.event);
  return st;
}

static nep_status compare_one(nep_db *db, void *ctx, nep_error *err)
{
  const signed_event *e = ctx;
  char stored[65];
  nep_status st = find_event(db, e, stored, err);
  if (st == NEP_E_NOT_FOUND)
    return refuse(e, "board-went-back", "the database has no event of this height", err);
  if (st == NEP_OK && strcmp(stored, e->event) != 0)
    return refuse(e, "board-forked", "the database has another event of this height", err);
  return st;
}

typedef struct comparison {
  nep_service *service;
  nep_signed_chain chain;
} comparison;

static nep_status compare_in_transaction(void *ctx, const char *uuid, int64_t height,
                                         const char *event, nep_error *err)
{
  const comparison *c = ctx;
  signed_event e = {.chain = c->chain, .uuid = uuid, .event = event, .height = height};
  return nep_db_transaction(c->service->board, true, compare_one, &e, err);
}

nep_status nep_board_compare(nep_service *s, nep_error *err)
{
  comparison c = {s, NEP_SIGNED_ARCHIVE};
  nep_status st = nep_signer_memory(s->signer, c.chain, compare_in_transaction, &c, err);
  c.chain = NEP_SIGNED_CASTS;
  return st == NEP_OK ? nep_signer_memory(s->signer, c.chain, compare_in_transaction, &c, err) : st;
}
