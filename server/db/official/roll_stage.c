#include "server/db/official.h"
#include "server/db/statement.h"

static const char create[] =
    "CREATE TEMPORARY TABLE staged_roll (line bigint NOT NULL, identifier text NOT NULL, "
    "name text NOT NULL, birth_date date, weight bigint) ON COMMIT DROP";
static const char copy[] =
    "COPY pg_temp.staged_roll (line, identifier, name, birth_date, weight) FROM STDIN";

enum { CHUNK = 1 << 16 };

/* COPY's text form: tab and newline separate, a backslash escapes. */
static void add_field(nep_buf *out, const char *text, char end)
{
  if (text == NULL)
    nep_buf_str(out, "\\N");
  for (; text != NULL && *text != 0; text++) {
    switch (*text) {
    case '\\':
      nep_buf_str(out, "\\\\");
      break;
    case '\t':
      nep_buf_str(out, "\\t");
      break;
    case '\n':
      nep_buf_str(out, "\\n");
      break;
    case '\r':
      nep_buf_str(out, "\\r");
      break;
    default:
      nep_buf_char(out, *text);
    }
  }
  nep_buf_char(out, end);
}

static void add_row(nep_buf *out, const nep_roll_row *row)
{
  nep_buf_printf(out, "%lld\t", (long long)row->line);
  add_field(out, row->identifier, '\t');
  add_field(out, row->name, '\t');
  add_field(out, row->birth_date, '\t');
  if (row->weight == 0)
    nep_buf_str(out, "\\N\n");
  else
    nep_buf_printf(out, "%lld\n", (long long)row->weight);
}

static bool send_rows(PGconn *conn, const nep_roll_row *rows, size_t n)
{
  nep_buf chunk = {0};
  bool sent = true;
  for (size_t i = 0; sent && i < n; i++) {
    add_row(&chunk, &rows[i]);
    if (chunk.len < CHUNK && i + 1 < n)
      continue;
    sent = PQputCopyData(conn, chunk.data, (int)chunk.len) == 1;
    nep_buf_clear(&chunk);
  }
  nep_buf_free(&chunk);
  return sent && PQputCopyEnd(conn, NULL) == 1;
}

/* Reads to the end of the command, which libpq asks for even after a failure. */
static nep_status finish(nep_db *db, nep_error *err)
{
  nep_status st = NEP_OK;
  PGresult *result;
  while ((result = PQgetResult(db->conn)) != NULL) {
    if (st == NEP_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
      st = nep_db_failed(db, "roll_stage", result, err);
    PQclear(result);
  }
  return st;
}

nep_status nep_db_roll_stage(nep_db *db, const nep_roll_row *rows, size_t n, nep_error *err)
{
  nep_status st = nep_db_command(db, create, err);
  if (st != NEP_OK)
    return st;
  PGresult *result = PQexec(db->conn, copy);
  if (PQresultStatus(result) != PGRES_COPY_IN) {
    st = nep_db_failed(db, "roll_stage", result, err);
    PQclear(result);
    return st;
  }
  PQclear(result);
  bool sent = send_rows(db->conn, rows, n);
  st = finish(db, err);
  if (st == NEP_OK && !sent)
    st = nep_fail(err, NEP_E_IO, "database", "roll_stage", "the rows could not be sent");
  return st;
}
