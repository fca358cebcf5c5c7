#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_additions_list(nep_db *db, const char *uuid, const char *kind,
                                 nep_db_data_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "additions_list", "SELECT body, hash::text FROM board.additions "
                        "WHERE uuid = $1 AND kind = $2::text::board.addition_kind ORDER BY number"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_text(&p, kind);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    st = each(ctx, nep_row_bytes(rows, i, 0), nep_row_text(rows, i, 1), err);
  nep_rows_free(rows);
  return st;
}
