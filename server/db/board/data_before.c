#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_data_before(nep_db *db, const char *uuid, int64_t height, nep_db_data_each *each,
                              void *ctx, nep_error *err)
{
  static const nep_statement s = {"data_before", "SELECT body, hash::text FROM board.data "
                                                 "WHERE uuid = $1 AND height = $2 ORDER BY kind"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_int(&p, height);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    st = each(ctx, nep_row_bytes(rows, i, 0), nep_row_text(rows, i, 1), err);
  nep_rows_free(rows);
  return st;
}
