/* nep-server migrate: numbered files, each applied once, in order, with its SHA-256 kept. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "server/db/statement.h"

enum { MIGRATION_MAX = 1 << 20, NAME_MAX_LENGTH = 100 };

/* The lock keeps two migrations from running side by side. */
static const char prelude[] =
    "SELECT pg_advisory_lock(7234001);"
    "CREATE SCHEMA IF NOT EXISTS nep;"
    "CREATE TABLE IF NOT EXISTS nep.migrations ("
    " number bigint PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,"
    " applied timestamptz NOT NULL DEFAULT clock_timestamp())";

/* "0001-common.sql": the number is the place in the folder. */
static bool is_migration(const struct dirent *entry)
{
  size_t len = strlen(entry->d_name);
  return len > 9 && len < NAME_MAX_LENGTH && strcmp(entry->d_name + len - 4, ".sql") == 0 &&
         strspn(entry->d_name, "0123456789") == 4 && entry->d_name[4] == '-';
}

static int select_migration(const struct dirent *entry)
{
  return is_migration(entry) ? 1 : 0;
}

/* Commands of our own files: several statements, no rows wanted. */
static nep_status run_script(nep_db *db, const char *what, const char *sql, nep_error *err)
{
  PGresult *result = PQexec(db->conn, sql);
  ExecStatusType status = PQresultStatus(result);
  nep_status st = NEP_OK;
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    st = nep_db_failed(db, what, result, err);
  PQclear(result);
  return st;
}

static nep_status applied_hash(nep_db *db, int64_t number, char hash[65], nep_error *err)
{
  static const nep_statement s = {"applied_hash",
                                  "SELECT sha256 FROM nep.migrations WHERE number = $1"};
  nep_params params = {0};
  nep_rows *rows = NULL;
  nep_param_int(&params, number);
  nep_status st = nep_db_run(db, &s, &params, &rows, err);
  hash[0] = 0;
  if (st == NEP_OK && nep_rows_count(rows) == 1)
    nep_row_copy(rows, 0, 0, hash, 65);
  nep_rows_free(rows);
  return st;
}

static nep_status newest_applied(nep_db *db, int64_t *number, nep_error *err)
{
  static const nep_statement s = {"newest_applied",
                                  "SELECT coalesce(max(number), 0)::bigint FROM nep.migrations"};
  nep_params params = {0};
  nep_rows *rows = NULL;
  nep_status st = nep_db_run(db, &s, &params, &rows, err);
  if (st == NEP_OK)
    *number = nep_row_int(rows, 0, 0);
  nep_rows_free(rows);
  return st;
}

static nep_status record(nep_db *db, int64_t number, const char *name, const char *hash,
                         nep_error *err)
{
  static const nep_statement s = {
      "record_migration", "INSERT INTO nep.migrations (number, name, sha256) VALUES ($1, $2, $3)"};
  nep_params params = {0};
  nep_param_int(&params, number);
  nep_param_text(&params, name);
  nep_param_text(&params, hash);
  return nep_db_do(db, &s, &params, err);
}

static nep_status apply(nep_db *db, int64_t number, const char *name, const char *hash,
                        const char *sql, nep_error *err)
{
  nep_error ignored;
  nep_status st = nep_db_command(db, "BEGIN", err);
  if (st == NEP_OK)
    st = run_script(db, name, sql, err);
  if (st == NEP_OK)
    st = record(db, number, name, hash, err);
  if (st == NEP_OK)
    st = nep_db_command(db, "COMMIT", err);
  if (st == NEP_OK) {
    printf("applied %s\n", name);
    return NEP_OK;
  }
  if (nep_db_command(db, "ROLLBACK", &ignored) != NEP_OK)
    return st;
  return st;
}

static nep_status one_file(nep_db *db, int64_t number, const char *folder, const char *name,
                           nep_error *err)
{
  char *path = nep_sprintf("%s/%s", folder, name);
  char hash[65], applied[65];
  nep_buf sql = {0};
  nep_status st = NEP_OK;
  if (strtoll(name, NULL, 10) != number) {
    st = nep_fail(err, NEP_E_INPUT, "migration-number", name,
                  "the migration with number %lld is missing", (long long)number);
  }
  if (st == NEP_OK)
    st = nep_file_read(path, MIGRATION_MAX, &sql, err);
  if (st == NEP_OK) {
    nep_sha256_hex(sql.data, sql.len, hash);
    st = applied_hash(db, number, applied, err);
  }
  if (st == NEP_OK && applied[0] == 0)
    st = apply(db, number, name, hash, sql.data, err);
  else if (st == NEP_OK && strcmp(applied, hash) != 0) {
    st = nep_fail(err, NEP_E_CHECK, "migration-edited", name,
                  "the file differs from the one that was applied to this database");
    nep_advise(err, "restore the file; changes go into a new migration");
  }
  nep_buf_free(&sql);
  free(path);
  return st;
}

static nep_status all_files(nep_db *db, const char *folder, struct dirent *const *files, int n,
                            nep_error *err)
{
  int64_t newest = 0;
  nep_status st = run_script(db, "migrations table", prelude, err);
  if (st == NEP_OK)
    st = newest_applied(db, &newest, err);
  if (st == NEP_OK && newest > n) {
    st =
        nep_fail(err, NEP_E_STATE, "schema-version", "database",
                 "the database is at migration %lld, this folder ends at %d", (long long)newest, n);
    nep_advise(err, "use the migrations of the newer program");
  }
  for (int i = 0; st == NEP_OK && i < n; i++)
    st = one_file(db, i + 1, folder, files[i]->d_name, err);
  return st;
}

nep_status nep_db_migrate(const char *conninfo, const char *folder, nep_error *err)
{
  struct dirent **files = NULL;
  nep_db *db = NULL;
  int n = scandir(folder, &files, select_migration, alphasort);
  nep_status st = NEP_OK;
  if (n <= 0)
    st = nep_fail(err, NEP_E_IO, "migrations", folder, "no migrations found there");
  if (st == NEP_OK)
    st = nep_db_connect(conninfo, &db, err);
  if (st == NEP_OK)
    st = all_files(db, folder, files, n, err);
  nep_db_close(db);
  for (int i = 0; i < n; i++)
    free(files[i]);
  free(files);
  return st;
}
