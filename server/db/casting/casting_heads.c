#include "server/db/board/read.h"
#include "server/db/casting.h"

nep_status nep_db_casting_heads(nep_db *db, const char *const *uuids, size_t n,
                                nep_db_casting_head_each *each, void *ctx, nep_error *err)
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
  enum { CASTS = NEP_HEAD_N_COLUMNS };
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_texts(&p, uuids, n);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t k = 0; st == NEP_OK && k < nep_rows_count(rows); k++) {
    nep_casting_head found = {.now = nep_row_int(rows, k, CASTS + 3)};
    nep_row_head(rows, k, &found.head);
    found.casts.height = nep_row_int(rows, k, CASTS);
    nep_row_copy(rows, k, CASTS + 1, found.casts.event, sizeof found.casts.event);
    found.casts.casts_end = nep_row_int(rows, k, CASTS + 2);
    each(ctx, (size_t)nep_row_int(rows, k, CASTS + 4) - 1, &found);
  }
  nep_rows_free(rows);
  return st;
}
