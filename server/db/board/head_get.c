#include "server/db/board/read.h"

nep_status nep_db_head_get(nep_db *db, const char *uuid, nep_head_row *out, nep_error *err)
{
  static const nep_statement s = {"head_get", "SELECT " NEP_HEAD_COLUMNS
                                              "FROM board.heads h WHERE h.uuid = $1"};
  return nep_db_one_head(db, &s, uuid, out, err);
}
