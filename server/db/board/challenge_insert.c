#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_challenge_insert(nep_db *db, const char *uuid, const nep_challenge_row *row,
                                   nep_error *err)
{
  static const nep_statement s = {
      "challenge_insert",
      "INSERT INTO board.challenges (uuid, number, credential, hash, body, at) "
      "VALUES ($1, $2, $3, encode(sha256($4::bytea), 'hex'), $4, to_timestamp($5))"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_int(&p, row->number);
  nep_param_text(&p, row->credential);
  nep_param_bytes(&p, row->body);
  nep_param_time(&p, row->at);
  return nep_db_do(db, &s, &p, err);
}
