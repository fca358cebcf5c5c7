#include "server/service/showing.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/casts.h"

enum { EVENTS_AT_ONCE = 256 };

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
    return nep_db_casts_chain(db, p->uuid, p->from + 1, p->to + 1, add_cast, p, err);
  return nep_db_events_chain(db, p->uuid, p->from, p->to, add_text, p, err);
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

/* It is asked each time what it knows: another server may have shown it that, or it began anew. */
static nep_status show_all(nep_service *s, nep_signed_chain chain, const char *uuid, int64_t height,
                           nep_error *err)
{
  page *p = nep_alloc(1, sizeof *p);
  uint64_t known = 0;
  p->chain = chain;
  p->uuid = uuid;
  nep_status st = nep_signer_known(s->signer, p->chain, p->uuid, &known, err);
  while (st == NEP_OK && (int64_t)known <= height) {
    p->from = (int64_t)known;
    p->to = height - p->from < EVENTS_AT_ONCE ? height : p->from + EVENTS_AT_ONCE - 1;
    st = show_page(s, p, err);
    if (st == NEP_OK)
      st = nep_signer_known(s->signer, p->chain, p->uuid, &known, err);
  }
  for (size_t i = 0; i < EVENTS_AT_ONCE; i++)
    nep_buf_free(&p->texts[i]);
  free(p);
  return st;
}

nep_status nep_signer_catch_up(nep_service *s, nep_signed_chain chain, const char *uuid,
                               int64_t height, nep_error *err)
{
  uint64_t known = 0;
  nep_turn mine = {.kind = (int)chain, .uuid = uuid};
  nep_status st = nep_signer_known(s->signer, chain, uuid, &known, err);
  if (st != NEP_OK || (int64_t)known > height)
    return st;
  mine.is_long = height - (int64_t)known >= EVENTS_AT_ONCE; /* more than one page */
  if (!nep_turn_begin(s->showings, &mine)) {
    (void)nep_fail(
        err, NEP_E_BUSY, "signer-behind", uuid,
        "nep-signer is being shown the record again, and signs no head before it knows all "
        "of it");
    return nep_advise(err, "ask again in a few seconds");
  }
  st = show_all(s, chain, uuid, height, err);
  nep_turn_end(s->showings, &mine);
  return st;
}
