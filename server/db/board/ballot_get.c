#include "server/db/board.h"
#include "server/db/statement.h"

/* By the index that begins with the payload, as in casting/casts_known.c. */
nep_status nep_db_ballot_get(nep_db *db, const char *uuid, const char *hash, nep_buf *body,
                             nep_error *err)
{
  static const nep_statement s = {
      "ballot_get", "SELECT body FROM board.events "
                    "WHERE payload = $2 AND uuid IS NOT DISTINCT FROM $1 AND type = 'Ballot'"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_text(&p, hash);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) == 0)
    st = nep_fail(err, NEP_E_NOT_FOUND, "ballot", "tracker", "no ballot has this tracker");
  if (st == NEP_OK) {
    nep_bytes found = nep_row_bytes(rows, 0, 0);
    nep_buf_add(body, found.data, found.len);
  }
  nep_rows_free(rows);
  return st;
}
