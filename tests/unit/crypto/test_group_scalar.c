/* Scalars of all groups: ring laws, canonical texts, reduction of hash outputs, against GMP. */
#include <gmp.h>

#include "crypto/group_ops.h"
#include "tests/unit/crypto/groups.h"

static const nep_group *group(int i)
{
  const nep_group *g = nep_group_at((size_t)i);
  ck_assert_ptr_nonnull(g);
  return g;
}

static void to_mpz(mpz_t out, const nep_scalar *s)
{
  mpz_import(out, NEP_LIMBS, -1, 8, 0, 0, s->limb);
}

static void order(mpz_t q, const nep_group *g)
{
  mpz_import(q, g->q_limbs, -1, 8, 0, 0, g->q);
}

static void expect(const nep_scalar *got, const mpz_t want)
{
  mpz_t value;
  mpz_init(value);
  to_mpz(value, got);
  ck_assert_int_eq(mpz_cmp(value, want), 0);
  mpz_clear(value);
}

START_TEST(the_order_is_prime)
{
  mpz_t q;
  mpz_init(q);
  order(q, group(_i));
  ck_assert_int_ne(mpz_probab_prime_p(q, 30), 0);
  mpz_clear(q);
}
END_TEST

START_TEST(sums_and_products_are_those_of_integers)
{
  const nep_group *g = group(_i);
  mpz_t q, a, b, want;
  mpz_inits(q, a, b, want, NULL);
  order(q, g);
  for (size_t i = 0; i < NEP_TEST_SCALARS; i++)
    for (size_t j = 0; j < NEP_TEST_SCALARS; j++) {
      nep_scalar s = test_scalar(g, i), t = test_scalar(g, j), r;
      to_mpz(a, &s);
      to_mpz(b, &t);
      ck_assert_int_lt(mpz_cmp(a, q), 0);
      mpz_add(want, a, b);
      mpz_mod(want, want, q);
      nep_scalar_add(g, &r, &s, &t);
      expect(&r, want);
      mpz_sub(want, a, b);
      mpz_mod(want, want, q);
      nep_scalar_sub(g, &r, &s, &t);
      expect(&r, want);
      mpz_mul(want, a, b);
      mpz_mod(want, want, q);
      nep_scalar_mul(g, &r, &s, &t);
      expect(&r, want);
    }
  mpz_clears(q, a, b, want, NULL);
}
END_TEST

START_TEST(inverses_multiply_to_one)
{
  const nep_group *g = group(_i);
  nep_scalar one = test_small(g, 1);
  for (size_t i = 1; i < NEP_TEST_SCALARS; i++) {
    nep_scalar s = test_scalar(g, i), inverse, product;
    nep_scalar_invert_var(g, &inverse, &s);
    nep_scalar_mul(g, &product, &s, &inverse);
    ck_assert(nep_scalar_equal(&product, &one));
  }
}
END_TEST

START_TEST(hash_outputs_of_any_length_are_reduced)
{
  const nep_group *g = group(_i);
  const size_t lengths[] = {0, 1, 31, 32, 33, 48, 63, 64, 65, 272, 511, 512};
  mpz_t q, want;
  mpz_inits(q, want, NULL);
  order(q, g);
  for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++)
    for (int fill = 0; fill < 3; fill++) {
      uint8_t be[512];
      memset(be, fill == 0 ? 0 : 0xff, sizeof be);
      if (fill == 2)
        nep_random_bytes(be, sizeof be);
      mpz_import(want, lengths[k], 1, 1, 0, 0, be);
      mpz_mod(want, want, q);
      nep_scalar r = test_small(g, 7);
      nep_scalar_reduce(g, &r, be, lengths[k]);
      expect(&r, want);
    }
  mpz_clears(q, want, NULL);
}
END_TEST

START_TEST(scalar_text_is_canonical_and_read_back)
{
  const nep_group *g = group(_i);
  mpz_t value;
  mpz_init(value);
  for (size_t i = 0; i < NEP_TEST_SCALARS; i++) {
    nep_scalar s = test_scalar(g, i), back;
    char text[NEP_SCALAR_TEXT_MAX], want[NEP_SCALAR_TEXT_MAX + 2];
    size_t len = nep_scalar_text(g, &s, text);
    to_mpz(value, &s);
    ck_assert_str_eq(text, mpz_get_str(want, 10, value));
    ck_assert_uint_eq(len, strlen(text));
    ck_assert_int_eq(nep_scalar_parse(g, &back, text, len, NULL), NEP_OK);
    ck_assert(nep_scalar_equal(&s, &back));
  }
  nep_scalar last = test_minus(g, 1);
  char text[NEP_SCALAR_TEXT_MAX];
  ck_assert_uint_eq(nep_scalar_text(g, &last, text), nep_scalar_text_longest(g));
  mpz_clear(value);
}
END_TEST

static void refuse(const nep_group *g, const char *text, size_t len)
{
  nep_scalar s;
  nep_error err;
  ck_assert_int_eq(nep_scalar_parse(g, &s, text, len, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.code, "scalar");
  ck_assert(nep_scalar_is_zero(&s));
}

START_TEST(scalars_at_or_above_the_order_are_refused)
{
  const nep_group *g = group(_i);
  mpz_t q;
  mpz_init(q);
  order(q, g);
  char text[2 * NEP_SCALAR_TEXT_MAX];
  for (unsigned long more = 0; more < 3; more++) {
    mpz_get_str(text, 10, q);
    refuse(g, text, strlen(text));
    mpz_add_ui(q, q, more + 1);
  }
  memset(text, '9', sizeof text);
  for (size_t len = nep_scalar_text_longest(g); len < sizeof text; len += 100)
    refuse(g, text, len);
  mpz_clear(q);
}
END_TEST

START_TEST(other_texts_of_a_scalar_are_refused)
{
  const nep_group *g = group(_i);
  static const char *const bad[] = {"",    "-1",  "+1",  "00",  "01",   " 1",  "1 ",  "1_0",
                                    "0x1", "1e3", "1.0", "abc", "1\n2", "1:2", "/12", "\xc3\xa9"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    refuse(g, bad[i], strlen(bad[i]));
  refuse(g, "1\0002", 3);
  refuse(g, "12345678901", 0);
}
END_TEST

START_TEST(selection_takes_either)
{
  const nep_group *g = group(_i);
  nep_scalar a = test_random_scalar(g), b = test_random_scalar(g), r;
  nep_scalar_select(&r, &a, &b, 0);
  ck_assert(nep_scalar_equal(&r, &a));
  nep_scalar_select(&r, &a, &b, 1);
  ck_assert(nep_scalar_equal(&r, &b));
  ck_assert(!nep_scalar_equal(&a, &b));
  nep_scalar_wipe(&r);
  ck_assert(nep_scalar_is_zero(&r));
}
END_TEST

/* A chi-square test of the top byte would be slow; that high and low bits take both values is what
   a broken reduction or an unfilled limb would miss. */
START_TEST(random_scalars_fill_all_bits)
{
  const nep_group *g = group(_i);
  uint64_t any[NEP_LIMBS] = {0}, all[NEP_LIMBS];
  memset(all, 0xff, sizeof all);
  for (int i = 0; i < 200; i++) {
    nep_scalar s = test_random_scalar(g);
    for (size_t k = 0; k < NEP_LIMBS; k++) {
      any[k] |= s.limb[k];
      all[k] &= s.limb[k];
    }
  }
  for (size_t k = 0; k + 1 < g->q_limbs; k++) {
    ck_assert_uint_eq(any[k], UINT64_MAX);
    ck_assert_uint_eq(all[k], 0);
  }
  for (size_t k = g->q_limbs; k < NEP_LIMBS; k++)
    ck_assert_uint_eq(any[k], 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("crypto/scalar");
  TCase *tc = tcase_create("scalar");
  tcase_add_loop_test(tc, the_order_is_prime, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, sums_and_products_are_those_of_integers, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, inverses_multiply_to_one, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, hash_outputs_of_any_length_are_reduced, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, scalar_text_is_canonical_and_read_back, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, scalars_at_or_above_the_order_are_refused, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, other_texts_of_a_scalar_are_refused, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, selection_takes_either, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, random_scalars_fill_all_bits, 0, NEP_TEST_GROUPS);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
