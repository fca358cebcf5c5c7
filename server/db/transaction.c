/* The one way to read and write: a transaction that is run again when the database asks for it. */
#include <time.h>

#include "base/random.h"
#include "server/db/pool.h"

enum { ATTEMPTS = 8, FIRST_PAUSE_MS = 5 };

static void pause_before(unsigned attempt)
{
  unsigned least = (unsigned)FIRST_PAUSE_MS << attempt;
  unsigned ms = least + nep_random_below(least);
  struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
  nanosleep(&t, NULL);
}

/* What was sent and not answered is taken first: its failure is not a new one. A connection that is
   not idle afterwards goes out of use (pool.c). */
static void roll_back(nep_db *db)
{
  nep_db_fault fault = db->fault;
  nep_error ignored;
  if (nep_db_wait(db, &ignored) != NEP_OK)
    db->fault = fault;
  if (nep_db_command(db, "ROLLBACK", &ignored) == NEP_OK)
    db->fault = fault;
}

/* *committing tells whether the outcome is unknown when the connection is lost. */
static nep_status run_once(nep_db *db, nep_db_work *work, void *ctx, bool *committing,
                           nep_error *err)
{
  *committing = false;
  db->fault = NEP_DB_FINE;
  db->constraint[0] = 0;
  nep_status st = nep_db_command_later(db, "BEGIN ISOLATION LEVEL READ COMMITTED", err);
  if (st == NEP_OK)
    st = work(db, ctx, err);
  if (st == NEP_OK) {
    *committing = true;
    st = nep_db_command(db, "COMMIT", err);
  }
  if (st != NEP_OK && db->fault != NEP_DB_LOST)
    roll_back(db);
  return st;
}

static bool worth_again(const nep_db *db, nep_status st, bool committing, bool repeatable)
{
  if (st == NEP_OK)
    return false;
  if (db->fault == NEP_DB_CONFLICT)
    return true;
  return db->fault == NEP_DB_LOST && (!committing || repeatable);
}

nep_status nep_db_transaction(nep_pool *p, bool repeatable, nep_db_work *work, void *ctx,
                              nep_error *err)
{
  for (unsigned attempt = 0;; attempt++) {
    nep_db *db = NULL;
    bool committing = false;
    nep_status st = nep_pool_take(p, &db, err);
    if (st != NEP_OK) {
      if (st != NEP_E_IO || attempt + 1 >= ATTEMPTS)
        return st;
      pause_before(attempt);
      continue;
    }
    st = run_once(db, work, ctx, &committing, err);
    bool again = worth_again(db, st, committing, repeatable);
    bool unknown = st != NEP_OK && committing && db->fault == NEP_DB_LOST;
    nep_pool_give(p, db);
    if (again && attempt + 1 < ATTEMPTS) {
      pause_before(attempt);
      continue;
    }
    if (!unknown || repeatable)
      return st;
    (void)nep_fail(err, NEP_E_IO, "outcome-unknown", "database",
                   "the connection was lost while the change was being stored");
    return nep_advise(err, "look whether it took effect before you send it again");
  }
}
