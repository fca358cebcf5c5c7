/* When verified ballots are due for a transaction, and which are taken: with clocks that are made
   up, so that each rule is tried at both of its sides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "server/service/cast_lanes.h"
#include "tests/support/run.h"

enum { MANY = 40 };

static const struct timespec start = {.tv_sec = 1000, .tv_nsec = 995000000};
static nep_lanes lanes;
static nep_cast casts[MANY];
static size_t n_casts;
static nep_cast *out[MANY];
static nep_lane *taken[MANY];
static size_t n_taken;

static void setup(void)
{
  lanes = (nep_lanes){0};
  memset(casts, 0, sizeof casts);
  n_casts = 0;
}

static void teardown(void)
{
  while (lanes.first != NULL) {
    nep_lane *l = lanes.first;
    l->waiting.first = NULL;
    nep_lanes_give_back(&lanes, l);
  }
}

static struct timespec after(long ms)
{
  struct timespec t = start;
  t.tv_nsec += ms * 1000000L;
  t.tv_sec += t.tv_nsec / 1000000000L;
  t.tv_nsec %= 1000000000L;
  return t;
}

/* n ballots of the election that `letter` names, verified that long after the start. */
static void add(char letter, unsigned n, long ms)
{
  for (unsigned i = 0; i < n; i++) {
    nep_cast *cast = &casts[n_casts++];
    snprintf(cast->uuid, sizeof cast->uuid, "election-%c", letter);
    nep_lanes_add(&lanes, cast, after(ms));
  }
}

static size_t take(size_t max)
{
  return nep_lanes_take(&lanes, max, out, taken, &n_taken);
}

static void give_back(void)
{
  for (size_t i = 0; i < n_taken; i++)
    nep_lanes_give_back(&lanes, taken[i]);
  n_taken = 0;
}

/* Whether they are due that long after the start; *in: after how many ms they are said to be, -1
   when nothing waits. */
static bool due(nep_lanes_scene scene, long ms, long *in)
{
  struct timespec next = {0};
  bool waiting;
  bool is = nep_lanes_are_due(&lanes, &scene, after(ms), &next, &waiting);
  *in = waiting
            ? (long)(next.tv_sec - start.tv_sec) * 1000 + (next.tv_nsec - start.tv_nsec) / 1000000L
            : -1;
  return is;
}

START_TEST(nothing_is_due_where_nothing_waits)
{
  long in;
  ck_assert(!due((nep_lanes_scene){.stopping = true}, 100, &in));
  ck_assert_int_eq(in, -1);
  add('a', 3, 0);
  take(MANY);
  ck_assert(!due((nep_lanes_scene){.inside = 3, .storing = 1}, 100, &in));
  ck_assert_int_eq(in, -1);
  ck_assert(!due((nep_lanes_scene){.inside = 3, .storing = 1, .stopping = true}, 100, &in));
  give_back();
  ck_assert_ptr_null(lanes.first);
}
END_TEST

START_TEST(half_of_what_is_inside_is_enough_unless_a_transaction_runs)
{
  long in;
  add('a', 2, 0);
  add('b', 1, 0);
  ck_assert(!due((nep_lanes_scene){.inside = 7, .unverified = 4}, 0, &in));
  ck_assert_int_eq(in, NEP_LINGER_MS);
  ck_assert(due((nep_lanes_scene){.inside = 6, .unverified = 3}, 0, &in));
  ck_assert(!due((nep_lanes_scene){.inside = 6, .unverified = 3, .storing = 1}, 0, &in));
  ck_assert_int_eq(in, NEP_PATIENCE_MS);
}
END_TEST

START_TEST(where_nothing_is_left_to_verify_nobody_is_waited_for)
{
  long in;
  add('a', 1, 0);
  ck_assert(!due((nep_lanes_scene){.inside = 9, .unverified = 1}, 0, &in));
  ck_assert(due((nep_lanes_scene){.inside = 9}, 0, &in));
  ck_assert(!due((nep_lanes_scene){.inside = 9, .storing = 1}, 0, &in));
}
END_TEST

START_TEST(sixteen_are_enough_even_while_a_transaction_runs)
{
  long in;
  nep_lanes_scene busy = {.inside = 100, .unverified = 80, .storing = 1};
  add('a', NEP_WORTH_COMMITTING - 2, 0);
  add('b', 1, 0);
  ck_assert(!due(busy, 0, &in));
  add('b', 1, 0);
  ck_assert(due(busy, 0, &in));
  ck_assert_int_eq(NEP_WORTH_COMMITTING, 16);
}
END_TEST

START_TEST(who_waits_longest_decides_when_patience_ends)
{
  long in;
  nep_lanes_scene free = {.inside = 100, .unverified = 80};
  nep_lanes_scene busy = {.inside = 100, .unverified = 80, .storing = 1};
  add('a', 1, 3);
  add('b', 1, 1); /* a clock read a little earlier, by another thread */
  add('a', 1, 20);
  ck_assert(!due(free, NEP_LINGER_MS, &in));
  ck_assert_int_eq(in, 1 + NEP_LINGER_MS);
  ck_assert(due(free, 1 + NEP_LINGER_MS, &in));
  ck_assert(!due(busy, NEP_PATIENCE_MS, &in));
  ck_assert_int_eq(in, 1 + NEP_PATIENCE_MS);
  ck_assert(due(busy, 1 + NEP_PATIENCE_MS, &in));
}
END_TEST

START_TEST(at_the_end_everything_is_due)
{
  long in;
  nep_lanes_scene scene = {.inside = 100, .unverified = 80, .storing = 1};
  add('a', 1, 0);
  ck_assert(!due(scene, 0, &in));
  scene.stopping = true;
  ck_assert(due(scene, 0, &in));
}
END_TEST

START_TEST(ballots_are_taken_in_their_order_and_a_taken_lane_is_left_alone)
{
  add('a', 3, 0);
  add('b', 2, 0);
  add('a', 1, 0);
  ck_assert_uint_eq(take(MANY), 6);
  ck_assert_uint_eq(n_taken, 2);
  size_t order[] = {0, 1, 2, 5, 3, 4};
  for (size_t i = 0; i < 6; i++)
    ck_assert_ptr_eq(out[i], &casts[order[i]]);
  nep_lane *busy[2] = {taken[0], taken[1]};
  add('a', 1, 0); /* while its transaction runs */
  add('c', 1, 0);
  ck_assert_uint_eq(take(MANY), 1);
  ck_assert_ptr_eq(out[0], &casts[7]);
  ck_assert_uint_eq(n_taken, 1);
  give_back();
  nep_lanes_give_back(&lanes, busy[1]);
  nep_lanes_give_back(&lanes, busy[0]);
  ck_assert_uint_eq(take(MANY), 1);
  ck_assert_ptr_eq(out[0], &casts[6]);
  give_back();
  ck_assert_ptr_null(lanes.first);
}
END_TEST

START_TEST(a_transaction_has_so_many_bytes_or_one_ballot)
{
  add('a', 3, 0);
  add('b', 1, 0);
  for (size_t i = 0; i < 4; i++)
    casts[i].body.len = NEP_BATCH_BYTES / 2; /* nobody looks at them */
  ck_assert_uint_eq(take(MANY), 2);
  ck_assert_uint_eq(n_taken, 1);
  give_back();
  casts[3].body.len = NEP_BATCH_BYTES + 1;
  ck_assert_uint_eq(take(MANY), 1);
  ck_assert_ptr_eq(out[0], &casts[3]);
  give_back();
  ck_assert_uint_eq(take(MANY), 1);
  ck_assert_ptr_eq(out[0], &casts[2]);
  give_back();
  ck_assert_ptr_null(lanes.first);
}
END_TEST

START_TEST(an_election_with_many_ballots_goes_behind_the_others)
{
  add('a', 5, 0);
  add('b', 1, 0);
  ck_assert_uint_eq(take(3), 3);
  ck_assert_uint_eq(n_taken, 1);
  give_back();
  ck_assert_uint_eq(take(3), 3);
  ck_assert_ptr_eq(out[0], &casts[5]); /* b's */
  ck_assert_ptr_eq(out[1], &casts[3]);
  ck_assert_ptr_eq(out[2], &casts[4]);
  give_back();
  ck_assert_ptr_null(lanes.first);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("cast-lanes");
  TCase *tc = tcase_create("lanes");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, nothing_is_due_where_nothing_waits);
  tcase_add_test(tc, half_of_what_is_inside_is_enough_unless_a_transaction_runs);
  tcase_add_test(tc, where_nothing_is_left_to_verify_nobody_is_waited_for);
  tcase_add_test(tc, sixteen_are_enough_even_while_a_transaction_runs);
  tcase_add_test(tc, who_waits_longest_decides_when_patience_ends);
  tcase_add_test(tc, at_the_end_everything_is_due);
  tcase_add_test(tc, ballots_are_taken_in_their_order_and_a_taken_lane_is_left_alone);
  tcase_add_test(tc, an_election_with_many_ballots_goes_behind_the_others);
  tcase_add_test(tc, a_transaction_has_so_many_bytes_or_one_ballot);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
