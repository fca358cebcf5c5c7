/* Elements of the integer groups: axioms, texts, membership (A7). */
#include "tests/unit/crypto/modp_gmp.h"

START_TEST(group_axioms_hold)
{
  const nep_group *g = group_number(_i);
  nep_element a, b, c, left, right, one, inverse;
  nep_element_one(g, &one);
  for (int round = 0; round < 5; round++) {
    random_member(g, &a);
    random_member(g, &b);
    random_member(g, &c);
    nep_element_mul(g, &left, &a, &b);
    nep_element_mul(g, &right, &b, &a);
    ck_assert(nep_element_equal(g, &left, &right));
    nep_element_mul(g, &left, &left, &c);
    nep_element_mul(g, &right, &b, &c);
    nep_element_mul(g, &right, &a, &right);
    ck_assert(nep_element_equal(g, &left, &right));
    nep_element_mul(g, &left, &a, &one);
    ck_assert(nep_element_equal(g, &left, &a));
    nep_element_inv(g, &inverse, &a);
    nep_element_mul(g, &left, &a, &inverse);
    ck_assert(nep_element_is_one(g, &left));
    nep_element_div(g, &left, &b, &a);
    nep_element_mul(g, &left, &left, &a);
    ck_assert(nep_element_equal(g, &left, &b));
    ck_assert(nep_element_is_member_var(g, &left));
    ck_assert(!nep_element_equal(g, &a, &b));
  }
}
END_TEST

START_TEST(products_and_inverses_agree_with_gmp)
{
  parameters m = parameters_of(_i);
  nep_element a, b, r, expected;
  mpz_t x, y;
  mpz_inits(x, y, NULL);
  for (int round = 0; round < 20; round++) {
    random_member(m.g, &a);
    random_member(m.g, &b);
    element_to_mpz(x, &a);
    element_to_mpz(y, &b);
    mpz_mul(y, x, y);
    mpz_mod(y, y, m.p);
    element_from_mpz(&expected, y);
    nep_element_mul(m.g, &r, &a, &b);
    ck_assert(nep_element_equal(m.g, &r, &expected));
    ck_assert(mpz_invert(y, x, m.p) != 0);
    element_from_mpz(&expected, y);
    nep_element_inv(m.g, &r, &a);
    ck_assert(nep_element_equal(m.g, &r, &expected));
  }
  mpz_clears(x, y, NULL);
  parameters_end(&m);
}
END_TEST

START_TEST(the_identity_and_the_results_place_are_allowed_everywhere)
{
  const nep_group *g = group_number(_i);
  nep_element one, e, kept, got;
  nep_scalar s;
  nep_element_one(g, &one);
  nep_scalar_random(g, &s);
  nep_element_exp(g, &got, &one, &s);
  ck_assert(nep_element_is_one(g, &got));
  nep_element_exp_var(g, &got, &one, &s);
  ck_assert(nep_element_is_one(g, &got));
  nep_element_inv(g, &got, &one);
  ck_assert(nep_element_is_one(g, &got));
  random_member(g, &e);
  kept = e;
  nep_element_exp(g, &got, &e, &s);
  nep_element_exp(g, &e, &e, &s);
  ck_assert(nep_element_equal(g, &e, &got));
  e = kept;
  nep_element_exp_var(g, &e, &e, &s);
  ck_assert(nep_element_equal(g, &e, &got));
  e = kept;
  nep_element_mul(g, &got, &e, &e);
  nep_element_mul(g, &e, &e, &e);
  ck_assert(nep_element_equal(g, &e, &got));
  nep_element_inv(g, &e, &e);
  nep_element_mul(g, &e, &e, &got);
  ck_assert(nep_element_is_one(g, &e));
}
END_TEST

START_TEST(texts_read_back_and_agree_with_gmp)
{
  parameters m = parameters_of(_i);
  nep_element e, again;
  char text[NEP_ELEMENT_TEXT_MAX];
  mpz_t x;
  mpz_init(x);
  for (int round = 0; round < 20; round++) {
    random_member(m.g, &e);
    element_to_mpz(x, &e);
    char *expected = mpz_get_str(NULL, 10, x);
    size_t len = nep_element_text(m.g, &e, text);
    ck_assert_str_eq(text, expected);
    ck_assert_uint_eq(len, strlen(expected));
    ck_assert_int_eq(nep_element_parse_member(m.g, &again, text, len, false, NULL), NEP_OK);
    ck_assert(nep_element_equal(m.g, &e, &again));
    free(expected);
  }
  mpz_clear(x);
  parameters_end(&m);
}
END_TEST

static nep_status parse_mpz(const nep_group *g, nep_element *e, const mpz_t z)
{
  char *text = mpz_get_str(NULL, 10, z);
  nep_error err;
  nep_status status = nep_element_parse(g, e, text, strlen(text), &err);
  free(text);
  return status;
}

START_TEST(a7_numbers_from_p_on_are_refused)
{
  parameters m = parameters_of(_i);
  nep_element e;
  mpz_t z;
  mpz_init(z);
  mpz_sub_ui(z, m.p, 1);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_OK);
  for (unsigned i = 0; i < 3; i++) { /* p, p+1, p+2: the last two would be 1 and 2 modulo p */
    mpz_add_ui(z, m.p, i);
    ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  }
  nep_element_generator(m.g, &e);
  element_to_mpz(z, &e);
  mpz_add(z, z, m.p);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  mpz_ui_pow_ui(z, 2, 2048);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  mpz_add_ui(z, z, 1);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  mpz_neg(z, m.q);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  mpz_clear(z);
  parameters_end(&m);
}
END_TEST

START_TEST(a7_other_forms_of_a_number_are_refused)
{
  const nep_group *g = group_number(_i);
  static const char *const bad[] = {"",    "00",  "01", "+1", "-1", " 1", "1 ", "0x1", "1_0", "1.0",
                                    "1e1", "1\n", "١",  "a",  "1,", "/",  ":",  "1:1", "null"};
  nep_element e;
  nep_error err;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    ck_assert_msg(nep_element_parse(g, &e, bad[i], strlen(bad[i]), &err) == NEP_E_INPUT, "%s",
                  bad[i]);
  ck_assert_int_eq(nep_element_parse(g, &e, "1\0", 2, &err), NEP_E_INPUT);
  char text[1000];
  memset(text, '9', sizeof text);
  ck_assert_int_eq(nep_element_parse(g, &e, text, sizeof text, &err), NEP_E_INPUT);
}
END_TEST

START_TEST(a7_zero_and_elements_outside_the_subgroup_are_refused)
{
  parameters m = parameters_of(_i);
  nep_element e, member;
  char text[NEP_ELEMENT_TEXT_MAX];
  mpz_t z;
  mpz_init(z);
  random_member(m.g, &member);
  ck_assert_int_eq(nep_element_parse_member(m.g, &e, "0", 1, true, NULL), NEP_E_CHECK);
  ck_assert_int_eq(nep_element_parse_member(m.g, &e, "1", 1, true, NULL), NEP_OK);
  ck_assert_int_eq(nep_element_parse_member(m.g, &e, "1", 1, false, NULL), NEP_E_CHECK);
  mpz_sub_ui(z, m.p, 1); /* order 2 */
  element_from_mpz(&e, z);
  ck_assert(!nep_element_is_member_var(m.g, &e));
  nep_element_mul(m.g, &e, &e, &member); /* a member with a component of order 2 */
  ck_assert(!nep_element_is_member_var(m.g, &e));
  size_t len = nep_element_text(m.g, &e, text);
  ck_assert_int_eq(nep_element_parse_member(m.g, &e, text, len, true, NULL), NEP_E_CHECK);
  mpz_set_ui(z, 1); /* a q-th power other than 1 has an order that divides the cofactor */
  for (unsigned long x = 2; mpz_cmp_ui(z, 1) == 0; x++) {
    mpz_set_ui(z, x);
    mpz_powm(z, z, m.q, m.p);
  }
  element_from_mpz(&e, z);
  ck_assert(!nep_element_is_member_var(m.g, &e));
  nep_element_mul(m.g, &e, &e, &member);
  ck_assert(!nep_element_is_member_var(m.g, &e));
  mpz_clear(z);
  parameters_end(&m);
}
END_TEST

START_TEST(membership_is_the_power_q_for_small_numbers)
{
  parameters m = parameters_of(_i);
  int members = 0;
  mpz_t z;
  mpz_init(z);
  for (uint64_t x = 0; x < 40; x++) {
    nep_element e = {.limb = {x}};
    mpz_set_ui(z, x);
    mpz_powm(z, z, m.q, m.p);
    bool expected = mpz_cmp_ui(z, 1) == 0;
    ck_assert_int_eq(nep_element_is_member_var(m.g, &e), expected);
    members += expected;
  }
  ck_assert_int_gt(members, 0); /* 1 at least */
  ck_assert_int_lt(members, 39);
  mpz_clear(z);
  parameters_end(&m);
}
END_TEST

START_TEST(elements_are_ordered_as_integers)
{
  const nep_group *g = group_number(_i);
  nep_element small = {.limb = {UINT64_MAX}}, large = {.limb = {0, 1}};
  ck_assert_int_lt(nep_element_compare_var(g, &small, &large), 0);
  ck_assert_int_gt(nep_element_compare_var(g, &large, &small), 0);
  ck_assert_int_eq(nep_element_compare_var(g, &large, &large), 0);
}
END_TEST

START_TEST(logarithm_keys_of_small_powers_differ)
{
  const nep_group *g = group_number(_i);
  enum { MANY = 500 };
  static uint64_t key[MANY];
  nep_element generator;
  nep_element_generator(g, &generator);
  g->dlog_multiples_var(g, &generator, MANY, key);
  for (size_t i = 0; i < MANY; i++)
    for (size_t j = 0; j < i; j++)
      ck_assert(key[i] != key[j]);
}
END_TEST

/* Powers of ten below and beyond p, p - 1, numbers with ever fewer limbs, 0. */
START_TEST(public_texts_equal_the_constant_time_ones)
{
  const nep_group *g = group_number(_i);
  enum { POWERS = 640 };
  nep_element e = {{{1}}}, ten = {{{10}}};
  for (size_t i = 0; i <= POWERS + NEP_LIMBS; i++) {
    char want[NEP_ELEMENT_TEXT_MAX], got[NEP_ELEMENT_TEXT_MAX];
    (void)nep_element_text(g, &e, want);
    nep_element_text_many_var(g, &e, 1, got, sizeof got);
    ck_assert_str_eq(got, want);
    if (i < POWERS)
      nep_element_mul(g, &e, &e, &ten);
    else if (i == POWERS)
      mpn_sub_1(e.limb, nep_modp_of(g)->p, NEP_LIMBS, 1);
    else
      e.limb[NEP_LIMBS - (i - POWERS)] = 0;
  }
  ck_assert(mpn_zero_p(e.limb, NEP_LIMBS));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("elements of the integer groups");
  TCase *t = tcase_create("elements of the integer groups");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, group_axioms_hold, FIRST, LAST);
  tcase_add_loop_test(t, products_and_inverses_agree_with_gmp, FIRST, LAST);
  tcase_add_loop_test(t, the_identity_and_the_results_place_are_allowed_everywhere, FIRST, LAST);
  tcase_add_loop_test(t, texts_read_back_and_agree_with_gmp, FIRST, LAST);
  tcase_add_loop_test(t, a7_numbers_from_p_on_are_refused, FIRST, LAST);
  tcase_add_loop_test(t, a7_other_forms_of_a_number_are_refused, FIRST, LAST);
  tcase_add_loop_test(t, a7_zero_and_elements_outside_the_subgroup_are_refused, FIRST, LAST);
  tcase_add_loop_test(t, membership_is_the_power_q_for_small_numbers, FIRST, LAST);
  tcase_add_loop_test(t, elements_are_ordered_as_integers, FIRST, LAST);
  tcase_add_loop_test(t, logarithm_keys_of_small_powers_differ, FIRST, LAST);
  tcase_add_loop_test(t, public_texts_equal_the_constant_time_ones, FIRST, LAST);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
