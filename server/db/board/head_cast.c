#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_head_cast(nep_db *db, const char *uuid, const nep_head_row *head, nep_error *err)
{
  static const nep_statement s = {
      "head_cast", "UPDATE board.heads SET height = $2, event = $3, archive_end = $4, "
                   "ballots = $5, voted = $6 WHERE uuid = $1"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_int(&p, head->height);
  nep_param_text(&p, head->event);
  nep_param_int(&p, head->archive_end);
  nep_param_int(&p, head->ballots);
  nep_param_int(&p, head->voted);
  return nep_db_do(db, &s, &p, err);
}
