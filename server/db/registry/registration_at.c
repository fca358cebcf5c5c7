#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_registration_at(nep_db *db, const char *nonce, const char *event,
                                  const char *person, bool *found, int64_t *at, nep_error *err)
{
  static const nep_statement s = {
      "registration_at", "SELECT extract(epoch FROM at)::bigint FROM registry.registrations "
                         "WHERE nonce = $1 AND event = $2 AND person = $3"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, nonce);
  nep_param_text(&p, event);
  nep_param_text(&p, person);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  *found = st == NEP_OK && nep_rows_count(rows) == 1;
  if (*found)
    *at = nep_row_int(rows, 0, 0);
  nep_rows_free(rows);
  return st;
}
