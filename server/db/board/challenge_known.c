#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_challenge_known(nep_db *db, const char *uuid, const char *message,
                                  int64_t *number, int64_t *at, nep_error *err)
{
  static const nep_statement s = {"challenge_known",
                                  "SELECT number, extract(epoch FROM at)::bigint "
                                  "FROM board.challenges WHERE uuid = $1 AND message = $2"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_text(&p, message);
  *number = 0;
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) > 0) {
    *number = nep_row_int(rows, 0, 0);
    *at = nep_row_int(rows, 0, 1);
  }
  nep_rows_free(rows);
  return st;
}
