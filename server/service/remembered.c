/* The board's two chains against what nep-signer remembers of them, outside the database: at the
   start. */
#include <string.h>

#include "server/service/inside.h"

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
