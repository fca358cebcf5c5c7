#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_nonce_use(nep_db *db, const char *hash, bool *found, nep_error *err)
{
  static const nep_statement s = {"nonce_use",
                                  "DELETE FROM registry.sign_in_nonces WHERE nonce_hash = $1 "
                                  "AND expires > clock_timestamp() RETURNING 1::bigint"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, hash);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  *found = st == NEP_OK && nep_rows_count(rows) == 1;
  nep_rows_free(rows);
  return st;
}
