#include "server/db/official.h"
#include "server/db/statement.h"

nep_status nep_db_official_add(const char *conninfo, const char *name, const char *key,
                               nep_error *err)
{
  static const nep_statement s = {"official_add",
                                  "INSERT INTO official.officials (name, key) VALUES ($1, $2)"};
  nep_params p = {0};
  nep_db *db = NULL;
  nep_status st = nep_db_connect(conninfo, &db, err);
  if (st != NEP_OK)
    return st;
  nep_param_text(&p, name);
  nep_param_text(&p, key);
  st = nep_db_do(db, &s, &p, err);
  if (st == NEP_E_CHECK)
    st = nep_fail(err, NEP_E_STATE, "official-known", name,
                  "an official with this name or this key is there already");
  nep_db_close(db);
  return st;
}
