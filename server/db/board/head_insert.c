#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_head_insert(nep_db *db, const char *uuid, int64_t archive_end, nep_error *err)
{
  static const nep_statement s = {
      "head_insert", "INSERT INTO board.heads (uuid, phase, archive_end) VALUES ($1, 'draft', $2)"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_int(&p, archive_end);
  return nep_db_do(db, &s, &p, err);
}
