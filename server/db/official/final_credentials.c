#include "server/db/official.h"
#include "server/db/statement.h"

nep_status nep_db_final_credentials(nep_db *db, const char *uuid, nep_db_credential_each *each,
                                    void *ctx, nep_error *err)
{
  static const nep_statement s = {"final_credentials",
                                  "SELECT credential, weight FROM registry.final_credentials($1)"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    st = each(ctx, nep_row_text(rows, i, 0), !nep_row_null(rows, i, 1), nep_row_int(rows, i, 1),
              err);
  nep_rows_free(rows);
  return st;
}
