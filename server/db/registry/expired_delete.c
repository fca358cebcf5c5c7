#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_expired_delete(nep_db *db, nep_error *err)
{
  static const nep_statement s = {
      "expired_delete",
      "WITH nonces AS (DELETE FROM registry.sign_in_nonces WHERE expires < clock_timestamp()) "
      "DELETE FROM registry.sessions WHERE expires < clock_timestamp()"};
  nep_params p = {0};
  return nep_db_do(db, &s, &p, err);
}
