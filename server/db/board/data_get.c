#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_data_get(nep_db *db, const char *uuid, const char *kind, nep_buf *body,
                           char hash[65], nep_error *err)
{
  static const nep_statement s = {"data_get",
                                  "SELECT body, hash::text FROM board.data "
                                  "WHERE uuid = $1 AND kind = $2::text::board.data_kind"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_text(&p, kind);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) != 1)
    st = nep_fail(err, NEP_E_NOT_FOUND, "document", kind, "it is not published yet");
  if (st == NEP_OK) {
    nep_bytes found = nep_row_bytes(rows, 0, 0);
    nep_buf_add(body, found.data, found.len);
    nep_row_copy(rows, 0, 1, hash, 65);
  }
  nep_rows_free(rows);
  return st;
}
