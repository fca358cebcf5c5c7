#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_registration_latest(nep_db *db, const char *event, const char *person,
                                      bool *found, char nonce[44], nep_error *err)
{
  static const nep_statement s = {
      "registration_latest",
      "SELECT r.nonce FROM registry.registrations r WHERE r.event = $1 AND r.person = $2 "
      "AND NOT EXISTS (SELECT FROM registry.registrations l WHERE l.replaces = r.nonce "
      "OFFSET 0)"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, event);
  nep_param_text(&p, person);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  *found = st == NEP_OK && nep_rows_count(rows) > 0;
  nonce[0] = 0;
  if (*found)
    nep_row_copy(rows, 0, 0, nonce, 44);
  nep_rows_free(rows);
  return st;
}
