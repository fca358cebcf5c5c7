#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_challenges_of(nep_db *db, const char *uuid, const char *const *credentials,
                                size_t n, nep_db_revealed_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {"challenges_of",
                                  "SELECT credential, message::text FROM board.challenges "
                                  "WHERE uuid = $1 AND credential = ANY ($2::text[])"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_texts(&p, credentials, n);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    each(ctx, nep_row_text(rows, i, 0), nep_row_text(rows, i, 1));
  nep_rows_free(rows);
  return st;
}
