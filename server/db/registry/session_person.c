#include "base/memory.h"
#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_session_person(nep_db *db, const char *hash, char **person, nep_error *err)
{
  static const nep_statement s = {"session_person",
                                  "SELECT person FROM registry.sessions WHERE token_hash = $1 "
                                  "AND expires > clock_timestamp()"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  *person = NULL;
  nep_param_text(&p, hash);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) == 1)
    *person = nep_strdup(nep_row_text(rows, 0, 0));
  nep_rows_free(rows);
  return st;
}
