#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_elections_list(nep_db *db, nep_db_election_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "elections_list",
      "SELECT e.uuid::text, e.name, e.event, h.phase::text "
      "FROM board.elections e JOIN board.heads h USING (uuid) ORDER BY e.event, e.uuid"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    st = each(ctx, nep_row_text(rows, i, 0), nep_row_text(rows, i, 1), nep_row_text(rows, i, 2),
              nep_row_text(rows, i, 3), err);
  nep_rows_free(rows);
  return st;
}
