#include "server/db/statement.h"

nep_status nep_db_clock(nep_db *db, int64_t *seconds, nep_error *err)
{
  static const nep_statement s = {"clock",
                                  "SELECT floor(extract(epoch FROM clock_timestamp()))::bigint"};
  nep_params params = {0};
  nep_rows *rows = NULL;
  nep_status st = nep_db_run(db, &s, &params, &rows, err);
  if (st == NEP_OK)
    *seconds = nep_row_int(rows, 0, 0);
  nep_rows_free(rows);
  return st;
}
