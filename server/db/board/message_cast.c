#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_message_cast(nep_db *db, const char *uuid, const char *credential,
                               const char *message, bool *cast, nep_error *err)
{
  static const nep_statement s = {
      "message_cast", "SELECT EXISTS (SELECT FROM board.events WHERE uuid = $1 AND credential = $2 "
                      "AND board.signed_message(body) = $3)"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_param_text(&p, credential);
  nep_param_text(&p, message);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  *cast = st == NEP_OK && nep_row_bool(rows, 0, 0);
  nep_rows_free(rows);
  return st;
}
