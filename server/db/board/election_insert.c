#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_election_insert(nep_db *db, const nep_election_row *e, nep_error *err)
{
  static const nep_statement s = {
      "election_insert",
      "INSERT INTO board.elections (uuid, event, name, description, identifier, group_name, "
      "ballot_bytes, stamp) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
  nep_params p = {0};
  nep_param_text(&p, e->uuid);
  nep_param_text(&p, e->event);
  nep_param_text(&p, e->name);
  nep_param_text(&p, e->description);
  nep_param_text(&p, e->identifier);
  nep_param_text(&p, e->group);
  nep_param_int(&p, e->ballot_bytes);
  nep_param_int(&p, e->stamp);
  return nep_db_do(db, &s, &p, err);
}
