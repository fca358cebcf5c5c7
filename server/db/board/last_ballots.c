#include "server/db/board.h"
#include "server/db/statement.h"

/* protocol.md §10: for each credential the last ballot counts. Numbers grow with heights; ballots
   of elections from before there were statements have none. */
nep_status nep_db_last_ballots(nep_db *db, const char *uuid, const char *after, int64_t limit,
                               nep_db_last_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "last_ballots", "SELECT DISTINCT ON (credential) credential, body FROM board.events "
                      "WHERE uuid = $1 AND credential > $2 "
                      "ORDER BY credential, sequence DESC, height DESC LIMIT $3"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_text(&p, after);
  nep_param_int(&p, limit);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    st = each(ctx, nep_row_text(rows, i, 0), nep_row_bytes(rows, i, 1), err);
  nep_rows_free(rows);
  return st;
}
