#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_registration_insert(nep_db *db, const nep_registration_row *r, nep_error *err)
{
  static const nep_statement s = {
      "registration_insert",
      "INSERT INTO registry.registrations (nonce, event, person, replaces, token, key_set, sealed, "
      "at) VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8))"};
  nep_params p = {0};
  nep_param_text(&p, r->nonce);
  nep_param_text(&p, r->event);
  nep_param_text(&p, r->person);
  nep_param_text(&p, r->replaces);
  nep_param_text(&p, r->token);
  nep_param_text(&p, r->key_set);
  nep_param_text(&p, r->sealed);
  nep_param_time(&p, r->at);
  return nep_db_do(db, &s, &p, err);
}
