#include "server/db/casting/read.h"

typedef struct answers {
  nep_rows *heads, *known;
} answers;

/* A transaction that waited for a lock sees the head as it is, and other tables as they were before
   it waited: what the head points to is missing then, and is asked for again. */
static nep_status read_rows(nep_db *db, const nep_casting_question *question, answers *a,
                            nep_error *err)
{
  nep_error late = {0};
  nep_status st = nep_casting_heads_ask(db, question, &a->heads, err);
  if (st == NEP_OK)
    st = nep_casts_known_ask(db, question, &a->known, err);
  nep_status answered = nep_db_wait(db, st == NEP_OK ? err : &late); /* in any case, for `a` */
  st = st == NEP_OK ? answered : st;
  if (st != NEP_OK || nep_casting_heads_are_whole(a->heads))
    return st;
  nep_rows *held = a->heads;
  a->heads = NULL;
  st = nep_casting_heads_again(db, held, &a->heads, err);
  answered = nep_db_wait(db, st == NEP_OK ? err : &late);
  nep_rows_free(held);
  return st == NEP_OK ? answered : st;
}

nep_status nep_db_casting_read(nep_db *db, const nep_casting_question *question,
                               const nep_casting_reader *reader, nep_error *err)
{
  answers a = {NULL, NULL};
  nep_status st = read_rows(db, question, &a, err);
  if (st == NEP_OK) {
    nep_casting_heads_take(a.heads, nep_casts_known_now(a.known), reader);
    nep_casts_known_take(a.known, reader);
  }
  nep_rows_free(a.known);
  nep_rows_free(a.heads);
  return st;
}
