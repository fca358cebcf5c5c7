#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_head_calendar(nep_db *db, const char *uuid, const nep_head_row *head,
                                nep_error *err)
{
  static const nep_statement s = {
      "head_calendar", "UPDATE board.heads SET registration_closes = to_timestamp($2), "
                       "opens = to_timestamp($3), closes = to_timestamp($4) WHERE uuid = $1"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_time(&p, head->registration_closes);
  nep_param_time(&p, head->opens);
  nep_param_time(&p, head->closes);
  return nep_db_do(db, &s, &p, err);
}
