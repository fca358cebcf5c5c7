#include <stdlib.h>

#include "base/memory.h"
#include "server/db/official.h"
#include "server/db/statement.h"

nep_status nep_db_act_insert(nep_db *db, const nep_act_row *act, nep_error *err)
{
  static const nep_statement s = {
      "act_insert",
      "INSERT INTO official.acts (uuid, action, official, nonce, body_hash, envelope, at) "
      "VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7))"};
  nep_params p = {0};
  char *envelope = nep_strndup(act->envelope.data, act->envelope.len);
  nep_param_text(&p, act->uuid);
  nep_param_text(&p, act->action);
  nep_param_text(&p, act->official);
  nep_param_text(&p, act->nonce);
  nep_param_text(&p, act->body_hash);
  nep_param_text(&p, envelope);
  nep_param_time(&p, act->at);
  nep_status st = nep_db_do(db, &s, &p, err);
  free(envelope);
  return st;
}
