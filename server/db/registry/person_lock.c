#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_person_lock(nep_db *db, const char *event, const char *person, nep_error *err)
{
  static const nep_statement s = {
      "person_lock",
      "SELECT pg_advisory_xact_lock(hashtextextended(format('%L %L', $1::text, $2::text), 0))"};
  nep_params p = {0};
  nep_param_text(&p, event);
  nep_param_text(&p, person);
  return nep_db_do(db, &s, &p, err);
}
