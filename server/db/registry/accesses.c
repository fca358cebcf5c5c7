#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_accesses(nep_db *db, const char *person, int64_t limit, nep_db_access_each *each,
                           void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "accesses", "SELECT extract(epoch FROM at)::bigint, action, address FROM registry.accesses "
                  "WHERE person = $1 ORDER BY id DESC LIMIT $2"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, person);
  nep_param_int(&p, limit);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    st =
        each(ctx, nep_row_int(rows, i, 0), nep_row_text(rows, i, 1), nep_row_text(rows, i, 2), err);
  nep_rows_free(rows);
  return st;
}
