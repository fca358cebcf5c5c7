#include "server/db/casting/read.h"

#define LOCK(how)                                                                                  \
  "SELECT h.uuid::text FROM board.heads h WHERE h.uuid = ANY ($1::text[]) ORDER BY h.uuid "        \
  "FOR UPDATE" how

nep_status nep_heads_lock_ask(nep_db *db, const nep_casting_question *q, nep_rows **rows,
                              nep_error *err)
{
  static const nep_statement waiting = {"heads_lock", LOCK("")},
                             passing = {"heads_lock_free", LOCK(" SKIP LOCKED")};
  nep_params p = {0};
  nep_param_texts(&p, q->elections, q->n_elections);
  return nep_db_ask(db, q->wait ? &waiting : &passing, &p, rows, err);
}

void nep_heads_lock_take(const nep_rows *rows, const nep_casting_reader *reader)
{
  for (size_t i = 0; i < nep_rows_count(rows); i++)
    reader->locked(reader->ctx, nep_row_text(rows, i, 0));
}
