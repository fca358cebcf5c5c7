#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_head_act(nep_db *db, const char *uuid, const nep_head_row *head, nep_error *err)
{
  static const nep_statement s = {
      "head_act", "UPDATE board.heads SET phase = $2::text::board.phase, "
                  "height = CASE WHEN $3 THEN $4::bigint END, "
                  "event = CASE WHEN $3 THEN $5 END, archive_end = $6, "
                  "claims_until = CASE WHEN $7::bigint > 0 THEN to_timestamp($7) END "
                  "WHERE uuid = $1"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_text(&p, nep_phase_name(head->phase));
  nep_param_text(&p, head->has_event ? "true" : "false");
  nep_param_int(&p, head->height);
  nep_param_text(&p, head->event);
  nep_param_int(&p, head->archive_end);
  nep_param_time(&p, head->claims_until);
  return nep_db_do(db, &s, &p, err);
}
