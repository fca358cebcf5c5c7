#include "crypto/hash.h"
#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_addition_insert(nep_db *db, const char *uuid, const char *kind, int64_t number,
                                  nep_bytes body, nep_error *err)
{
  static const nep_statement s = {"addition_insert",
                                  "INSERT INTO board.additions (uuid, kind, number, hash, body) "
                                  "VALUES ($1, $2::text::board.addition_kind, $3, $4, $5)"};
  nep_params p = {0};
  char hash[65];
  nep_sha256_hex(body.data, body.len, hash);
  nep_param_text(&p, uuid);
  nep_param_text(&p, kind);
  nep_param_int(&p, number);
  nep_param_text(&p, hash);
  nep_param_bytes(&p, body);
  return nep_db_do(db, &s, &p, err);
}
