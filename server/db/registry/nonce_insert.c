#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_nonce_insert(nep_db *db, const char *hash, int64_t expires, nep_error *err)
{
  static const nep_statement s = {
      "nonce_insert",
      "INSERT INTO registry.sign_in_nonces (nonce_hash, expires) VALUES ($1, to_timestamp($2))"};
  nep_params p = {0};
  nep_param_text(&p, hash);
  nep_param_time(&p, expires);
  return nep_db_do(db, &s, &p, err);
}
