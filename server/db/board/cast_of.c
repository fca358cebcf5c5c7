#include "server/db/board.h"
#include "server/db/statement.h"

/* Sequence numbers of a credential grow with the height of its ballots. */
nep_status nep_db_cast_of(nep_db *db, const char *uuid, const char *credential,
                          nep_db_cast_of_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "cast_of",
      "SELECT statement, payload::text, height, hash::text, extract(epoch FROM at)::bigint "
      "FROM board.events WHERE uuid = $1 AND credential = $2 AND statement IS NOT NULL "
      "ORDER BY sequence DESC LIMIT 1"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_text(&p, credential);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) > 0)
    st = each(ctx, nep_row_bytes(rows, 0, 0), nep_row_text(rows, 0, 1), nep_row_int(rows, 0, 2),
              nep_row_text(rows, 0, 3), nep_row_int(rows, 0, 4), err);
  nep_rows_free(rows);
  return st;
}
