/* Statements that are sent without waiting for the answers to those before (libpq's pipeline). */
#include <string.h>

#include "server/db/statement.h"

static nep_status lost(nep_db *db, nep_error *err)
{
  return nep_db_failed(db, "pipeline", NULL, err);
}

static nep_status start(nep_db *db, nep_error *err)
{
  if (db->n_queued == NEP_PIPELINE_MAX)
    return nep_fail(err, NEP_E_INTERNAL, "pipeline", "database", "too many statements at a time");
  if (PQpipelineStatus(db->conn) == PQ_PIPELINE_OFF && PQenterPipelineMode(db->conn) == 0)
    return lost(db, err);
  return NEP_OK;
}

static void queue(nep_db *db, const char *name, const nep_statement *prepares, nep_rows **rows)
{
  db->queued[db->n_queued++] = (nep_queued){name, prepares, rows};
}

static nep_status prepare(nep_db *db, const nep_statement *s, nep_error *err)
{
  if (nep_db_is_prepared(db, s))
    return NEP_OK;
  if (PQsendPrepare(db->conn, s->name, s->sql, 0, NULL) == 0)
    return lost(db, err);
  queue(db, s->name, s, NULL);
  nep_db_note_prepared(db, s, true);
  return NEP_OK;
}

nep_status nep_db_send(nep_db *db, const nep_statement *s, const nep_params *p, nep_rows **rows,
                       nep_error *err)
{
  nep_status st = start(db, err);
  if (st == NEP_OK)
    st = prepare(db, s, err);
  if (st == NEP_OK)
    st = start(db, err);
  if (st != NEP_OK)
    return st;
  if (PQsendQueryPrepared(db->conn, s->name, p->n, p->values, p->lengths, p->formats, 1) == 0)
    return lost(db, err);
  queue(db, s->name, NULL, rows);
  return NEP_OK;
}

nep_status nep_db_send_command(nep_db *db, const char *sql, nep_error *err)
{
  nep_status st = start(db, err);
  if (st != NEP_OK)
    return st;
  if (PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 1) == 0)
    return lost(db, err);
  queue(db, sql, NULL, NULL);
  return NEP_OK;
}

bool nep_db_is_sending(const nep_db *db)
{
  return PQpipelineStatus(db->conn) != PQ_PIPELINE_OFF;
}

static bool is_good(const PGresult *result)
{
  ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* The answer to one statement and the NULL behind it. Those behind one that failed are not run. */
static nep_status take(nep_db *db, const nep_queued *q, nep_status before, nep_error *err)
{
  nep_status st = before;
  PGresult *result = PQgetResult(db->conn);
  bool good = is_good(result);
  if (q->prepares != NULL && !good)
    nep_db_note_prepared(db, q->prepares, false);
  if (before == NEP_OK && !good)
    st = nep_db_failed(db, q->name, result, err);
  if (result != NULL)
    PQclear(PQgetResult(db->conn));
  if (good && q->rows != NULL)
    *q->rows = result;
  else
    PQclear(result);
  return st;
}

static nep_status take_all(nep_db *db, nep_error *err)
{
  nep_status st = NEP_OK;
  for (size_t i = 0; i < db->n_queued && PQstatus(db->conn) == CONNECTION_OK; i++)
    st = take(db, &db->queued[i], st, err);
  if (PQstatus(db->conn) != CONNECTION_OK)
    return st == NEP_OK ? lost(db, err) : st;
  PGresult *sync = PQgetResult(db->conn);
  bool in_step = PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
  PQclear(sync);
  return st == NEP_OK && !in_step ? lost(db, err) : st;
}

nep_status nep_db_settle(nep_db *db, nep_error *err)
{
  nep_status st = PQpipelineSync(db->conn) == 1 ? take_all(db, err) : lost(db, err);
  db->n_queued = 0;
  if (PQexitPipelineMode(db->conn) == 0 && st == NEP_OK)
    st = lost(db, err);
  return st;
}
