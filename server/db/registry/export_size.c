#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_export_size(nep_db *db, const char *uuid, int64_t *registrations, nep_error *err)
{
  static const nep_statement s = {"export_size", "SELECT registry.exported($1)"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK)
    *registrations = nep_row_int(rows, 0, 0);
  nep_rows_free(rows);
  return st;
}
