#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_event_insert(nep_db *db, const char *uuid, const nep_event_row *e, int64_t at,
                               nep_error *err)
{
  static const nep_statement s = {
      "event_insert",
      "INSERT INTO board.events (uuid, height, type, hash, parent, payload, archive_end, at) "
      "VALUES ($1, $2, $3::text::board.event_type, $4, $5, $6, $7, to_timestamp($8))"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_int(&p, e->height);
  nep_param_text(&p, e->type);
  nep_param_text(&p, e->hash);
  nep_param_text(&p, e->parent);
  nep_param_text(&p, e->payload);
  nep_param_int(&p, e->archive_end);
  nep_param_time(&p, at);
  return nep_db_do(db, &s, &p, err);
}
