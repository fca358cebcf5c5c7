#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_challenges_count(nep_db *db, const char *uuid, const char *credential,
                                   nep_challenge_counts *out, nep_error *err)
{
  static const nep_statement s = {
      "challenges_count",
      "SELECT (SELECT coalesce(max(number), 0) FROM board.challenges WHERE uuid = $1), "
      "(SELECT count(*) FROM board.challenges WHERE uuid = $1 AND credential = $2), "
      "(SELECT count(*) FROM (SELECT FROM board.events WHERE uuid = $1 AND credential = $2 "
      "LIMIT $3) AS few)"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_text(&p, credential);
  nep_param_int(&p, NEP_COMPARED_BALLOTS + 1);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK)
    *out = (nep_challenge_counts){.last = nep_row_int(rows, 0, 0),
                                  .own = nep_row_int(rows, 0, 1),
                                  .ballots = nep_row_int(rows, 0, 2)};
  nep_rows_free(rows);
  return st;
}
