#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_first_votes(nep_db *db, const char *uuid, const char *const *credentials,
                              size_t n, int64_t *count, nep_error *err)
{
  static const nep_statement s = {"first_votes",
                                  "SELECT count(DISTINCT c)::bigint FROM unnest($2::text[]) AS c "
                                  "WHERE NOT EXISTS (SELECT FROM board.ballots b "
                                  "WHERE b.uuid = $1 AND b.credential = c)"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_texts(&p, credentials, n);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK)
    *count = nep_row_int(rows, 0, 0);
  nep_rows_free(rows);
  return st;
}
