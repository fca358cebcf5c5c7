/* What the transaction of casts reads: what it asks for and no whole election, and nothing that was
   overtaken while it waited. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/random.h"
#include "server/service/cast.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

static nep_status commit(nep_cast *cast, nep_error *err)
{
  return nep_cast_commit(&(nep_cast_batch){world, &cast, 1}, err);
}

static void commit_of(const world_election *e, size_t voter)
{
  nep_error err = {0};
  nep_cast *cast = world_verified(e, voter, NULL);
  ck_assert_msg(commit(cast, &err) == NEP_OK, "%s", err.reason);
  ck_assert_int_eq(cast->fate, NEP_CAST_STORED);
  world_casts_free(&cast, 1);
}

/* ---- no whole table, and no whole election ---- */

enum { ROWS = 3000 };

/* No object is created, which would have plans made again. */
static void add_rows(int n, const char *into, const char *columns)
{
  char *sql = nep_sprintf(
      "SET session_replication_role = replica; INSERT INTO board.%s SELECT %s FROM "
      "(SELECT i, convert_to('body ' || i, 'UTF8') AS body, 'credential ' || i AS credential, "
      "encode(sha256(convert_to('body ' || i, 'UTF8')), 'hex') AS hash "
      "FROM generate_series(1000001, 1000000 + %d) AS i) AS made",
      into, columns, n);
  ck_assert_msg(world_sql("admin", sql), "%s", sql);
  free(sql);
}

/* n ballots and as many records, of the elections that the SQL expression `uuid` of i names. */
static void add_ballots(int n, const char *uuid)
{
  static const char *const rows[][2] = {
      {"events (uuid, height, type, hash, parent, payload, archive_end, at, credential, body, "
       "sequence, statement, statement_hash, cast_event, cast_parent, casts_end)",
       ", i, 'Ballot', hash, hash, hash, 512 * i, now(), credential, body, 1, body, hash, hash, "
       "hash, 512 * i"},
      {"data (uuid, height, kind, hash, body)", ", i, 'sized', hash, body"}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    char *columns = nep_sprintf("%s%s", uuid, rows[k][1]);
    add_rows(n, rows[k][0], columns);
    free(columns);
  }
}

/* As they are on the first morning: empty, and the database knows nothing of them; or with ballots
   of these elections, small, and the database knows it. What it knows it does not forget. */
static void make_small(const world_election *e, const char *ballots_of)
{
  static const char *const tables[] = {"events", "data", "challenges"};
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    char *sql = nep_sprintf("SET session_replication_role = replica;"
                            "ALTER TABLE board.%s SET (autovacuum_enabled = off);"
                            "DELETE FROM board.%s WHERE uuid <> '%s'",
                            tables[i], tables[i], e->uuid);
    ck_assert_msg(world_sql("admin", sql), "%s", sql);
    free(sql);
  }
  if (ballots_of == NULL)
    return;
  add_ballots(60, ballots_of);
  ck_assert(world_sql("admin", "VACUUM ANALYZE board.events, board.data, board.challenges"));
}

/* In the voters' own election, far above its head. */
static void make_large(const world_election *e)
{
  char *uuid = nep_sprintf("'%s'", e->uuid);
  add_ballots(ROWS, uuid);
  free(uuid);
  add_rows(ROWS, "challenges (uuid, number, credential, hash, body, at)",
           "lpad(translate(i::text, '0', 'A'), 14, 'z'), 1, credential, hash, body, now()");
}

static void wait_until_sessions(int64_t n, const char *which)
{
  const struct timespec pause = {0, 10000000};
  char *sql =
      nep_sprintf("SELECT count(*) FROM pg_stat_activity WHERE usename = 'nep_board'%s", which);
  while (world_count(sql) != n)
    nanosleep(&pause, NULL);
  free(sql);
}

/* Rows of tables and entries of indexes that were read so far by sessions that have ended. */
static int64_t rows_read(void)
{
  return world_count("SELECT (sum(seq_tup_read) + (SELECT sum(idx_tup_read) FROM "
                     "pg_stat_user_indexes WHERE schemaname = 'board'))::bigint "
                     "FROM pg_stat_user_tables WHERE schemaname = 'board'");
}

/* The very first ballots; then 60 others of 16 elections that have some each, and of 60 that have
   one. */
static const char *const others[] = {NULL,
                                     "'other11111111' || substr('123456789ABCDEFG', 1 + i % 16, 1)",
                                     "'other11' || translate(i::text, '0', 'A')"};

START_TEST(a_plan_made_while_tables_were_small_reads_no_whole_election_later)
{
  world_election e;
  world_open();
  world_opened(&e, 4, 600);
  if (others[_i] != NULL)
    commit_of(&e, 0);
  make_small(&e, others[_i]);
  world_close();
  world_open(); /* in a session that begins now */
  commit_of(&e, 1);
  make_large(&e);
  int64_t before = rows_read();
  for (size_t voter = 2; voter < 4; voter++)
    commit_of(&e, voter);
  world_close();
  wait_until_sessions(0, "");
  int64_t read = rows_read() - before;
  ck_assert_int_gt(read, 0);
  ck_assert_msg(read < ROWS, "two ballots read %lld rows", (long long)read);
  world_election_free(&e);
}
END_TEST

/* ---- nothing that was overtaken ---- */

typedef struct waiting {
  pthread_t thread;
  nep_cast *cast;
  nep_status status;
  nep_error err;
} waiting;

static void *commit_waiting(void *ctx)
{
  waiting *w = ctx;
  w->status = commit(w->cast, &w->err);
  return NULL;
}

typedef struct holding {
  const world_election *e;
  waiting *w;
  size_t n;
} holding;

static nep_status hold(nep_db *db, void *ctx, nep_error *err)
{
  const holding *h = ctx;
  nep_head_row head;
  nep_status st = nep_db_head_lock(db, h->e->uuid, &head, err);
  for (size_t i = 0; st == NEP_OK && i < h->n; i++)
    ck_assert_int_eq(pthread_create(&h->w[i].thread, NULL, commit_waiting, &h->w[i]), 0);
  if (st == NEP_OK)
    wait_until_sessions((int64_t)h->n, " AND wait_event_type = 'Lock'");
  return st;
}

/* As two servers on one database do, or one whose connection was lost. */
START_TEST(who_waited_for_the_head_continues_what_was_stored_meanwhile)
{
  enum { N = 2 }; /* as many as commit at a time */
  world_election e;
  waiting w[N] = {{0}};
  holding h = {&e, w, N};
  nep_error err = {0};
  bool at[N + 1] = {false};
  world_open();
  world_opened(&e, N, 600);
  for (size_t i = 0; i < N; i++)
    w[i].cast = world_verified(&e, i, NULL);
  ck_assert_int_eq(nep_db_transaction(world->official, true, hold, &h, &err), NEP_OK);
  for (size_t i = 0; i < N; i++) {
    pthread_join(w[i].thread, NULL);
    ck_assert_msg(w[i].status == NEP_OK, "%s: %s", w[i].err.code, w[i].err.reason);
    ck_assert_int_eq(w[i].cast->fate, NEP_CAST_STORED);
    ck_assert_int_ge(w[i].cast->height, 1);
    ck_assert_int_le(w[i].cast->height, N);
    ck_assert(!at[w[i].cast->height]);
    at[w[i].cast->height] = true;
    world_casts_free(&w[i].cast, 1);
  }
  world_close();
  world_election_free(&e);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service/cast-reads");
  TCase *tests = tcase_create("reads");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, a_plan_made_while_tables_were_small_reads_no_whole_election_later, 0,
                      sizeof others / sizeof *others);
  tcase_add_test(tests, who_waited_for_the_head_continues_what_was_stored_meanwhile);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
