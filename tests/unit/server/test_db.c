/* Transactions: run again when the database asks for it, rolled back when the work fails. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/random.h"
#include "server/db/board.h"
#include "server/db/casting.h"
#include "server/db/registry.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

static nep_pool *pool_of(const char *role, unsigned size)
{
  nep_pool *pool = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_pool_new(world_database(role), size, &pool, &err), NEP_OK);
  return pool;
}

/* ---- two that lock each other out ---- */

typedef struct pair {
  const char *first, *second;
  pthread_barrier_t *meet;
  int runs;
  nep_pool *pool;
  nep_status status;
} pair;

static nep_status lock_both(nep_db *db, void *ctx, nep_error *err)
{
  pair *p = ctx;
  nep_status st = nep_db_person_lock(db, "event", p->first, err);
  if (p->runs++ == 0) /* both hold their first lock before either asks for its second */
    pthread_barrier_wait(p->meet);
  return st == NEP_OK ? nep_db_person_lock(db, "event", p->second, err) : st;
}

static void *run_pair(void *ctx)
{
  pair *p = ctx;
  nep_error err = {0};
  p->status = nep_db_transaction(p->pool, true, lock_both, p, &err);
  return NULL;
}

START_TEST(a_deadlock_is_run_again_until_both_are_done)
{
  nep_pool *pool = pool_of("registry", 2);
  pthread_barrier_t meet;
  pthread_t other;
  pthread_barrier_init(&meet, NULL, 2);
  pair a = {"x", "y", &meet, 0, pool, NEP_E_INTERNAL},
       b = {"y", "x", &meet, 0, pool, NEP_E_INTERNAL};
  ck_assert_int_eq(pthread_create(&other, NULL, run_pair, &a), 0);
  run_pair(&b);
  pthread_join(other, NULL);
  ck_assert_int_eq(a.status, NEP_OK);
  ck_assert_int_eq(b.status, NEP_OK);
  ck_assert_int_gt(a.runs + b.runs, 2);
  pthread_barrier_destroy(&meet);
  nep_pool_free(pool);
}
END_TEST

/* ---- a connection that is cut ---- */

static nep_status cut_once(nep_db *db, void *ctx, nep_error *err)
{
  int *runs = ctx;
  int64_t now = 0;
  if ((*runs)++ == 0)
    ck_assert(world_sql("admin", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                 "WHERE usename = 'nep_registry'"));
  nep_status st = nep_db_nonce_insert(db,
                                      "1111111111111111111111111111111111111111111111111111"
                                      "111111111111",
                                      4102444800, err);
  return st == NEP_OK ? nep_db_clock(db, &now, err) : st;
}

START_TEST(a_lost_connection_is_replaced_and_the_work_done_once)
{
  nep_pool *pool = pool_of("registry", 1);
  nep_error err = {0};
  int runs = 0;
  ck_assert_int_eq(nep_db_transaction(pool, false, cut_once, &runs, &err), NEP_OK);
  ck_assert_int_eq(runs, 2);
  ck_assert_int_eq(world_count("SELECT count(*) FROM registry.sign_in_nonces"), 1);
  nep_pool_free(pool);
}
END_TEST

static nep_status fail_after_writing(nep_db *db, void *ctx, nep_error *err)
{
  (void)ctx;
  nep_status st = nep_db_nonce_insert(db,
                                      "2222222222222222222222222222222222222222222222222222"
                                      "222222222222",
                                      4102444800, err);
  return st == NEP_OK ? nep_fail(err, NEP_E_STATE, "enough", NULL, "the work refuses") : st;
}

START_TEST(work_that_fails_leaves_nothing)
{
  nep_pool *pool = pool_of("registry", 1);
  nep_error err = {0};
  ck_assert_int_eq(nep_db_transaction(pool, true, fail_after_writing, NULL, &err), NEP_E_STATE);
  ck_assert_str_eq(err.code, "enough");
  ck_assert_int_eq(
      world_count("SELECT count(*) FROM registry.sign_in_nonces WHERE nonce_hash LIKE '2%'"), 0);
  nep_pool_free(pool);
}
END_TEST

static nep_status write_counted(nep_db *db, void *ctx, nep_error *err)
{
  int *runs = ctx;
  char nonce[65];
  uint8_t bytes[32];
  (*runs)++;
  nep_random_bytes(bytes, sizeof bytes);
  nep_hex(bytes, sizeof bytes, nonce);
  return nep_db_nonce_insert(db, nonce, 4102444800, err);
}

/* Who is not told of a commit cannot know: only work that finds what it did before is run again. */
START_TEST(an_unknown_outcome_is_said_and_only_repeatable_work_is_run_again)
{
  nep_pool *pool = pool_of("registry", 1);
  for (int repeatable = 0; repeatable < 2; repeatable++) {
    nep_error err = {0};
    int runs = 0;
    world_commit_fails_once("registry.sign_in_nonces", true);
    nep_status st = nep_db_transaction(pool, repeatable, write_counted, &runs, &err);
    world_commits_hold("registry.sign_in_nonces");
    ck_assert_int_eq(st, repeatable ? NEP_OK : NEP_E_IO);
    ck_assert_int_eq(runs, repeatable ? 2 : 1);
    if (!repeatable)
      ck_assert_str_eq(err.code, "outcome-unknown");
  }
  nep_pool_free(pool);
}
END_TEST

START_TEST(a_commit_that_conflicts_is_run_again)
{
  nep_pool *pool = pool_of("registry", 1);
  nep_error err = {0};
  int runs = 0;
  world_commit_fails_once("registry.sign_in_nonces", false);
  ck_assert_int_eq(nep_db_transaction(pool, false, write_counted, &runs, &err), NEP_OK);
  world_commits_hold("registry.sign_in_nonces");
  ck_assert_int_eq(runs, 2);
  nep_pool_free(pool);
}
END_TEST

START_TEST(another_schema_version_is_refused)
{
  nep_pool *pool = NULL;
  nep_error err = {0};
  ck_assert(world_sql(
      "owner",
      "INSERT INTO nep.migrations SELECT max(number) + 1, 'newer', 'x' FROM nep.migrations"));
  ck_assert_int_eq(nep_pool_new(world_database("board"), 1, &pool, &err), NEP_E_STATE);
  ck_assert_str_eq(err.code, "schema-version");
  ck_assert(world_sql("owner", "DELETE FROM nep.migrations WHERE name = 'newer'"));
  ck_assert_int_eq(nep_pool_new(world_database("board"), 1, &pool, &err), NEP_OK);
  nep_pool_free(pool);
}
END_TEST

static nep_status ask(nep_db *db, void *ctx, nep_error *err)
{
  nep_head_row head;
  return nep_db_head_get(db, ctx, &head, err);
}

START_TEST(text_from_outside_is_never_part_of_a_statement)
{
  nep_pool *pool = pool_of("board", 1);
  nep_error err = {0};
  char hostile[] = "'; DROP TABLE board.heads; --";
  ck_assert_int_eq(nep_db_transaction(pool, true, ask, hostile, &err), NEP_E_NOT_FOUND);
  ck_assert_str_eq(err.code, "election");
  nep_pool_free(pool);
}
END_TEST

/* ---- questions that go out together ---- */

typedef struct questions {
  const char *election, *credential;
  int answers;
} questions;

static void note_head(void *ctx, const char *uuid, const nep_casting_head *head)
{
  (void)uuid;
  (void)head;
  ((questions *)ctx)->answers++;
}

static void note_known(void *ctx, size_t ballot, const nep_known_cast *known)
{
  ck_assert_uint_eq(ballot, 0);
  ck_assert(!known->stored && !known->voted);
  ck_assert_str_eq(known->revealed, "");
  ((questions *)ctx)->answers++;
}

static nep_status ask_all(nep_db *db, void *ctx, nep_error *err)
{
  static const char *const hash = "ballot";
  questions *q = ctx;
  nep_casting_question question = {&q->election, 1, true, &q->election, &hash, &q->credential, 1};
  nep_casting_reader reader = {note_head, note_known, q};
  return nep_db_casting_read(db, &question, &reader, err);
}

/* The first question fails, then the last, when the others have their rows; the connection is as
   good as before. Text that is no UTF-8 is refused by the database only. */
START_TEST(of_several_questions_none_is_answered_when_one_fails)
{
  static const char *const none = "11111111111111", *const bad = "\xff";
  nep_pool *pool = pool_of("board", 1);
  nep_error err = {0};
  questions q[] = {{bad, "c", 0}, {none, bad, 0}, {none, "c", 0}};
  ck_assert_int_eq(nep_db_transaction(pool, true, ask_all, &q[0], &err), NEP_E_IO);
  ck_assert_str_eq(err.where, "casting_heads");
  ck_assert_int_eq(nep_db_transaction(pool, true, ask_all, &q[1], &err), NEP_E_IO);
  ck_assert_str_eq(err.where, "casts_known");
  ck_assert_int_eq(q[0].answers + q[1].answers, 0);
  ck_assert_int_eq(nep_db_transaction(pool, true, ask_all, &q[2], &err), NEP_OK);
  ck_assert_int_eq(q[2].answers, 1); /* of a ballot that nobody stored */
  nep_pool_free(pool);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("db");
  TCase *tests = tcase_create("transactions");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, a_deadlock_is_run_again_until_both_are_done);
  tcase_add_test(tests, a_lost_connection_is_replaced_and_the_work_done_once);
  tcase_add_test(tests, work_that_fails_leaves_nothing);
  tcase_add_test(tests, an_unknown_outcome_is_said_and_only_repeatable_work_is_run_again);
  tcase_add_test(tests, a_commit_that_conflicts_is_run_again);
  tcase_add_test(tests, another_schema_version_is_refused);
  tcase_add_test(tests, text_from_outside_is_never_part_of_a_statement);
  tcase_add_test(tests, of_several_questions_none_is_answered_when_one_fails);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
