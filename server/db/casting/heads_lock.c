#include "server/db/casting.h"
#include "server/db/statement.h"

#define LOCK(how)                                                                                  \
  "SELECT h.uuid::text FROM board.heads h WHERE h.uuid = ANY ($1::text[]) ORDER BY h.uuid "        \
  "FOR UPDATE" how

nep_status nep_db_heads_lock(nep_db *db, const char *const *uuids, size_t n, bool wait,
                             nep_db_locked_each *each, void *ctx, nep_error *err)
{
  static const nep_statement waiting = {"heads_lock", LOCK("")},
                             passing = {"heads_lock_free", LOCK(" SKIP LOCKED")};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_texts(&p, uuids, n);
  nep_status st = nep_db_run(db, wait ? &waiting : &passing, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    each(ctx, nep_row_text(rows, i, 0));
  nep_rows_free(rows);
  return st;
}
