#include "server/db/official.h"
#include "server/db/statement.h"

nep_status nep_db_act_known(nep_db *db, const char *nonce, bool *known, nep_error *err)
{
  static const nep_statement s = {"act_known",
                                  "SELECT 1::bigint FROM official.acts WHERE nonce = $1"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, nonce);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  *known = st == NEP_OK && nep_rows_count(rows) > 0;
  nep_rows_free(rows);
  return st;
}
