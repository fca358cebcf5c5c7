/* Inside db/ only: a prepared statement, its parameters and its rows. */
#ifndef NEP_SERVER_DB_STATEMENT_H
#define NEP_SERVER_DB_STATEMENT_H

#include <libpq-fe.h>

#include "server/db/db.h"

/* Prepared on a connection when it is first run there. Static. */
typedef struct nep_statement {
  const char *name;
  const char *sql;
} nep_statement;

enum { NEP_PARAMS_MAX = 24 };

/* Zero-initialise, add in the order of $1, $2, …; nep_db_run frees. Texts and bytes are borrowed.
 */
typedef struct nep_params {
  int n;
  const char *values[NEP_PARAMS_MAX];
  int lengths[NEP_PARAMS_MAX];
  int formats[NEP_PARAMS_MAX];
  nep_buf owned[NEP_PARAMS_MAX];
} nep_params;

void nep_param_text(nep_params *p, const char *text); /* NULL is SQL's NULL */
void nep_param_bytes(nep_params *p, nep_bytes bytes); /* bytea */
void nep_param_int(nep_params *p, int64_t value);
void nep_param_time(nep_params *p, int64_t seconds); /* a number: the SQL says to_timestamp($n) */
/* Arrays text[], bytea[], bigint[] with one entry for each i < n. */
void nep_param_texts(nep_params *p, const char *const *texts, size_t n);
void nep_param_blobs(nep_params *p, const nep_bytes *blobs, size_t n);
void nep_param_ints(nep_params *p, const int64_t *values, size_t n);

/* Rows in binary: the SQL casts every number to bigint and every enumeration, date and domain to
   text. */
typedef PGresult nep_rows;
NEP_MUST_USE nep_status nep_db_run(nep_db *db, const nep_statement *s, nep_params *params,
                                   nep_rows **rows, nep_error *err);
/* The same when no rows are wanted. */
NEP_MUST_USE nep_status nep_db_do(nep_db *db, const nep_statement *s, nep_params *params,
                                  nep_error *err);
/* The same without waiting for the answer, which comes with that of the next statement that is
   waited for: when this one fails, that one fails with its error. The statements of a transaction
   whose rows nobody waits for make one trip together with its COMMIT. */
NEP_MUST_USE nep_status nep_db_later(nep_db *db, const nep_statement *s, nep_params *params,
                                     nep_error *err);
/* The same when rows are wanted: *rows is NULL until they come. nep_db_wait waits for the answers
   to all that was sent; when one failed, those before it have rows all the same. The caller frees,
   and waits before `rows` goes out of scope, whatever failed in between. */
NEP_MUST_USE nep_status nep_db_ask(nep_db *db, const nep_statement *s, nep_params *params,
                                   nep_rows **rows, nep_error *err);
NEP_MUST_USE nep_status nep_db_wait(nep_db *db, nep_error *err);
size_t nep_rows_count(const nep_rows *rows);
void nep_rows_free(nep_rows *rows); /* NULL allowed */

bool nep_row_null(const nep_rows *rows, size_t row, int column);
const char *nep_row_text(const nep_rows *rows, size_t row, int column); /* NUL-terminated */
nep_bytes nep_row_bytes(const nep_rows *rows, size_t row, int column);
int64_t nep_row_int(const nep_rows *rows, size_t row, int column); /* bigint; 0 for NULL */
bool nep_row_bool(const nep_rows *rows, size_t row, int column);
/* Copies a text into a fixed field (cut never happens: the schema bounds it). */
void nep_row_copy(const nep_rows *rows, size_t row, int column, char *out, size_t size);

/* ---- connection ---- */

typedef enum nep_db_fault {
  NEP_DB_FINE,
  NEP_DB_FAILED,   /* the statement failed; running it again will not help */
  NEP_DB_CONFLICT, /* serialization failure or deadlock: run the transaction again */
  NEP_DB_LOST      /* no connection any more */
} nep_db_fault;

/* Sent and not answered. */
typedef struct nep_queued {
  const char *name;
  const nep_statement *prepares; /* NULL for a statement that was run */
  nep_rows **rows;               /* where its rows are wanted; NULL for nowhere */
} nep_queued;

enum { NEP_PIPELINE_MAX = 16 };

struct nep_db {
  PGconn *conn;
  nep_queued queued[NEP_PIPELINE_MAX];
  size_t n_queued;
  const nep_statement **prepared;
  size_t n_prepared;
  nep_db_fault fault;
  char constraint[64];
};

NEP_MUST_USE nep_status nep_db_connect(const char *conninfo, nep_db **out, nep_error *err);
void nep_db_close(nep_db *db); /* NULL allowed */
/* A statement without parameters or rows: BEGIN and the like. */
NEP_MUST_USE nep_status nep_db_command(nep_db *db, const char *sql, nep_error *err);
NEP_MUST_USE nep_status nep_db_command_later(nep_db *db, const char *sql, nep_error *err);
/* Fills *err and db->fault from a failed result; NULL for none. */
nep_status nep_db_failed(nep_db *db, const char *what, const PGresult *result, nep_error *err);

/* ---- pipeline.c, for statement.c ---- */
bool nep_db_is_prepared(const nep_db *db, const nep_statement *s);
void nep_db_note_prepared(nep_db *db, const nep_statement *s, bool is);
/* Whether anything was sent and not answered. */
bool nep_db_is_sending(const nep_db *db);
/* rows: NULL when none are wanted. */
NEP_MUST_USE nep_status nep_db_send(nep_db *db, const nep_statement *s, const nep_params *p,
                                    nep_rows **rows, nep_error *err);
NEP_MUST_USE nep_status nep_db_send_command(nep_db *db, const char *sql, nep_error *err);
/* Waits for the answers to all that was sent. */
NEP_MUST_USE nep_status nep_db_settle(nep_db *db, nep_error *err);

#endif
