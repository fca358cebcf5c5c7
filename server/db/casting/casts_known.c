#include "server/db/casting.h"
#include "server/db/statement.h"

nep_status nep_db_casts_known(nep_db *db, const char *const *uuids, const char *const *hashes,
                              const char *const *credentials, size_t n, nep_db_known_each *each,
                              void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "casts_known",
      "SELECT w.i, b.height, coalesce(b.statement, ''), coalesce(b.event, ''), b.at, "
      "(SELECT c.sequence FROM board.casts c WHERE c.uuid = w.uuid AND c.credential = w.credential "
      "ORDER BY c.sequence DESC LIMIT 1), "
      "EXISTS (SELECT FROM board.ballots o WHERE o.uuid = w.uuid AND o.credential = w.credential) "
      "FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY "
      "AS w (uuid, hash, credential, i) LEFT JOIN LATERAL "
      "(SELECT b.height, c.hash::text AS statement, e.hash::text AS event, "
      "extract(epoch FROM e.at)::bigint AS at "
      "FROM board.ballots b JOIN board.events e USING (uuid, height) "
      "LEFT JOIN board.casts c USING (uuid, height) "
      "WHERE b.uuid = w.uuid AND b.hash = w.hash LIMIT 1) AS b ON true"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_texts(&p, uuids, n);
  nep_param_texts(&p, hashes, n);
  nep_param_texts(&p, credentials, n);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t k = 0; st == NEP_OK && k < nep_rows_count(rows); k++) {
    nep_known_cast known = {.stored = !nep_row_null(rows, k, 1),
                            .height = nep_row_int(rows, k, 1),
                            .statement = nep_row_text(rows, k, 2),
                            .event = nep_row_text(rows, k, 3),
                            .at = nep_row_int(rows, k, 4),
                            .last = nep_row_int(rows, k, 5),
                            .voted = nep_row_bool(rows, k, 6)};
    each(ctx, (size_t)nep_row_int(rows, k, 0) - 1, &known);
  }
  nep_rows_free(rows);
  return st;
}
