#include "server/db/board/read.h"

void nep_row_head(const nep_rows *rows, size_t row, int first, nep_head_row *out)
{
  *out = (nep_head_row){
      .phase = nep_row_phase(rows, row, first),
      .has_calendar = nep_row_bool(rows, row, first + 1),
      .registration_closes = nep_row_int(rows, row, first + 2),
      .opens = nep_row_int(rows, row, first + 3),
      .closes = nep_row_int(rows, row, first + 4),
      .has_event = !nep_row_null(rows, row, first + 5),
      .height = nep_row_int(rows, row, first + 5),
      .event_time = nep_row_int(rows, row, first + 7),
      .archive_end = nep_row_int(rows, row, first + 8),
      .ballots = nep_row_int(rows, row, first + 9),
      .voted = nep_row_int(rows, row, first + 10),
      .claims_until = nep_row_int(rows, row, first + 11),
  };
  nep_row_copy(rows, row, first + 6, out->event, sizeof out->event);
}

nep_status nep_db_one_head(nep_db *db, const nep_statement *s, const char *uuid, nep_head_row *out,
                           nep_error *err)
{
  nep_params params = {0};
  nep_rows *rows = NULL;
  nep_param_text(&params, uuid);
  nep_status st = nep_db_run(db, s, &params, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) == 0)
    st = nep_fail(err, NEP_E_NOT_FOUND, "election", "uuid", "there is no election %s", uuid);
  if (st == NEP_OK)
    nep_row_head(rows, 0, 0, out);
  nep_rows_free(rows);
  return st;
}
