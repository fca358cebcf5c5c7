#include <stdlib.h>

#include "base/memory.h"
#include "server/db/board/read.h"
#include "server/db/casting/read.h"

/* Of the head's event and no other: what was found for a head before a wait may be another's. */
#define EVENT_TIME "CASE WHEN e.height = h.height THEN e.at END"
/* While an election is open, its last statement is that of its last event, a ballot. */
#define STATEMENT                                                                                  \
  "CASE WHEN e.cast_event IS NOT NULL THEN e.height END, coalesce(e.cast_event, ''), e.casts_end "
#define HEADS(how)                                                                                 \
  "SELECT h.uuid::text, " NEP_HEAD_COLUMNS_AT(                                                     \
      EVENT_TIME) ", " STATEMENT "FROM board.heads h LEFT JOIN LATERAL "                           \
                  "(SELECT e.height, extract(epoch FROM e.at)::bigint AS at, e.cast_event, "       \
                  "e.casts_end "                                                                   \
                  "FROM board.events e WHERE e.uuid = h.uuid AND e.height = h.height LIMIT 1) AS " \
                  "e ON true "                                                                     \
                  "WHERE h.uuid = ANY ($1::text[]) ORDER BY h.uuid FOR UPDATE OF h" how

enum { UUID, HEAD, CASTS = HEAD + NEP_HEAD_N_COLUMNS };

nep_status nep_casting_heads_ask(nep_db *db, const nep_casting_question *q, nep_rows **rows,
                                 nep_error *err)
{
  static const nep_statement waiting = {"casting_heads", HEADS("")},
                             passing = {"casting_heads_free", HEADS(" SKIP LOCKED")};
  nep_params p = {0};
  nep_param_texts(&p, q->elections, q->n_elections);
  return nep_db_ask(db, q->wait ? &waiting : &passing, &p, rows, err);
}

nep_status nep_casting_heads_again(nep_db *db, const nep_rows *held, nep_rows **rows,
                                   nep_error *err)
{
  nep_casting_question q = {.n_elections = nep_rows_count(held), .wait = true};
  const char **uuids = nep_alloc(q.n_elections, sizeof *uuids);
  for (size_t i = 0; i < q.n_elections; i++)
    uuids[i] = nep_row_text(held, i, UUID);
  q.elections = uuids;
  nep_status st = nep_casting_heads_ask(db, &q, rows, err);
  free(uuids);
  return st;
}

bool nep_casting_heads_are_whole(const nep_rows *rows)
{
  for (size_t i = 0; i < nep_rows_count(rows); i++) {
    nep_head_row head;
    nep_row_head(rows, i, HEAD, &head);
    if (head.has_event && head.event_time == 0)
      return false;
    if (head.phase == NEP_PHASE_OPEN && head.ballots > 0 &&
        nep_row_int(rows, i, CASTS) != head.height)
      return false;
  }
  return true;
}

void nep_casting_heads_take(const nep_rows *rows, int64_t now, const nep_casting_reader *reader)
{
  for (size_t i = 0; i < nep_rows_count(rows); i++) {
    nep_casting_head found = {.now = now};
    nep_row_head(rows, i, HEAD, &found.head);
    found.casts.height = nep_row_int(rows, i, CASTS);
    nep_row_copy(rows, i, CASTS + 1, found.casts.event, sizeof found.casts.event);
    found.casts.casts_end = nep_row_int(rows, i, CASTS + 2);
    reader->head(reader->ctx, nep_row_text(rows, i, UUID), &found);
  }
}
