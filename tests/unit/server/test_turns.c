/* Who waits for whom where one thread at a time works on something. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "server/service/turns.h"
#include "tests/support/run.h"

enum { LONG_AT_ONCE = 2 };
static nep_turns *all;

static void setup(void)
{
  all = nep_turns_new(LONG_AT_ONCE);
}

static void teardown(void)
{
  nep_turns_free(all);
}

START_TEST(nobody_waits_for_what_is_long)
{
  nep_turn first = {1, "a", true, NULL}, same = {1, "a", false, NULL};
  ck_assert(nep_turn_begin(all, &first));
  ck_assert(!nep_turn_begin(all, &same));
  nep_turn_end(all, &first);
  ck_assert(nep_turn_begin(all, &same));
  ck_assert(!nep_turn_begin(all, &first)); /* nor does anybody wait with what will be long */
  nep_turn_end(all, &same);
}
END_TEST

START_TEST(few_long_ones_are_under_way_and_any_number_of_short_ones)
{
  nep_turn turn[] = {{1, "a", true, NULL},  {2, "a", true, NULL},  {1, "b", true, NULL},
                     {1, "b", false, NULL}, {1, "c", false, NULL}, {2, "b", false, NULL}};
  ck_assert(nep_turn_begin(all, &turn[0]));
  ck_assert(nep_turn_begin(all, &turn[1])); /* another kind */
  ck_assert(!nep_turn_begin(all, &turn[2]));
  for (size_t i = 3; i < 6; i++)
    ck_assert(nep_turn_begin(all, &turn[i]));
  nep_turn_end(all, &turn[0]);
  nep_turn_end(all, &turn[3]);
  ck_assert(nep_turn_begin(all, &turn[2]));
  nep_turn_end(all, &turn[1]);
  nep_turn_end(all, &turn[2]);
  nep_turn_end(all, &turn[4]);
  nep_turn_end(all, &turn[5]);
}
END_TEST

static atomic_int inside, at_most;

static void *work(void *unused)
{
  nep_turn mine = {1, "a", false, NULL};
  ck_assert(nep_turn_begin(all, &mine));
  int n = atomic_fetch_add(&inside, 1) + 1;
  if (n > atomic_load(&at_most))
    atomic_store(&at_most, n);
  usleep(2000);
  atomic_fetch_sub(&inside, 1);
  nep_turn_end(all, &mine);
  return unused;
}

START_TEST(what_is_short_is_done_by_one_after_the_other)
{
  pthread_t thread[8];
  for (size_t i = 0; i < 8; i++)
    ck_assert_int_eq(pthread_create(&thread[i], NULL, work, NULL), 0);
  for (size_t i = 0; i < 8; i++)
    pthread_join(thread[i], NULL);
  ck_assert_int_eq(atomic_load(&at_most), 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("turns");
  TCase *tc = tcase_create("turns");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, nobody_waits_for_what_is_long);
  tcase_add_test(tc, few_long_ones_are_under_way_and_any_number_of_short_ones);
  tcase_add_test(tc, what_is_short_is_done_by_one_after_the_other);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
