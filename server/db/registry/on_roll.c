#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_on_roll(nep_db *db, const char *uuid, const char *person, bool *found,
                          nep_error *err)
{
  static const nep_statement s = {
      "on_roll", "SELECT 1::bigint FROM registry.rolls WHERE uuid = $1 AND identifier = $2"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_text(&p, person);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK)
    *found = nep_rows_count(rows) == 1;
  nep_rows_free(rows);
  return st;
}
