#include "server/db/official.h"
#include "server/db/statement.h"

nep_status nep_db_official_revoke(const char *conninfo, const char *name, nep_error *err)
{
  static const nep_statement s = {"official_revoke",
                                  "INSERT INTO official.revocations (name) VALUES ($1)"};
  nep_params p = {0};
  nep_db *db = NULL;
  nep_status st = nep_db_connect(conninfo, &db, err);
  if (st != NEP_OK)
    return st;
  nep_param_text(&p, name);
  st = nep_db_do(db, &s, &p, err);
  if (st == NEP_E_CHECK)
    st = nep_fail(err, NEP_E_STATE, "official-unknown", name,
                  "there is no such official, or the key is revoked already");
  nep_db_close(db);
  return st;
}
