#include "server/db/official.h"
#include "server/db/statement.h"

nep_status nep_db_roll_insert(nep_db *db, const char *uuid, nep_error *err)
{
  static const nep_statement s = {
      "roll_insert", "INSERT INTO registry.rolls (uuid, identifier, name, birth_date, weight) "
                     "SELECT $1, identifier, name, birth_date, weight FROM pg_temp.staged_roll"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  return nep_db_do(db, &s, &p, err);
}
