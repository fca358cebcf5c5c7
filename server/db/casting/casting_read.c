#include "server/db/casting/read.h"

nep_status nep_db_casting_read(nep_db *db, const nep_casting_question *question,
                               const nep_casting_reader *reader, nep_error *err)
{
  enum { LOCKED, HEADS, KNOWN, N };
  static nep_casting_ask *const ask[N] = {nep_heads_lock_ask, nep_casting_heads_ask,
                                          nep_casts_known_ask};
  static nep_casting_take *const take[N] = {nep_heads_lock_take, nep_casting_heads_take,
                                            nep_casts_known_take};
  nep_rows *rows[N] = {NULL};
  nep_error late = {0};
  nep_status st = NEP_OK;
  for (size_t i = 0; st == NEP_OK && i < N; i++)
    st = ask[i](db, question, &rows[i], err);
  nep_status answered = nep_db_wait(db, st == NEP_OK ? err : &late); /* in any case, for `rows` */
  if (st == NEP_OK)
    st = answered;
  for (size_t i = 0; i < N; i++) {
    if (st == NEP_OK)
      take[i](rows[i], reader);
    nep_rows_free(rows[i]);
  }
  return st;
}
