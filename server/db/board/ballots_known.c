#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_ballots_known(nep_db *db, const char *uuid, const char *const *hashes, size_t n,
                                nep_db_known_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {"ballots_known",
                                  "SELECT b.hash::text, coalesce(c.hash::text, ''), b.height, "
                                  "e.hash::text, extract(epoch FROM e.at)::bigint "
                                  "FROM board.ballots b JOIN board.events e USING (uuid, height) "
                                  "LEFT JOIN board.casts c USING (uuid, height) "
                                  "WHERE b.uuid = $1 AND b.hash = ANY ($2::text[])"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_texts(&p, hashes, n);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    each(ctx, nep_row_text(rows, i, 0), nep_row_text(rows, i, 1), nep_row_int(rows, i, 2),
         nep_row_text(rows, i, 3), nep_row_int(rows, i, 4));
  nep_rows_free(rows);
  return st;
}
