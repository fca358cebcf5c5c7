#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_counts(nep_db *db, const char *uuid, int64_t *roll, int64_t *registered,
                         nep_error *err)
{
  static const nep_statement s = {"counts", "SELECT roll, registered FROM registry.counts($1)"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK) {
    *roll = nep_row_int(rows, 0, 0);
    *registered = nep_row_int(rows, 0, 1);
  }
  nep_rows_free(rows);
  return st;
}
