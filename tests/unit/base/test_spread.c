#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/spread.h"
#include "tests/support/run.h"

enum { MOST = 300 };

typedef struct board {
  atomic_int times[MOST + 1];
  size_t bad; /* this piece fails, and all after it */
} board;

static nep_status mark(void *ctx, size_t i, nep_error *err)
{
  board *b = ctx;
  atomic_fetch_add(&b->times[i], 1);
  if (i >= b->bad)
    return nep_fail(err, NEP_E_CHECK, "bad-piece", "piece", "it is bad");
  return NEP_OK;
}

START_TEST(each_piece_is_worked_on_once)
{
  static const size_t sizes[] = {0, 1, 2, 3, MOST};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    for (unsigned jobs = 0; jobs < 6; jobs++) {
      board b = {.bad = MOST + 1};
      nep_error err = {0};
      ck_assert_int_eq(nep_spread(sizes[s], jobs, mark, &b, &err), NEP_OK);
      for (size_t i = 0; i <= MOST; i++)
        ck_assert_int_eq(atomic_load(&b.times[i]), i < sizes[s]);
    }
}
END_TEST

/* Each thread may have begun one piece more before it saw the failure. */
START_TEST(after_a_failure_no_piece_is_begun)
{
  for (unsigned jobs = 1; jobs < 6; jobs++) {
    board b = {.bad = 5};
    nep_error err = {0};
    int begun = 0;
    ck_assert_int_eq(nep_spread(MOST, jobs, mark, &b, &err), NEP_E_CHECK);
    ck_assert_str_eq(err.code, "bad-piece");
    for (size_t i = 0; i < MOST; i++)
      begun += atomic_load(&b.times[i]);
    ck_assert_int_ge(begun, 6);
    ck_assert_int_le(begun, 5 + (int)jobs);
    ck_assert_int_eq(nep_spread(MOST, jobs, mark, &b, NULL), NEP_E_CHECK);
  }
}
END_TEST

START_TEST(as_many_threads_as_asked_for_or_one_for_each_processor)
{
  ck_assert_uint_eq(nep_jobs(1), 1);
  ck_assert_uint_eq(nep_jobs(300), 300);
  ck_assert_int_eq(nep_jobs(0), sysconf(_SC_NPROCESSORS_ONLN));
}
END_TEST

static unsigned allowed(cpu_set_t *set)
{
  ck_assert_int_eq(sched_getaffinity(0, sizeof *set, set), 0);
  return (unsigned)CPU_COUNT(set);
}

/* Each case is a process of its own (check), whose processors these are. */
START_TEST(threads_that_are_as_many_as_processors_have_one_each)
{
  cpu_set_t all, own, together;
  unsigned n = allowed(&all);
  CPU_ZERO(&together);
  for (unsigned k = 0; k <= n; k++) {
    ck_assert_int_eq(sched_setaffinity(0, sizeof all, &all), 0);
    nep_thread_bind(k, n + 1);
    ck_assert_uint_eq(allowed(&own), 1);
    CPU_OR(&together, &together, &own);
    ck_assert_uint_eq((unsigned)CPU_COUNT(&together), k < n ? k + 1 : n);
  }
  ck_assert(CPU_EQUAL(&together, &all));
  ck_assert_int_eq(sched_setaffinity(0, sizeof all, &all), 0);
  nep_thread_bind(0, n - 1);
  ck_assert_uint_eq(allowed(&own), n);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base/spread");
  TCase *tc = tcase_create("spread");
  tcase_add_test(tc, each_piece_is_worked_on_once);
  tcase_add_test(tc, after_a_failure_no_piece_is_begun);
  tcase_add_test(tc, as_many_threads_as_asked_for_or_one_for_each_processor);
  tcase_add_test(tc, threads_that_are_as_many_as_processors_have_one_each);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
