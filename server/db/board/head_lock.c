#include "server/db/board/read.h"

/* The lock first, alone: a statement that waits for a lock reads other tables as they were before
   it waited. What is read after it, in a statement of its own, is what no one else can change. */
nep_status nep_db_head_lock(nep_db *db, const char *uuid, nep_head_row *out, nep_error *err)
{
  static const nep_statement lock = {
      "head_lock", "SELECT 1::bigint FROM board.heads h WHERE h.uuid = $1 FOR UPDATE"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_status st = nep_db_do(db, &lock, &p, err);
  return st == NEP_OK ? nep_db_head_get(db, uuid, out, err) : st;
}
