#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_registered_insert(nep_db *db, const char *uuid, const char *nonce, nep_error *err)
{
  static const nep_statement s = {"registered_insert",
                                  "INSERT INTO registry.registered (uuid, nonce) VALUES ($1, $2)"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_text(&p, nonce);
  return nep_db_do(db, &s, &p, err);
}
