#include "base/memory.h"
#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_hold_phase(nep_db *db, const char *uuid, nep_held_election *out, nep_error *err)
{
  static const nep_statement s = {
      "hold_phase",
      "SELECT phase, event, group_name, registration_closes FROM board.hold_phase($1) "
      "WHERE phase IS NOT NULL"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) == 0)
    st = nep_fail(err, NEP_E_NOT_FOUND, "election", "uuid", "there is no election %s", uuid);
  if (st == NEP_OK) {
    *out = (nep_held_election){.event = nep_strdup(nep_row_text(rows, 0, 1)),
                               .registration_closes = nep_row_int(rows, 0, 3)};
    nep_row_copy(rows, 0, 0, out->phase, sizeof out->phase);
    nep_row_copy(rows, 0, 2, out->group, sizeof out->group);
  }
  nep_rows_free(rows);
  return st;
}
