#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_own_registrations(nep_db *db, const char *person, nep_db_own_each *each,
                                    void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "own_registrations",
      "SELECT r.event, r.nonce, r.replaces, extract(epoch FROM r.at)::bigint, "
      "NOT EXISTS (SELECT FROM registry.registrations l WHERE l.replaces = r.nonce OFFSET 0) "
      "FROM registry.registrations r WHERE r.person = $1 ORDER BY r.event, r.at, r.nonce"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, person);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    st = each(ctx, nep_row_text(rows, i, 0), nep_row_text(rows, i, 1),
              nep_row_null(rows, i, 2) ? NULL : nep_row_text(rows, i, 2), nep_row_int(rows, i, 3),
              nep_row_bool(rows, i, 4), err);
  nep_rows_free(rows);
  return st;
}
