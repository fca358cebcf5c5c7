/* Elections whose lists have to be read before anything can be verified: who asks for them, how
   often, and who waits meanwhile. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "server/service/setups.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

enum { ELECTIONS = 3, SPARE = 600 };
static world_election elections[ELECTIONS];

/* A ballot of the voter whose turn it is, after all that this test and those before it cast. */
static void fresh_ballot(size_t election, nep_buf *body)
{
  static int64_t last;
  const world_election *e = &elections[election];
  int64_t now = nep_clock_ms();
  nep_buf ballot = {0};
  last = now > last ? now : last + 1;
  size_t voter = (size_t)last % e->n;
  world_ballot_text(e, voter, 1, &ballot);
  world_enclose(e, voter, &ballot, last, body);
  nep_buf_free(&ballot);
}

static void vote_in(size_t election)
{
  nep_buf body = {0};
  world_cast_result r = {0};
  fresh_ballot(election, &body);
  world_cast(elections[election].uuid, &body, &r);
  ck_assert_msg(r.status == NEP_OK, "%s", r.err.reason);
  nep_buf_free(&r.json);
  nep_buf_free(&body);
}

static bool is_at_hand(size_t election)
{
  return nep_cast_length(world, elections[election].uuid) > 0;
}

/* ---- while lists cannot be read ---- */

static world_cast_result waiting[4];

static nep_status send_to(size_t election, size_t i, nep_error *err)
{
  nep_buf body = {0};
  fresh_ballot(election, &body);
  nep_status st = world_cast_send(elections[election].uuid, &body, &waiting[i], err);
  nep_buf_free(&body);
  return st;
}

static void expect_answers(size_t n)
{
  world_cast_wait(waiting, n);
  for (size_t i = 0; i < n; i++) {
    ck_assert_msg(waiting[i].status == NEP_OK, "%s", waiting[i].err.reason);
    nep_buf_free(&waiting[i].json);
  }
}

static void send_and_vote_elsewhere(void)
{
  nep_error err = {0};
  ck_assert_int_eq(send_to(1, 0, &err), NEP_OK);
  world_await_readers(1);
  for (int i = 0; i < 3; i++)
    vote_in(0);
  ck_assert(!waiting[0].done);
}

START_TEST(who_votes_elsewhere_does_not_wait_for_a_list)
{
  world_open_with(&(nep_service_config){.cast_threads = 1, .cast_queue = 100, .cast_batch = 8});
  vote_in(0);
  ck_assert(is_at_hand(0) && !is_at_hand(1));
  world_while_locked("board.data", send_and_vote_elsewhere);
  expect_answers(1);
  ck_assert(is_at_hand(1));
  world_close();
}
END_TEST

static void fill_half(void)
{
  nep_error err = {0};
  ck_assert_int_eq(send_to(1, 0, &err), NEP_OK);
  ck_assert_int_eq(send_to(2, 1, &err), NEP_OK);
  ck_assert_int_eq(send_to(1, 2, &err), NEP_E_BUSY);
  ck_assert_str_eq(err.code, "cast-queue");
  vote_in(0);
}

START_TEST(lists_that_are_not_at_hand_take_half_the_places_at_most)
{
  world_open_with(&(nep_service_config){.cast_threads = 1, .cast_queue = 4, .cast_batch = 8});
  vote_in(0);
  world_while_locked("board.data", fill_half);
  expect_answers(2);
  world_close();
}
END_TEST

static void send_other_lengths(void)
{
  nep_buf body = {0};
  world_cast_result r = {0};
  fresh_ballot(1, &body);
  nep_buf_char(&body, ' ');
  world_cast(elections[1].uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_E_INPUT);
  ck_assert_str_eq(r.err.code, "ballot-envelope");
  nep_buf_free(&r.json);
  world_challenge(elections[1].uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_E_INPUT);
  ck_assert_str_eq(r.err.code, "challenge-envelope");
  nep_buf_free(&r.json);
  world_cast("NoSuchE1ection", &body, &r);
  ck_assert_int_eq(r.status, NEP_E_NOT_FOUND);
  nep_buf_free(&r.json);
  nep_buf_free(&body);
}

START_TEST(what_has_another_length_makes_nobody_read_a_list)
{
  world_open();
  world_while_locked("board.data", send_other_lengths);
  ck_assert(!is_at_hand(1));
  world_close();
}
END_TEST

static nep_status ask_last(size_t election, nep_error *err)
{
  char credential[NEP_ELEMENT_TEXT_MAX];
  nep_buf body = {0}, json = {0};
  world_public(&elections[election], 0, credential);
  nep_buf_printf(&body, "{\"credential\":\"%s\"}", credential);
  nep_status st = nep_last_cast(world, elections[election].uuid, nep_buf_bytes(&body), &json, err);
  nep_buf_free(&json);
  nep_buf_free(&body);
  return st;
}

static void ask_beside(void)
{
  nep_error err = {0};
  ck_assert_int_eq(send_to(1, 0, &err), NEP_OK);
  world_await_readers(1);
  ck_assert_int_eq(ask_last(1, &err), NEP_E_BUSY);
  ck_assert_str_eq(err.code, "setup-reading");
  ck_assert_int_eq(ask_last(2, &err), NEP_E_BUSY);
  ck_assert_int_eq(ask_last(0, &err), NEP_OK);
}

START_TEST(a_worker_does_not_wait_for_a_list_that_is_being_read)
{
  nep_error err = {0};
  world_open();
  vote_in(0);
  world_while_locked("board.data", ask_beside);
  expect_answers(1);
  ck_assert_int_eq(ask_last(1, &err), NEP_OK);
  ck_assert_int_eq(ask_last(2, &err), NEP_OK); /* which reads it */
  ck_assert(is_at_hand(2));
  world_close();
}
END_TEST

START_TEST(what_waits_for_a_list_is_answered_at_the_end)
{
  for (int i = 0; i < 5; i++) {
    nep_error err = {0};
    world_open();
    ck_assert_int_eq(send_to(1, 0, &err), NEP_OK);
    ck_assert_int_eq(send_to(2, 1, &err), NEP_OK);
    nep_service_finish(world);
    ck_assert(waiting[0].done && waiting[1].done);
    expect_answers(2);
    ck_assert_int_eq(send_to(1, 0, &err), NEP_E_BUSY);
    world_close();
  }
}
END_TEST

/* ---- memory ---- */

static size_t size_of_one(void)
{
  world_open();
  vote_in(0);
  size_t bytes = nep_setups_bytes(world->setups);
  ck_assert_uint_gt(bytes, 480 * 1024); /* the tables of the election's key alone */
  world_close();
  return bytes;
}

START_TEST(asking_for_an_election_puts_no_other_out_in_which_somebody_voted)
{
  nep_error err = {0};
  size_t one = size_of_one();
  world_open_with(&(nep_service_config){
      .cast_threads = 1, .cast_queue = 100, .cast_batch = 8, .list_memory = 2 * one + one / 2});
  vote_in(0);
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(ask_last(1, &err), NEP_OK);
    ck_assert(is_at_hand(0) && is_at_hand(1) && !is_at_hand(2));
    ck_assert_int_eq(ask_last(2, &err), NEP_OK);
    ck_assert(is_at_hand(0) && !is_at_hand(1) && is_at_hand(2));
    ck_assert_uint_le(nep_setups_bytes(world->setups), 2 * one + one / 2);
  }
  /* Who votes there puts out where nobody did; then where somebody did longest ago. */
  vote_in(1);
  ck_assert(is_at_hand(0) && is_at_hand(1) && !is_at_hand(2));
  vote_in(0);
  vote_in(2);
  ck_assert(is_at_hand(0) && !is_at_hand(1) && is_at_hand(2));
  world_close();
}
END_TEST

START_TEST(one_that_is_in_use_outlives_its_place)
{
  nep_error err = {0};
  nep_setup *first = NULL, *second = NULL;
  world_open_with(
      &(nep_service_config){.cast_threads = 1, .cast_queue = 9, .cast_batch = 8, .list_memory = 1});
  ck_assert_int_eq(nep_setup_take(world, elections[0].uuid, &first, &err), NEP_OK);
  ck_assert(is_at_hand(0)); /* the only one may be larger than allowed */
  ck_assert_int_eq(nep_setup_take(world, elections[1].uuid, &second, &err), NEP_OK);
  ck_assert(!is_at_hand(0) && is_at_hand(1));
  ck_assert_str_eq(first->election->uuid, elections[0].uuid);
  nep_setup_give(world, first);
  nep_setup_give(world, second);
  ck_assert(is_at_hand(1));
  vote_in(0);
  vote_in(1);
  world_close();
}
END_TEST

static void set_up(void)
{
  world_open();
  for (size_t i = 0; i < ELECTIONS; i++)
    world_opened(&elections[i], 3, SPARE);
  world_close();
}

static void tear_down(void)
{
  for (size_t i = 0; i < ELECTIONS; i++)
    world_election_free(&elections[i]);
}

int main(void)
{
  Suite *suite = suite_create("service/setups");
  TCase *tests = tcase_create("setups");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 120);
  tcase_add_unchecked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, who_votes_elsewhere_does_not_wait_for_a_list);
  tcase_add_test(tests, lists_that_are_not_at_hand_take_half_the_places_at_most);
  tcase_add_test(tests, what_has_another_length_makes_nobody_read_a_list);
  tcase_add_test(tests, a_worker_does_not_wait_for_a_list_that_is_being_read);
  tcase_add_test(tests, what_waits_for_a_list_is_answered_at_the_end);
  tcase_add_test(tests, asking_for_an_election_puts_no_other_out_in_which_somebody_voted);
  tcase_add_test(tests, one_that_is_in_use_outlives_its_place);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
