#include "server/db/official.h"
#include "server/db/statement.h"

nep_status nep_db_official_find(nep_db *db, const char *name, bool *found, char key[65],
                                bool *revoked, nep_error *err)
{
  static const nep_statement s = {
      "official_find", "SELECT o.key::text, r.name IS NOT NULL FROM official.officials o "
                       "LEFT JOIN official.revocations r USING (name) WHERE o.name = $1"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, name);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  *found = st == NEP_OK && nep_rows_count(rows) == 1;
  if (*found) {
    nep_row_copy(rows, 0, 0, key, 65);
    *revoked = nep_row_bool(rows, 0, 1);
  }
  nep_rows_free(rows);
  return st;
}
