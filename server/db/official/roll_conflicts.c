#include "server/db/official.h"
#include "server/db/statement.h"

nep_status nep_db_roll_conflicts(nep_db *db, const char *uuid, nep_db_line_each *each, void *ctx,
                                 nep_error *err)
{
  static const nep_statement s = {"roll_conflicts",
                                  "SELECT s.line FROM pg_temp.staged_roll s JOIN registry.rolls r "
                                  "ON r.uuid = $1 AND r.identifier = s.identifier ORDER BY s.line"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    each(ctx, nep_row_int(rows, i, 0));
  nep_rows_free(rows);
  return st;
}
