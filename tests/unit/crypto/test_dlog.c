#include <stdlib.h>

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
  /* Of this maximum: the farthest step, the width of all, and where they are counted from. */
  const uint64_t reach = _i == 0 ? 2887 : 1000;
  const uint64_t width = _i == 0 ? 2 * reach + 1 : reach + 1;
  const uint64_t middle = _i == 0 ? max / 2 : 0;
  const uint64_t values[] = {0,
                             1,
                             reach - 1,
                             reach,
                             reach + 1,
                             width - 1,
                             width,
                             width + 1,
                             max / 2,
                             middle + 1,
                             middle + reach,
                             middle + reach + 1,
                             middle + width,
                             middle + 7 * width,
                             middle + 7 * width + reach,
                             max - reach,
                             max - 1,
                             max};
  for (size_t k = 0; k < sizeof values / sizeof values[0]; k++)
    expect_found(d, g, values[k]);
  if (middle != 0)
    for (uint64_t k = 0; k <= 7 * width; k += width) {
      expect_found(d, g, middle - 1 - k);
      expect_found(d, g, middle - reach - k);
    }
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
  uint64_t key, other;
  void *steps = g->dlog_steps_new_var(g, 0);
  g->dlog_around_var(g, steps, &e, 0, 1, &key, &other);
  free(steps);
  return key;
}

/* A table whose keys collide still finds everything, but slowly. */
START_TEST(keys_tell_small_powers_apart_and_inverses_where_they_must)
{
  enum { N = 400, INVERSES = 60 };
  static uint64_t key[N + INVERSES];
  const nep_group *g = nep_group_at((size_t)_i);
  for (size_t i = 0; i < N; i++) {
    nep_element e = power(g, i + 1);
    key[i] = key_of(g, e);
    if (i >= INVERSES)
      continue;
    nep_element_inv(g, &e, &e);
    key[N + i] = key_of(g, e);
    ck_assert_int_eq(key[i] == key[N + i], g->dlog_symmetric);
  }
  size_t distinct = g->dlog_symmetric ? N : N + INVERSES;
  for (size_t i = 0; i < distinct; i++)
    for (size_t j = 0; j < i; j++)
      ck_assert_msg((key[i] ^ key[j]) << 32 != 0, "%zu and %zu", i, j);
  /* The key belongs to the element, not to its coordinates. */
  ck_assert_uint_eq(key_of(g, power(g, 12)), key_of(g, test_mul(g, power(g, 5), power(g, 7))));
}
END_TEST

/* As many as one by one, one fewer and one more, and so for what follows in threes; and over
   several batches. */
START_TEST(multiples_have_the_keys_of_the_elements)
{
  enum { LONG = 1700, NEAR = 60, STEP = 41 };
  const nep_group *g = nep_group_at((size_t)_i);
  static uint64_t want[LONG + 1], key[LONG + 1];
  nep_element base = power(g, 5);
  for (uint64_t k = 0; k <= LONG; k += k < NEAR ? 1 : STEP)
    want[k] = key_of(g, power(g, 5 * k));
  for (size_t n = 0; n <= LONG; n += n < NEAR ? 1 : 547) {
    key[n] = 4711;
    g->dlog_multiples_var(g, &base, n, key);
    ck_assert_uint_eq(key[n], 4711);
    for (size_t k = 0; k < n; k += k < NEAR ? 1 : STEP)
      ck_assert_uint_eq(key[k], want[k]);
  }
}
END_TEST

static nep_element quotient(const nep_group *g, nep_element e, nep_element by)
{
  nep_element_inv(g, &by, &by);
  return test_mul(g, e, by);
}

static bool looked_at(uint64_t i)
{
  return i < 4 || i > 1097 || (i > 509 && i < 515) || (i > 1021 && i < 1027) || i % 97 == 0;
}

/* e is none of the steps, then 1, then a step below and above 1: also where a batch begins or ends.
 */
START_TEST(steps_around_an_element_have_the_keys_of_the_elements)
{
  enum { LONG = 1100 };
  const nep_group *g = nep_group_at((size_t)_i);
  const uint64_t places[] = {5000, 0, 1, 511, 512, 513, 1023, LONG};
  static uint64_t down[LONG + 1], up[LONG + 1];
  void *steps = g->dlog_steps_new_var(g, LONG);
  size_t n = g->dlog_symmetric ? sizeof places / sizeof places[0] : 2;
  for (size_t p = 0; p < 2 * n; p++) {
    nep_element e = power(g, places[p / 2]);
    if (p % 2 == 1)
      nep_element_inv(g, &e, &e);
    nep_element run = e;
    g->dlog_around_var(g, steps, &run, 0, 3, down, up);
    g->dlog_around_var(g, steps, &run, 3, LONG + 1 - 3, down + 3, up + 3);
    for (uint64_t i = 0; i <= LONG; i++) {
      if (!looked_at(i))
        continue;
      nep_element step = power(g, i), below = quotient(g, e, step), above = test_mul(g, e, step);
      bool one = nep_element_is_one(g, &below) || nep_element_is_one(g, &above);
      if (g->dlog_symmetric && one) {
        ck_assert_uint_eq(down[i], key_of(g, power(g, 0)));
        ck_assert_uint_eq(up[i], down[i]);
        continue;
      }
      ck_assert_uint_eq(down[i], key_of(g, below));
      if (g->dlog_symmetric)
        ck_assert_uint_eq(up[i], key_of(g, above));
    }
  }
  free(steps);
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
  tcase_add_loop_test(tc, multiples_have_the_keys_of_the_elements, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, steps_around_an_element_have_the_keys_of_the_elements, 0,
                      NEP_TEST_GROUPS);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
