#include "server/db/casting.h"
#include "server/db/statement.h"

nep_status nep_db_challenges_of(nep_db *db, const char *const *uuids,
                                const char *const *credentials, size_t n,
                                nep_db_revealed_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "challenges_of", "SELECT w.i, c.message FROM unnest($1::text[], $2::text[]) WITH ORDINALITY "
                       "AS w (uuid, credential, i) CROSS JOIN LATERAL "
                       "(SELECT c.message::text FROM board.challenges c "
                       "WHERE c.uuid = w.uuid AND c.credential = w.credential OFFSET 0) AS c"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_texts(&p, uuids, n);
  nep_param_texts(&p, credentials, n);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t k = 0; st == NEP_OK && k < nep_rows_count(rows); k++)
    each(ctx, (size_t)nep_row_int(rows, k, 0) - 1, nep_row_text(rows, k, 1));
  nep_rows_free(rows);
  return st;
}
