/* One connection. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "server/db/statement.h"

/* Every commit is on disk before it is answered, whatever the cluster's own default; names are
   written with their schema, so no search path can lead a statement astray. A prepared statement is
   planned once: left to itself the database plans those with lists each time they are run. That
   plan may be made while a table is small or nothing is known of it, and is run when it has grown:
   so it must not read a table from end to end where there is an index, nor all rows of an election
   where there is one for the row. What is left to be read so seems very costly then, and is not
   worth a compiler all the same. */
static const char *const session_settings[] = {
    "SET synchronous_commit = on",
    "SET search_path = ''",
    "SET timezone = 'UTC'",
    "SET lock_timeout = '15s'",
    "SET plan_cache_mode = force_generic_plan",
    "SET enable_seqscan = off",
    "SET enable_bitmapscan = off",
    "SET jit = off",
    "SET statement_timeout = '120s'",
    "SET idle_in_transaction_session_timeout = '120s'",
};

static void ignore_notice(void *ctx, const PGresult *result)
{
  (void)ctx;
  (void)result;
}

nep_status nep_db_connect(const char *conninfo, nep_db **out, nep_error *err)
{
  nep_db *db = nep_alloc(1, sizeof *db);
  nep_status st = NEP_OK;
  *out = NULL;
  db->conn = PQconnectdb(conninfo);
  if (PQstatus(db->conn) != CONNECTION_OK) {
    char *line = nep_strdup(PQerrorMessage(db->conn));
    line[strcspn(line, "\n")] = 0;
    st = nep_fail(err, NEP_E_IO, "database", "connection", "%s", line);
    nep_advise(err, "check that PostgreSQL runs and that the connection string is right");
    free(line);
  }
  PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
  for (size_t i = 0; st == NEP_OK && i < sizeof session_settings / sizeof *session_settings; i++)
    st = nep_db_command(db, session_settings[i], err);
  if (st != NEP_OK) {
    nep_db_close(db);
    return st;
  }
  *out = db;
  return NEP_OK;
}

void nep_db_close(nep_db *db)
{
  if (db == NULL)
    return;
  PQfinish(db->conn);
  free(db->prepared);
  free(db);
}
