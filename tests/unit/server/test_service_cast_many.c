/* Casting in several elections at once: one transaction for their ballots, in which none waits for
   another's act and none fails for another's fault. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/random.h"
#include "server/service/cast.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

/* Made once; each test has voters of its own. */
enum { ELECTIONS = 4, VOTERS = 12 };
static world_election elections[ELECTIONS];

static void open_elections(void)
{
  world_open();
  for (size_t i = 0; i < ELECTIONS; i++)
    world_opened(&elections[i], VOTERS, 600);
  world_close();
}

static void free_elections(void)
{
  for (size_t i = 0; i < ELECTIONS; i++)
    world_election_free(&elections[i]);
}

static void administer(const world_election *e, const char *change)
{
  char *sql = nep_sprintf("SET session_replication_role = replica; UPDATE board.%s AND uuid = '%s'",
                          change, e->uuid);
  ck_assert_msg(world_sql("admin", sql), "%s", sql);
  free(sql);
}

/* ---- one transaction ---- */

static void commit(nep_cast **casts, size_t n)
{
  nep_error err = {0};
  ck_assert_msg(nep_cast_commit(&(nep_cast_batch){world, casts, n}, &err) == NEP_OK, "%s",
                err.reason);
}

/* Sent again because a commit was not heard of, they find themselves. */
START_TEST(ballots_of_several_elections_are_one_transaction)
{
  enum { N = 2 * ELECTIONS };
  nep_cast *casts[N];
  int64_t heights[N];
  world_open();
  for (size_t i = 0; i < N; i++)
    casts[i] = world_verified(&elections[i % ELECTIONS], i / ELECTIONS, NULL);
  commit(casts, N);
  ck_assert_uint_eq(atomic_load(&world->counters.cast_transactions), 1);
  for (size_t i = 0; i < N; i++) {
    ck_assert_int_eq(casts[i]->fate, NEP_CAST_STORED);
    heights[i] = casts[i]->height;
    if (i >= ELECTIONS)
      ck_assert_int_eq(heights[i], heights[i - ELECTIONS] + 1);
  }
  commit(casts, N);
  ck_assert_uint_eq(atomic_load(&world->counters.cast_transactions), 1); /* nothing was stored */
  for (size_t i = 0; i < N; i++) {
    ck_assert_int_eq(casts[i]->fate, NEP_CAST_REPEATED);
    ck_assert_int_eq(casts[i]->height, heights[i]);
  }
  world_casts_free(casts, N);
  for (size_t i = 0; i < ELECTIONS; i++)
    world_check_archive(&elections[i]);
  world_close();
}
END_TEST

START_TEST(a_credential_that_votes_twice_in_a_transaction_has_voted_once)
{
  enum { N = 5, TWICE = 2, OTHER = 3 };
  static const size_t voters[N] = {TWICE, TWICE, OTHER, TWICE, OTHER};
  nep_cast *casts[N];
  const world_election *e = &elections[0];
  int64_t ballots = world_head_number(e, "ballots"), voted = world_head_number(e, "voted");
  world_open();
  for (size_t i = 0; i < N; i++)
    casts[i] = world_verified(e, voters[i], NULL);
  nep_cast *overtaken = casts[0]; /* its number is the lowest of its credential */
  casts[0] = casts[1];
  casts[1] = overtaken;
  commit(casts, N);
  for (size_t i = 0; i < N; i++)
    ck_assert_int_eq(casts[i]->fate, casts[i] == overtaken ? NEP_CAST_REFUSED : NEP_CAST_STORED);
  ck_assert_str_eq(overtaken->code, "cast-order");
  ck_assert_int_eq(overtaken->last, casts[0]->sequence);
  ck_assert_int_eq(world_head_number(e, "ballots"), ballots + 4);
  ck_assert_int_eq(world_head_number(e, "voted"), voted + 2);
  world_casts_free(casts, N);
  world_check_archive(e);
  world_close();
}
END_TEST

/* ---- an election that another transaction holds ---- */

typedef struct holding {
  const world_election *e;
  void (*meanwhile)(void *ctx);
  void *ctx;
} holding;

static nep_status hold(nep_db *db, void *ctx, nep_error *err)
{
  const holding *h = ctx;
  nep_head_row head;
  nep_status st = nep_db_head_lock(db, h->e->uuid, &head, err);
  if (st == NEP_OK)
    h->meanwhile(h->ctx);
  return st;
}

/* As an act of an official does. */
static void while_held(const world_election *e, void (*meanwhile)(void *ctx), void *ctx)
{
  holding h = {e, meanwhile, ctx};
  nep_error err = {0};
  ck_assert_int_eq(nep_db_transaction(world->official, true, hold, &h, &err), NEP_OK);
}

typedef struct two {
  nep_cast_batch batch;
  world_cast_result held[2], free[1];
} two;

static void nobody(void *ctx)
{
  (void)ctx;
}

/* The transaction is over before anybody is answered. */
static void note_decided(void *ctx)
{
  const world_cast_result *result = ctx;
  ck_assert(!result->done);
}

static void store_two(void *ctx)
{
  two *t = ctx;
  nep_cast_store(&t->batch, note_decided, &t->free[0]);
  ck_assert(t->free[0].done);
  ck_assert_int_eq(t->free[0].status, NEP_OK);
  ck_assert_uint_eq(t->batch.n, 2);
  for (size_t i = 0; i < 2; i++)
    ck_assert(!t->held[i].done);
}

START_TEST(a_held_election_is_left_and_stored_when_it_is_free)
{
  two t = {0};
  world_open();
  nep_cast *casts[] = {world_verified(&elections[0], 4, &t.held[0]),
                       world_verified(&elections[1], 4, &t.free[0]),
                       world_verified(&elections[0], 4, &t.held[1])};
  t.batch = (nep_cast_batch){world, casts, 3};
  while_held(&elections[0], store_two, &t);
  nep_cast_store_left(&t.batch, nobody, NULL);
  ck_assert_uint_eq(t.batch.n, 0);
  for (size_t i = 0; i < 2; i++) { /* in the order of their coming */
    ck_assert(t.held[i].done);
    ck_assert_msg(t.held[i].status == NEP_OK, "%s", t.held[i].err.reason);
    nep_buf_free(&t.held[i].json);
  }
  nep_buf_free(&t.free[0].json);
  world_check_archive(&elections[0]);
  world_check_archive(&elections[1]);
  world_close();
}
END_TEST

/* A ballot in each election, and a later one in the last, which is never held. */
enum { FIRST, SECOND, THIRD, FREE };
typedef struct voting {
  nep_buf bodies[ELECTIONS + 1];
  world_cast_result results[ELECTIONS + 1];
} voting;

static void submit(voting *v, size_t i)
{
  const world_election *e = &elections[i < ELECTIONS ? i : FREE];
  nep_error err = {0};
  ck_assert_int_eq(world_cast_send(e->uuid, &v->bodies[i], &v->results[i], &err), NEP_OK);
}

static void wait_for_waiting(int64_t committers)
{
  while (world_count("SELECT count(*) FROM pg_stat_activity WHERE usename = 'nep_board' AND "
                     "wait_event_type = 'Lock'") < committers)
    ;
}

/* Both committers wait for an act; two ballots wait for a committer. */
static void hold_all_up(void *ctx)
{
  static const struct timespec verifying = {0, 200000000};
  submit(ctx, FIRST);
  wait_for_waiting(1);
  submit(ctx, SECOND);
  wait_for_waiting(2);
  submit(ctx, THIRD);
  submit(ctx, FREE);
  nanosleep(&verifying, NULL);
}

/* One committer takes both, one of which is left. */
static void free_the_first(void *ctx)
{
  voting *v = ctx;
  while_held(&elections[FIRST], hold_all_up, v);
  world_cast_wait(&v->results[FREE], 1);
}

/* The other finds the lane of the free election free. */
static void free_the_second(void *ctx)
{
  voting *v = ctx;
  while_held(&elections[SECOND], free_the_first, v);
  submit(v, ELECTIONS);
  world_cast_wait(&v->results[ELECTIONS], 1);
}

START_TEST(voting_goes_on_while_an_act_holds_another_election)
{
  voting v = {0};
  world_open();
  for (size_t i = 0; i <= ELECTIONS; i++)
    world_ballot(&elections[i < ELECTIONS ? i : FREE], 5, 0, &v.bodies[i]);
  while_held(&elections[THIRD], free_the_second, &v);
  world_cast_wait(v.results, ELECTIONS + 1);
  for (size_t i = 0; i <= ELECTIONS; i++) {
    ck_assert_msg(v.results[i].status == NEP_OK, "%zu: %s", i, v.results[i].err.reason);
    nep_buf_free(&v.results[i].json);
    nep_buf_free(&v.bodies[i]);
  }
  world_close();
}
END_TEST

/* ---- what one election is refused ---- */

START_TEST(a13_a_closed_election_in_the_batch_does_not_close_another)
{
  nep_cast *casts[4];
  world_open();
  for (size_t i = 0; i < 4; i++)
    casts[i] = world_verified(&elections[i % 2 == 0 ? 2 : 0], 6 + i / 2, NULL);
  administer(&elections[2], "heads SET closes = closes - interval '1 day', opens = opens - "
                            "interval '1 day', registration_closes = registration_closes - "
                            "interval '1 day' WHERE true");
  commit(casts, 4);
  administer(&elections[2], "heads SET closes = closes + interval '1 day', opens = opens + "
                            "interval '1 day', registration_closes = registration_closes + "
                            "interval '1 day' WHERE true");
  for (size_t i = 0; i < 4; i++) {
    ck_assert_int_eq(casts[i]->fate, i % 2 == 0 ? NEP_CAST_REFUSED : NEP_CAST_STORED);
    if (i % 2 == 0)
      ck_assert_str_eq(casts[i]->code, "closed");
  }
  world_casts_free(casts, 4);
  world_check_archive(&elections[0]);
  world_check_archive(&elections[2]);
  world_close();
}
END_TEST

START_TEST(a_ballot_that_the_database_refuses_fails_alone)
{
  enum { N = 4, BAD = 1 };
  nep_cast *casts[N];
  world_cast_result results[N];
  world_open();
  for (size_t i = 0; i < N; i++)
    casts[i] = world_verified(&elections[i % 2], 8 + i / 2, &results[i]);
  memset(casts[BAD]->statement_hash, '0', 64); /* not that of its statement */
  nep_cast_batch batch = {world, casts, N};
  nep_cast_store(&batch, nobody, NULL);
  ck_assert_uint_eq(batch.n, 0);
  for (size_t i = 0; i < N; i++) {
    ck_assert(results[i].done);
    ck_assert_int_eq(results[i].status, i == BAD ? NEP_E_CHECK : NEP_OK);
    nep_buf_free(&results[i].json);
  }
  world_check_archive(&elections[0]);
  world_check_archive(&elections[1]);
  world_close();
}
END_TEST

/* nep-signer signs no second event of one height: that is for the voters of that election. */
START_TEST(a_receipt_that_the_signer_refuses_takes_no_other_away)
{
  const world_election *forked = &elections[1];
  nep_cast *casts[2];
  world_cast_result first, results[2];
  nep_buf body = {0};
  char change[400];
  world_open();
  world_ballot(forked, 10, 1, &body);
  world_cast(forked->uuid, &body, &first);
  ck_assert_int_eq(first.status, NEP_OK);
  casts[0] = world_verified_body(forked, &body, &results[0]); /* the same bytes again */
  casts[1] = world_verified(&elections[0], 10, &results[1]);
  long long height = (long long)world_head_number(forked, "height");
  snprintf(change, sizeof change, "events SET hash = repeat('1', 64) WHERE height = %lld", height);
  administer(forked, change);
  nep_cast_batch batch = {world, casts, 2};
  nep_cast_store(&batch, nobody, NULL);
  snprintf(change, sizeof change,
           "events SET hash = encode(sha256(convert_to(board.event_text(parent, height, "
           "type::text, payload), 'UTF8')), 'hex') "
           "WHERE height = %lld",
           height);
  administer(forked, change);
  ck_assert_msg(results[0].status == NEP_E_INTERNAL, "%s", results[0].err.reason);
  ck_assert_str_eq(results[0].err.code, "signer-conflict");
  ck_assert_msg(results[1].status == NEP_OK, "%s", results[1].err.reason);
  ck_assert_ptr_nonnull(strstr(results[1].json.data, elections[0].uuid));
  for (size_t i = 0; i < 2; i++)
    nep_buf_free(&results[i].json);
  nep_buf_free(&first.json);
  nep_buf_free(&body);
  world_close();
}
END_TEST

/* ---- more than there is room for ---- */

/* One that comes after what other tests cast. */
static void later_ballot(const world_election *e, size_t voter, nep_buf *body)
{
  nep_buf ballot = {0};
  world_ballot_text(e, voter, voter % 2, &ballot);
  world_enclose(e, voter, &ballot, 100, body);
  nep_buf_free(&ballot);
}

/* Every voter tries again as the answer says; how often anybody had to. */
static size_t cast_patiently(nep_buf *bodies, world_cast_result *results, size_t n, unsigned room)
{
  static const struct timespec pause = {0, 2000000};
  bool *sent = nep_alloc(n, sizeof *sent);
  size_t left = n, refused = 0;
  while (left > 0) {
    for (size_t i = 0; i < n; i++) {
      nep_error err = {0};
      if (sent[i])
        continue;
      sent[i] =
          world_cast_send(elections[i % ELECTIONS].uuid, &bodies[i], &results[i], &err) == NEP_OK;
      left -= sent[i];
      refused += !sent[i];
      if (!sent[i])
        ck_assert_str_eq(err.code, "cast-queue");
      ck_assert_uint_le(nep_caster_waiting(world->caster), room);
    }
    nanosleep(&pause, NULL);
  }
  free(sent);
  return refused;
}

START_TEST(a14_everybody_votes_though_five_times_as_many_come_as_there_is_room_for)
{
  enum { ROOM = 8, ALL = 5 * ROOM };
  nep_buf bodies[ALL] = {0};
  world_cast_result results[ALL];
  int64_t ballots[ELECTIONS];
  world_open_with(&(nep_service_config){.cast_queue = ROOM, .cast_batch = ROOM});
  for (size_t i = 0; i < ELECTIONS; i++)
    ballots[i] = world_head_number(&elections[i], "ballots");
  for (size_t i = 0; i < ALL; i++)
    later_ballot(&elections[i % ELECTIONS], i / ELECTIONS, &bodies[i]);
  ck_assert_uint_gt(cast_patiently(bodies, results, ALL, ROOM), 0);
  world_cast_wait(results, ALL);
  for (size_t i = 0; i < ALL; i++) {
    ck_assert_msg(results[i].status == NEP_OK, "%zu: %s", i, results[i].err.reason);
    ck_assert(results[i].created);
    nep_buf_free(&results[i].json);
    nep_buf_free(&bodies[i]);
  }
  for (size_t i = 0; i < ELECTIONS; i++) {
    ck_assert_int_eq(world_head_number(&elections[i], "ballots"), ballots[i] + ALL / ELECTIONS);
    world_check_archive(&elections[i]);
  }
  world_close();
}
END_TEST

/* ---- a commit that goes wrong ---- */

START_TEST(a_transaction_that_is_run_again_decides_afresh)
{
  for (int lost = 0; lost < 2; lost++) {
    enum { N = 4 };
    nep_cast *casts[N];
    int64_t ballots = world_head_number(&elections[0], "ballots"),
            voted = world_head_number(&elections[0], "voted");
    world_open();
    for (size_t i = 0; i < N; i++)
      casts[i] = world_verified(&elections[i / 3], 11, NULL);
    world_commit_fails_once("board.events", lost);
    commit(casts, N);
    world_commits_hold("board.events");
    for (size_t i = 0; i < N; i++)
      ck_assert_int_eq(casts[i]->fate, NEP_CAST_STORED);
    ck_assert_int_eq(world_head_number(&elections[0], "ballots"), ballots + 3);
    ck_assert_int_eq(world_head_number(&elections[0], "voted"), lost ? voted : voted + 1);
    ck_assert_uint_eq(atomic_load(&world->counters.cast_transactions), 1);
    world_casts_free(casts, N);
    world_check_archive(&elections[0]);
    world_close();
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service: casting in several elections");
  TCase *tests = tcase_create("casting");
  nep_random_start();
  world_start();
  tcase_add_unchecked_fixture(tests, open_elections, free_elections);
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, ballots_of_several_elections_are_one_transaction);
  tcase_add_test(tests, a_credential_that_votes_twice_in_a_transaction_has_voted_once);
  tcase_add_test(tests, a_held_election_is_left_and_stored_when_it_is_free);
  tcase_add_test(tests, voting_goes_on_while_an_act_holds_another_election);
  tcase_add_test(tests, a13_a_closed_election_in_the_batch_does_not_close_another);
  tcase_add_test(tests, a_ballot_that_the_database_refuses_fails_alone);
  tcase_add_test(tests, a_receipt_that_the_signer_refuses_takes_no_other_away);
  tcase_add_test(tests, a14_everybody_votes_though_five_times_as_many_come_as_there_is_room_for);
  tcase_add_test(tests, a_transaction_that_is_run_again_decides_afresh);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
