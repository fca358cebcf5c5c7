#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_event_get(nep_db *db, const char *uuid, int64_t height, char hash[65],
                            int64_t *archive_end, nep_error *err)
{
  static const nep_statement s = {"event_get", "SELECT hash::text, archive_end FROM board.events "
                                               "WHERE uuid = $1 AND height = $2"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_int(&p, height);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) == 0)
    st = nep_fail(err, NEP_E_NOT_FOUND, "event", "height", "there is no event %lld",
                  (long long)height);
  if (st == NEP_OK) {
    nep_row_copy(rows, 0, 0, hash, 65);
    *archive_end = nep_row_int(rows, 0, 1);
  }
  nep_rows_free(rows);
  return st;
}
