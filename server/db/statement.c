/* Running prepared statements and telling their failures apart. */
#include "server/db/statement.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool in_class(const char *state, const char *prefix)
{
  return strncmp(state, prefix, strlen(prefix)) == 0;
}

static nep_db_fault fault_of(const char *state, const PGconn *conn)
{
  if (PQstatus(conn) != CONNECTION_OK || in_class(state, "08") || in_class(state, "57P"))
    return NEP_DB_LOST;
  if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0)
    return NEP_DB_CONFLICT;
  return NEP_DB_FAILED;
}

/* Our triggers say with their own states what is wrong with the row; class 23 is a constraint,
   22023 what nep.hash says of other digits. */
static nep_status status_of(const char *state)
{
  if (in_class(state, "NEP03"))
    return NEP_E_STATE;
  if (in_class(state, "NEP04"))
    return NEP_E_DENIED;
  if (in_class(state, "NEP") || in_class(state, "22023") || in_class(state, "23"))
    return NEP_E_CHECK;
  if (in_class(state, "53") || in_class(state, "55P03") || in_class(state, "57014"))
    return NEP_E_BUSY;
  return NEP_E_IO;
}

nep_status nep_db_failed(nep_db *db, const char *what, const PGresult *result, nep_error *err)
{
  const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
  const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (state == NULL)
    state = "";
  db->fault = fault_of(state, db->conn);
  snprintf(db->constraint, sizeof db->constraint, "%s", constraint == NULL ? "" : constraint);
  if (db->fault == NEP_DB_LOST)
    return nep_fail(err, NEP_E_IO, "database", what, "the connection to the database was lost");
  /* The primary message names tables and constraints; values stand in its detail, which is left
   * out. */
  return nep_fail(err, db->fault == NEP_DB_CONFLICT ? NEP_E_BUSY : status_of(state), "database",
                  what, "%s", message == NULL ? "no answer" : message);
}

bool nep_db_is_prepared(const nep_db *db, const nep_statement *s)
{
  for (size_t i = 0; i < db->n_prepared; i++)
    if (db->prepared[i] == s)
      return true;
  return false;
}

void nep_db_note_prepared(nep_db *db, const nep_statement *s, bool is)
{
  size_t i = 0;
  if (is) {
    db->prepared = nep_realloc(db->prepared, db->n_prepared + 1, sizeof *db->prepared);
    db->prepared[db->n_prepared++] = s;
    return;
  }
  while (i < db->n_prepared && db->prepared[i] != s)
    i++;
  if (i < db->n_prepared)
    db->prepared[i] = db->prepared[--db->n_prepared];
}

static nep_status prepare(nep_db *db, const nep_statement *s, nep_error *err)
{
  if (nep_db_is_prepared(db, s))
    return NEP_OK;
  PGresult *result = PQprepare(db->conn, s->name, s->sql, 0, NULL);
  nep_status st = NEP_OK;
  if (PQresultStatus(result) != PGRES_COMMAND_OK)
    st = nep_db_failed(db, s->name, result, err);
  else
    nep_db_note_prepared(db, s, true);
  PQclear(result);
  return st;
}

static nep_status execute(nep_db *db, const nep_statement *s, const nep_params *p, nep_rows **rows,
                          nep_error *err)
{
  PGresult *result = PQexecPrepared(db->conn, s->name, p->n, p->values, p->lengths, p->formats, 1);
  ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    nep_status st = nep_db_failed(db, s->name, result, err);
    PQclear(result);
    return st;
  }
  *rows = result;
  return NEP_OK;
}

static void free_params(nep_params *params)
{
  for (int i = 0; i < params->n; i++)
    nep_buf_free(&params->owned[i]);
  *params = (nep_params){0};
}

nep_status nep_db_run(nep_db *db, const nep_statement *s, nep_params *params, nep_rows **rows,
                      nep_error *err)
{
  nep_status st;
  *rows = NULL;
  if (nep_db_is_sending(db)) {
    st = nep_db_send(db, s, params, rows, err);
    if (st == NEP_OK)
      st = nep_db_settle(db, err);
    if (st != NEP_OK) {
      nep_rows_free(*rows);
      *rows = NULL;
    }
  } else {
    st = prepare(db, s, err);
    if (st == NEP_OK)
      st = execute(db, s, params, rows, err);
  }
  free_params(params);
  return st;
}

nep_status nep_db_do(nep_db *db, const nep_statement *s, nep_params *params, nep_error *err)
{
  nep_rows *rows = NULL;
  nep_status st = nep_db_run(db, s, params, &rows, err);
  nep_rows_free(rows);
  return st;
}

nep_status nep_db_later(nep_db *db, const nep_statement *s, nep_params *params, nep_error *err)
{
  nep_status st = nep_db_send(db, s, params, NULL, err);
  free_params(params);
  return st;
}

nep_status nep_db_ask(nep_db *db, const nep_statement *s, nep_params *params, nep_rows **rows,
                      nep_error *err)
{
  *rows = NULL;
  nep_status st = nep_db_send(db, s, params, rows, err);
  free_params(params);
  return st;
}

nep_status nep_db_wait(nep_db *db, nep_error *err)
{
  return nep_db_is_sending(db) ? nep_db_settle(db, err) : NEP_OK;
}

static nep_status settle_command(nep_db *db, const char *sql, nep_error *err)
{
  nep_status st = nep_db_send_command(db, sql, err);
  return st == NEP_OK ? nep_db_settle(db, err) : st;
}

nep_status nep_db_command(nep_db *db, const char *sql, nep_error *err)
{
  if (nep_db_is_sending(db))
    return settle_command(db, sql, err);
  PGresult *result = PQexec(db->conn, sql);
  nep_status st = NEP_OK;
  if (PQresultStatus(result) != PGRES_COMMAND_OK)
    st = nep_db_failed(db, sql, result, err);
  PQclear(result);
  return st;
}

nep_status nep_db_command_later(nep_db *db, const char *sql, nep_error *err)
{
  return nep_db_send_command(db, sql, err);
}

const char *nep_db_constraint(const nep_db *db)
{
  return db->constraint;
}
