#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_registered(nep_db *db, const char *nonce, nep_db_registered_each *each, void *ctx,
                             nep_error *err)
{
  static const nep_statement s = {"registered", "SELECT uuid::text FROM registry.registered "
                                                "WHERE nonce = $1 ORDER BY uuid"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, nonce);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    st = each(ctx, nep_row_text(rows, i, 0), err);
  nep_rows_free(rows);
  return st;
}
