#include "crypto/hash.h"
#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_data_insert(nep_db *db, const char *uuid, int64_t height, const char *kind,
                              nep_bytes body, char hash[65], nep_error *err)
{
  static const nep_statement s = {"data_insert",
                                  "INSERT INTO board.data (uuid, height, kind, hash, body) "
                                  "VALUES ($1, $2, $3::text::board.data_kind, $4, $5)"};
  nep_params p = {0};
  nep_sha256_hex(body.data, body.len, hash);
  nep_param_text(&p, uuid);
  nep_param_int(&p, height);
  nep_param_text(&p, kind);
  nep_param_text(&p, hash);
  nep_param_bytes(&p, body);
  return nep_db_do(db, &s, &p, err);
}
