/* What every group must do, shown for all three. */
#include "tests/unit/crypto/groups.h"

static const nep_group *group(int i)
{
  const nep_group *g = nep_group_at((size_t)i);
  ck_assert_ptr_nonnull(g);
  return g;
}

START_TEST(a6_only_the_three_names_are_groups)
{
  ck_assert_ptr_null(nep_group_at(NEP_TEST_GROUPS));
  for (size_t i = 0; i < NEP_TEST_GROUPS; i++) {
    const char *name = nep_group_name(nep_group_at(i));
    ck_assert_ptr_eq(nep_group_find(name, strlen(name)), nep_group_at(i));
    ck_assert_ptr_null(nep_group_find(name, strlen(name) - 1));
    ck_assert_ptr_null(nep_group_find(name, strlen(name) + 1));
  }
  ck_assert_ptr_null(nep_group_find("", 0));
  ck_assert_ptr_null(nep_group_find("ed25519", 7));
  ck_assert_ptr_null(nep_group_find("ED25519", 7));
  ck_assert_ptr_null(nep_group_find("BELENIOS-1024", 13));
}
END_TEST

START_TEST(elements_form_a_commutative_group)
{
  const nep_group *g = group(_i);
  nep_element one = test_one(g);
  for (size_t i = 0; i < NEP_TEST_ELEMENTS; i++)
    for (size_t j = 0; j < NEP_TEST_ELEMENTS; j++) {
      nep_element a = test_element(g, i), b = test_element(g, j), c = test_random_element(g);
      nep_element ab = test_mul(g, a, b), ba = test_mul(g, b, a);
      test_same(g, &ab, &ba);
      nep_element left = test_mul(g, ab, c), right = test_mul(g, a, test_mul(g, b, c));
      test_same(g, &left, &right);
      nep_element a_one = test_mul(g, a, one), inverse, quotient;
      test_same(g, &a_one, &a);
      nep_element_inv(g, &inverse, &a);
      nep_element unit = test_mul(g, a, inverse);
      ck_assert(nep_element_is_one(g, &unit));
      nep_element_div(g, &quotient, &ab, &b);
      test_same(g, &quotient, &a);
    }
}
END_TEST

START_TEST(results_may_replace_operands)
{
  const nep_group *g = group(_i);
  nep_element a = test_random_element(g), b = test_random_element(g), r;
  nep_scalar s = test_random_scalar(g), t = test_random_scalar(g), u, v;
  nep_element_mul(g, &r, &a, &b);
  nep_element x = a;
  nep_element_mul(g, &x, &x, &b);
  test_same(g, &x, &r);
  x = b;
  nep_element_mul(g, &x, &a, &x);
  test_same(g, &x, &r);
  nep_element_exp(g, &r, &a, &s);
  x = a;
  nep_element_exp(g, &x, &x, &s);
  test_same(g, &x, &r);
  x = a;
  nep_element_exp_var(g, &x, &x, &s);
  test_same(g, &x, &r);
  nep_scalar_mul(g, &u, &s, &t);
  v = s;
  nep_scalar_mul(g, &v, &v, &t);
  ck_assert(nep_scalar_equal(&u, &v));
}
END_TEST

START_TEST(all_ways_to_a_power_agree)
{
  const nep_group *g = group(_i);
  for (size_t i = 0; i < NEP_TEST_ELEMENTS; i++) {
    nep_element base = test_element(g, i);
    nep_base *table = nep_base_new(g, &base);
    test_same(g, nep_base_element(table), &base);
    for (size_t j = 0; j < NEP_TEST_SCALARS; j++) {
      nep_scalar s = test_scalar(g, j);
      nep_element secret, var, fixed;
      nep_element_exp(g, &secret, &base, &s);
      nep_element_exp_var(g, &var, &base, &s);
      nep_base_exp_var(table, &fixed, &s);
      test_same(g, &secret, &var);
      test_same(g, &fixed, &var);
    }
    nep_base_free(table);
  }
  nep_base_free(NULL);
}
END_TEST

START_TEST(powers_of_the_generator_agree)
{
  const nep_group *g = group(_i);
  nep_element base = test_generator(g);
  for (size_t j = 0; j < NEP_TEST_SCALARS; j++) {
    nep_scalar s = test_scalar(g, j);
    nep_element secret, var, plain;
    nep_element_exp_g(g, &secret, &s);
    nep_element_exp_g_var(g, &var, &s);
    nep_element_exp_var(g, &plain, &base, &s);
    test_same(g, &secret, &plain);
    test_same(g, &var, &plain);
  }
  ck_assert_ptr_eq(nep_base_generator(g), nep_base_generator(g));
  test_same(g, nep_base_element(nep_base_generator(g)), &base);
}
END_TEST

START_TEST(exponents_add_and_multiply)
{
  const nep_group *g = group(_i);
  for (size_t j = 0; j < NEP_TEST_SCALARS; j++) {
    nep_scalar s = test_scalar(g, j), t = test_random_scalar(g), sum, product, difference;
    nep_scalar_add(g, &sum, &s, &t);
    nep_scalar_mul(g, &product, &s, &t);
    nep_scalar_sub(g, &difference, &s, &t);
    nep_element gs, gt, got, want;
    nep_element_exp_g(g, &gs, &s);
    nep_element_exp_g(g, &gt, &t);
    nep_element_exp_g(g, &got, &sum);
    want = test_mul(g, gs, gt);
    test_same(g, &got, &want);
    nep_element_exp_g(g, &got, &product);
    nep_element_exp(g, &want, &gs, &t);
    test_same(g, &got, &want);
    nep_element_exp_g(g, &got, &difference);
    nep_element_div(g, &want, &gs, &gt);
    test_same(g, &got, &want);
  }
}
END_TEST

/* The composition that nep_commit_var replaces, by constant-time functions. */
static nep_element composed(const nep_group *g, const nep_element *fixed, nep_element e,
                            const nep_scalar *r, const nep_scalar *c, const nep_scalar *shift)
{
  nep_element a, b;
  if (shift) {
    nep_element_exp_g(g, &a, shift);
    nep_element_div(g, &e, &e, &a);
  }
  nep_element_exp(g, &a, fixed, r);
  nep_element_exp(g, &b, &e, c);
  return test_mul(g, a, b);
}

START_TEST(commitments_equal_their_composition)
{
  enum { N = 4 };
  const nep_group *g = group(_i);
  for (size_t round = 0; round < 3; round++)
    for (size_t n = 1; n <= N; n++) {
      nep_element key = test_random_element(g), e = test_element(g, round + 1), out[N];
      nep_scalar r[N], c[N], shift[N];
      for (size_t k = 0; k < n; k++) {
        r[k] = test_scalar(g, (5 * round + 3 * k) % NEP_TEST_SCALARS);
        c[k] = test_scalar(g, (7 * round + k) % NEP_TEST_SCALARS);
        shift[k] = test_scalar(g, (k + 2 * round) % NEP_TEST_SCALARS);
      }
      nep_base *fixed = nep_base_new(g, &key);
      nep_commit_var(fixed, &e, n, r, c, NULL, out);
      for (size_t k = 0; k < n; k++) {
        nep_element want = composed(g, &key, e, &r[k], &c[k], NULL);
        test_same(g, &out[k], &want);
      }
      nep_commit_var(fixed, &e, n, r, c, shift, out);
      for (size_t k = 0; k < n; k++) {
        nep_element want = composed(g, &key, e, &r[k], &c[k], &shift[k]);
        test_same(g, &out[k], &want);
      }
      nep_base_free(fixed);
    }
}
END_TEST

START_TEST(no_commitment_is_written_for_no_branch)
{
  const nep_group *g = group(_i);
  nep_element e = test_generator(g), out = e;
  nep_commit_var(nep_base_generator(g), &e, 0, NULL, NULL, NULL, &out);
  test_same(g, &out, &e);
}
END_TEST

START_TEST(element_text_is_read_back)
{
  const nep_group *g = group(_i);
  for (size_t i = 0; i < NEP_TEST_ELEMENTS; i++) {
    nep_element e = test_element(g, i), back;
    char text[NEP_ELEMENT_TEXT_MAX];
    size_t len = nep_element_text(g, &e, text);
    ck_assert_uint_eq(len, strlen(text));
    ck_assert_uint_le(len, nep_element_text_longest(g));
    ck_assert_int_eq(nep_element_parse_member(g, &back, text, len, true, NULL), NEP_OK);
    test_same(g, &back, &e);
  }
}
END_TEST

START_TEST(many_texts_equal_single_texts)
{
  enum { N = 70 };
  static nep_element e[N];
  static char many[N][NEP_ELEMENT_TEXT_MAX];
  const nep_group *g = group(_i);
  nep_element step = test_random_element(g);
  e[0] = test_one(g);
  for (size_t i = 1; i < N; i++)
    e[i] = test_mul(g, e[i - 1], step);
  const size_t counts[] = {0, 1, 2, 31, 32, 33, 64, 65, N};
  for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
    memset(many, 'x', sizeof many);
    nep_element_text_many(g, e, counts[k], many);
    for (size_t i = 0; i < counts[k]; i++) {
      char text[NEP_ELEMENT_TEXT_MAX];
      nep_element_text(g, &e[i], text);
      ck_assert_str_eq(many[i], text);
    }
    if (counts[k] < N)
      ck_assert_int_eq(many[counts[k]][0], 'x');
  }
}
END_TEST

START_TEST(the_identity_is_refused_as_a_key)
{
  const nep_group *g = group(_i);
  nep_element one = test_one(g), e;
  char text[NEP_ELEMENT_TEXT_MAX];
  size_t len = nep_element_text(g, &one, text);
  nep_error err;
  ck_assert_int_eq(nep_element_parse_member(g, &e, text, len, true, &err), NEP_OK);
  ck_assert(nep_element_is_one(g, &e));
  ck_assert_int_eq(nep_element_parse_member(g, &e, text, len, false, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "identity");
}
END_TEST

START_TEST(a7_malformed_element_texts_are_refused)
{
  const nep_group *g = group(_i);
  nep_element good = test_random_element(g), e;
  char text[NEP_ELEMENT_TEXT_MAX + 1];
  size_t len = nep_element_text(g, &good, text);
  nep_error err;
  ck_assert_int_eq(nep_element_parse(g, &e, text, 0, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.code, "encoding");
  memmove(text + 1, text, len);
  const char before[] = {' ', '+', '-', '0', '\0'};
  for (size_t i = 0; i < sizeof before; i++) {
    text[0] = before[i];
    ck_assert_int_eq(nep_element_parse(g, &e, text, len + 1, &err), NEP_E_INPUT);
  }
  nep_element_text(g, &good, text);
  const char after[] = {' ', '\n', '\0', '_'};
  for (size_t i = 0; i < sizeof after; i++) {
    text[len] = after[i];
    ck_assert_int_eq(nep_element_parse(g, &e, text, len + 1, &err), NEP_E_INPUT);
  }
}
END_TEST

START_TEST(order_of_elements_is_total)
{
  const nep_group *g = group(_i);
  for (size_t i = 0; i < NEP_TEST_ELEMENTS; i++)
    for (size_t j = 0; j < NEP_TEST_ELEMENTS; j++) {
      nep_element a = test_element(g, i), b = test_element(g, j);
      int ab = nep_element_compare_var(g, &a, &b), ba = nep_element_compare_var(g, &b, &a);
      ck_assert_int_eq(ab == 0, nep_element_equal(g, &a, &b));
      ck_assert_int_eq(ab > 0, ba < 0);
      ck_assert_int_eq(nep_element_compare_var(g, &a, &a), 0);
    }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("crypto/group");
  TCase *tc = tcase_create("group");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, a6_only_the_three_names_are_groups);
  tcase_add_loop_test(tc, elements_form_a_commutative_group, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, results_may_replace_operands, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, all_ways_to_a_power_agree, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, powers_of_the_generator_agree, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, exponents_add_and_multiply, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, commitments_equal_their_composition, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, no_commitment_is_written_for_no_branch, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, element_text_is_read_back, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, many_texts_equal_single_texts, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, the_identity_is_refused_as_a_key, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, a7_malformed_element_texts_are_refused, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, order_of_elements_is_total, 0, NEP_TEST_GROUPS);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
