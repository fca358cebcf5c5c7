#include <string.h>

#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_casts_head(nep_db *db, const char *uuid, int64_t upto, nep_casts_head *out,
                             nep_error *err)
{
  static const nep_statement s = {"casts_head",
                                  "SELECT height, cast_event::text, casts_end FROM board.events "
                                  "WHERE uuid = $1 AND height <= $2 AND cast_event IS NOT NULL "
                                  "ORDER BY height DESC LIMIT 1"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  *out = (nep_casts_head){0};
  nep_param_text(&p, uuid);
  nep_param_int(&p, upto);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) > 0) {
    out->height = nep_row_int(rows, 0, 0);
    memcpy(out->event, nep_row_text(rows, 0, 1), sizeof out->event);
    out->casts_end = nep_row_int(rows, 0, 2);
  }
  nep_rows_free(rows);
  return st;
}
