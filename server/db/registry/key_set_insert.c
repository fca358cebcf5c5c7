#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_key_set_insert(nep_db *db, const char *hash, nep_bytes body, nep_error *err)
{
  static const nep_statement s = {
      "key_set_insert",
      "INSERT INTO registry.key_sets (hash, body) VALUES ($1, $2) ON CONFLICT DO NOTHING"};
  nep_params p = {0};
  nep_param_text(&p, hash);
  nep_param_bytes(&p, body);
  return nep_db_do(db, &s, &p, err);
}
