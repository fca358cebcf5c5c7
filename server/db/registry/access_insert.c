#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_access_insert(nep_db *db, const char *person, int64_t at, const char *action,
                                const char *address, nep_error *err)
{
  static const nep_statement s = {"access_insert",
                                  "INSERT INTO registry.accesses (person, at, action, address) "
                                  "VALUES ($1, to_timestamp($2), $3, $4)"};
  nep_params p = {0};
  nep_param_text(&p, person);
  nep_param_time(&p, at);
  nep_param_text(&p, action);
  nep_param_text(&p, address);
  return nep_db_do(db, &s, &p, err);
}
