#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_ballots_page(nep_db *db, const char *uuid, int64_t after, int64_t limit,
                               nep_db_page_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {"ballots_page",
                                  "SELECT height, payload::text, credential, hash::text "
                                  "FROM board.events WHERE uuid = $1 AND height > $2 AND type = "
                                  "'Ballot' ORDER BY height LIMIT $3"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_int(&p, after);
  nep_param_int(&p, limit);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    st = each(ctx, nep_row_int(rows, i, 0), nep_row_text(rows, i, 1), nep_row_text(rows, i, 2),
              nep_row_text(rows, i, 3), err);
  nep_rows_free(rows);
  return st;
}
