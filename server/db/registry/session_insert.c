#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_session_insert(nep_db *db, const char *hash, const char *person, int64_t expires,
                                 nep_error *err)
{
  static const nep_statement s = {"session_insert",
                                  "INSERT INTO registry.sessions (token_hash, person, expires) "
                                  "VALUES ($1, $2, to_timestamp($3))"};
  nep_params p = {0};
  nep_param_text(&p, hash);
  nep_param_text(&p, person);
  nep_param_time(&p, expires);
  return nep_db_do(db, &s, &p, err);
}
