#include "crypto/dlog.h"
#include "crypto/group_ops.h"
#include "tests/unit/crypto/groups.h"

static nep_element power(const nep_group *g, uint64_t v)
{
  nep_scalar s = test_small(g, v);
  nep_element e;
  nep_element_exp_g_var(g, &e, &s);
  return e;
}

static void expect_found(const nep_dlog *d, const nep_group *g, uint64_t v)
{
  nep_element e = power(g, v);
  uint64_t got = ~v;
  ck_assert(nep_dlog_solve_var(d, &e, &got));
  ck_assert_uint_eq(got, v);
}

static void expect_none(const nep_dlog *d, nep_element e)
{
  uint64_t got;
  ck_assert(!nep_dlog_solve_var(d, &e, &got));
}

START_TEST(every_value_up_to_a_small_maximum_is_found)
{
  const nep_group *g = nep_group_at((size_t)_i);
  const uint64_t maxima[] = {0, 1, 2, 3, 4, 8, 9, 10, 80};
  for (size_t k = 0; k < sizeof maxima / sizeof maxima[0]; k++) {
    nep_dlog *d = nep_dlog_new(g, maxima[k]);
    for (uint64_t v = 0; v <= maxima[k]; v++)
      expect_found(d, g, v);
    for (uint64_t v = maxima[k] + 1; v < maxima[k] + 30; v++)
      expect_none(d, power(g, v));
    nep_dlog_free(d);
  }
  nep_dlog_free(NULL);
}
END_TEST

START_TEST(large_values_and_their_neighbours)
{
  const nep_group *g = nep_group_at((size_t)_i);
  const uint64_t max = _i == 0 ? 100000000 : 1000000;
  nep_dlog *d = nep_dlog_new(g, max);
  const uint64_t steps = _i == 0 ? 7072 : 1001; /* baby steps of this maximum */
  const uint64_t width = _i == 0 ? 2 * steps + 1 : steps;
  const uint64_t values[] = {0,     1,         steps - 1, steps,       steps + 1, width - 1,
                             width, width + 1, max / 2,   max - steps, max - 1,   max};
  for (size_t k = 0; k < sizeof values / sizeof values[0]; k++)
    expect_found(d, g, values[k]);
  expect_none(d, power(g, max + 1));
  nep_dlog_free(d);
}
END_TEST

START_TEST(negative_and_random_powers_are_not_found)
{
  const nep_group *g = nep_group_at((size_t)_i);
  nep_dlog *d = nep_dlog_new(g, 5000);
  nep_element e = power(g, 1);
  nep_element_inv(g, &e, &e);
  expect_none(d, e);
  expect_none(d, test_random_element(g));
  nep_dlog_free(d);
}
END_TEST

static uint64_t key_of(const nep_group *g, nep_element e)
{
  uint64_t key;
  nep_element step = power(g, 1);
  g->dlog_walk_var(g, &e, &step, 1, &key);
  return key;
}

/* A table whose keys collide still finds everything, but slowly. */
START_TEST(keys_tell_small_powers_apart_and_inverses_where_they_must)
{
  enum { N = 400 };
  static uint64_t key[2 * N];
  const nep_group *g = nep_group_at((size_t)_i);
  for (size_t i = 0; i < N; i++) {
    nep_element e = power(g, i + 1);
    key[i] = key_of(g, e);
    nep_element_inv(g, &e, &e);
    key[N + i] = key_of(g, e);
    ck_assert_int_eq(key[i] == key[N + i], g->dlog_symmetric);
  }
  size_t distinct = g->dlog_symmetric ? N : 2 * N;
  for (size_t i = 0; i < distinct; i++)
    for (size_t j = 0; j < i; j++)
      ck_assert_msg((key[i] ^ key[j]) << 32 != 0, "%zu and %zu", i, j);
  /* The key belongs to the element, not to its coordinates. */
  ck_assert_uint_eq(key_of(g, power(g, 12)), key_of(g, test_mul(g, power(g, 5), power(g, 7))));
}
END_TEST

START_TEST(a_walk_goes_step_by_step_and_ends_behind_the_last)
{
  enum { LONG = 600 };
  const nep_group *g = nep_group_at((size_t)_i);
  static uint64_t key[LONG];
  nep_element run = power(g, 3), step = power(g, 5), end = power(g, 3 + 5 * LONG);
  g->dlog_walk_var(g, &run, &step, LONG, key);
  test_same(g, &run, &end);
  for (uint64_t k = 0; k < LONG; k += 7)
    ck_assert_uint_eq(key[k], key_of(g, power(g, 3 + 5 * k)));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("crypto/dlog");
  TCase *tc = tcase_create("dlog");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, every_value_up_to_a_small_maximum_is_found, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, large_values_and_their_neighbours, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, negative_and_random_powers_are_not_found, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, keys_tell_small_powers_apart_and_inverses_where_they_must, 0,
                      NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, a_walk_goes_step_by_step_and_ends_behind_the_last, 0, NEP_TEST_GROUPS);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
