#include "server/db/board/read.h"
#include "server/db/casting/read.h"

nep_status nep_casting_heads_ask(nep_db *db, const nep_casting_question *q, nep_rows **rows,
                                 nep_error *err)
{
  static const nep_statement s = {"casting_heads",
                                  "SELECT " NEP_HEAD_COLUMNS
                                  ", c.height, coalesce(c.event::text, ''), c.casts_end, "
                                  "floor(extract(epoch FROM clock_timestamp()))::bigint, w.i "
                                  "FROM unnest($1::text[]) WITH ORDINALITY AS w (uuid, i) "
                                  "JOIN board.heads h ON h.uuid = w.uuid LEFT JOIN LATERAL "
                                  "(SELECT s.height, s.event, s.casts_end FROM board.casts s WHERE "
                                  "s.uuid = w.uuid ORDER BY s.height DESC LIMIT 1) AS c "
                                  "ON true"};
  nep_params p = {0};
  nep_param_texts(&p, q->elections, q->n_elections);
  return nep_db_ask(db, &s, &p, rows, err);
}

void nep_casting_heads_take(const nep_rows *rows, const nep_casting_reader *reader)
{
  enum { CASTS = NEP_HEAD_N_COLUMNS };
  for (size_t k = 0; k < nep_rows_count(rows); k++) {
    nep_casting_head found = {.now = nep_row_int(rows, k, CASTS + 3)};
    nep_row_head(rows, k, &found.head);
    found.casts.height = nep_row_int(rows, k, CASTS);
    nep_row_copy(rows, k, CASTS + 1, found.casts.event, sizeof found.casts.event);
    found.casts.casts_end = nep_row_int(rows, k, CASTS + 2);
    reader->head(reader->ctx, (size_t)nep_row_int(rows, k, CASTS + 4) - 1, &found);
  }
}
