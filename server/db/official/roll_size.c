#include "server/db/official.h"
#include "server/db/statement.h"

nep_status nep_db_roll_size(nep_db *db, const char *uuid, int64_t *rows, nep_error *err)
{
  static const nep_statement s = {"roll_size",
                                  "SELECT count(*) FROM registry.rolls WHERE uuid = $1"};
  nep_params p = {0};
  nep_rows *found = NULL;
  nep_param_text(&p, uuid);
  nep_status st = nep_db_run(db, &s, &p, &found, err);
  if (st == NEP_OK)
    *rows = nep_row_int(found, 0, 0);
  nep_rows_free(found);
  return st;
}
