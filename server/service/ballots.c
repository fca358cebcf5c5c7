/* The bulletin board: ballots page by page, and one by its tracker. */
#include <string.h>

#include "base/encode.h"
#include "server/service/inside.h"

enum { PAGE_MAX = 1000 };

typedef struct page {
  const char *uuid;
  int64_t after, limit;
  int64_t last; /* height of the last ballot on the page */
  int64_t n;
  nep_buf *json;
} page;

static nep_status add_ballot(void *ctx, int64_t height, const char *hash, const char *credential,
                             const char *event, nep_error *err)
{
  page *p = ctx;
  char tracker[44];
  if (p->n == p->limit) { /* one more was asked for, to know whether there is a next page */
    p->n++;
    return NEP_OK;
  }
  if (!nep_tracker(hash, tracker))
    return nep_fail(err, NEP_E_INTERNAL, "stored-hash", "ballot", "a stored hash is malformed");
  nep_buf_printf(p->json, "%s{\"height\":%lld", p->n++ == 0 ? "" : ",", (long long)height);
  nep_member_string(p->json, "tracker", tracker);
  nep_member_string(p->json, "credential", credential);
  nep_member_string(p->json, "event", event);
  nep_buf_char(p->json, '}');
  p->last = height;
  return NEP_OK;
}

static nep_status read_page(nep_db *db, void *ctx, nep_error *err)
{
  page *p = ctx;
  nep_head_row head;
  p->n = 0;
  nep_buf_clear(p->json);
  nep_buf_str(p->json, "{\"ballots\":[");
  nep_status st = nep_db_head_get(db, p->uuid, &head, err);
  if (st == NEP_OK)
    st = nep_db_ballots_page(db, p->uuid, p->after, p->limit + 1, add_ballot, p, err);
  if (st != NEP_OK)
    return st;
  if (p->n > p->limit)
    nep_buf_printf(p->json, "],\"next\":%lld}", (long long)p->last);
  else
    nep_buf_str(p->json, "],\"next\":null}");
  return NEP_OK;
}

nep_status nep_ballots_page(nep_service *s, const char *uuid, uint64_t after, unsigned limit,
                            nep_buf *json, nep_error *err)
{
  if (limit == 0 || limit > PAGE_MAX)
    return nep_fail(err, NEP_E_INPUT, "limit", "limit", "a page has 1 to %d ballots", PAGE_MAX);
  if (after > INT64_MAX)
    return nep_fail(err, NEP_E_INPUT, "after", "after", "there is no such height");
  page p = {.uuid = uuid, .after = (int64_t)after, .limit = limit, .json = json};
  return nep_db_transaction(s->board, true, read_page, &p, err);
}

typedef struct one {
  const char *uuid;
  char hash[65];
  nep_buf *bytes;
} one;

static nep_status read_one(nep_db *db, void *ctx, nep_error *err)
{
  one *o = ctx;
  nep_head_row head;
  nep_buf_clear(o->bytes);
  nep_status st = nep_db_head_get(db, o->uuid, &head, err);
  return st == NEP_OK ? nep_db_ballot_get(db, o->uuid, o->hash, o->bytes, err) : st;
}

nep_status nep_ballot_get(nep_service *s, const char *uuid, const char *tracker, nep_buf *bytes,
                          nep_error *err)
{
  one o = {.uuid = uuid, .bytes = bytes};
  uint8_t raw[32];
  size_t len = 0, text = strlen(tracker);
  bool read = nep_unbase64(tracker, text, raw, sizeof raw, &len) ||
              nep_unbase64url(tracker, text, raw, sizeof raw, &len);
  if (!read || len != sizeof raw)
    return nep_fail(err, NEP_E_INPUT, "tracker", "tracker",
                    "a tracker is 43 characters of base64 (or its form for addresses)");
  nep_hex(raw, sizeof raw, o.hash);
  return nep_db_transaction(s->board, true, read_one, &o, err);
}
