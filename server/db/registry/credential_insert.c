#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_credential_insert(nep_db *db, const char *uuid, const char *credential,
                                    const char *nonce, nep_error *err)
{
  static const nep_statement s = {
      "credential_insert",
      "INSERT INTO registry.credentials (uuid, credential, nonce) VALUES ($1, $2, $3)"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_text(&p, credential);
  nep_param_text(&p, nonce);
  return nep_db_do(db, &s, &p, err);
}
