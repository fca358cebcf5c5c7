#include "server/db/board.h"
#include "server/db/statement.h"

/* The length of a body is known without reading it. */
nep_status nep_db_challenges_page(nep_db *db, const char *uuid, int64_t from, int64_t limit,
                                  int64_t bytes, nep_db_challenge_each *each, void *ctx,
                                  nep_error *err)
{
  static const nep_statement s = {
      "challenges_page",
      "SELECT number, body, extract(epoch FROM at)::bigint FROM "
      "(SELECT number, body, at, sum(length(body)) OVER (ORDER BY number) AS bytes FROM "
      "(SELECT number, body, at FROM board.challenges WHERE uuid = $1 AND number >= $2 "
      "ORDER BY number LIMIT $3) AS c) AS c "
      "WHERE bytes <= $4 OR bytes = length(body) ORDER BY number"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_int(&p, from);
  nep_param_int(&p, limit);
  nep_param_int(&p, bytes);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++) {
    nep_challenge_row row = {.number = nep_row_int(rows, i, 0),
                             .body = nep_row_bytes(rows, i, 1),
                             .at = nep_row_int(rows, i, 2)};
    st = each(ctx, &row, err);
  }
  nep_rows_free(rows);
  return st;
}
