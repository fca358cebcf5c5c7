/* Locks of the database that hold readers up. */
#include <check.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "server/db/statement.h"
#include "tests/unit/server/world.h"

typedef struct holding {
  const char *sql;
  void (*meanwhile)(void);
} holding;

static nep_status hold(nep_db *db, void *ctx, nep_error *err)
{
  const holding *h = ctx;
  nep_statement lock = {"hold", h->sql};
  nep_params none = {0};
  nep_status st = nep_db_do(db, &lock, &none, err);
  if (st == NEP_OK)
    h->meanwhile();
  return st;
}

void world_while_locked(const char *table, void (*meanwhile)(void))
{
  nep_pool *admin = NULL;
  nep_error err = {0};
  char *sql = nep_sprintf("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", table);
  holding h = {sql, meanwhile};
  ck_assert_int_eq(nep_pool_new(world_database("admin"), 1, &admin, &err), NEP_OK);
  ck_assert_msg(nep_db_transaction(admin, false, hold, &h, &err) == NEP_OK, "%s", err.reason);
  nep_pool_free(admin);
  free(sql);
}

void world_await_readers(int64_t n)
{
  int64_t until = nep_clock_ms() + 20000;
  while (world_count("SELECT count(*) FROM pg_locks WHERE NOT granted") < n)
    ck_assert_int_lt(nep_clock_ms(), until);
}
