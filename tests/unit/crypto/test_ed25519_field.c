/* Field arithmetic against GMP, on random values and at the bounds that field.h promises. */
#include <gmp.h>

#include "crypto/ed25519/point.h"
#include "tests/support/run.h"

static mpz_t p;

static void prime(void)
{
  mpz_init(p);
  mpz_ui_pow_ui(p, 2, 255);
  mpz_sub_ui(p, p, 19);
}

static void to_mpz(mpz_t out, nep_fe a)
{
  mpz_set_ui(out, 0);
  for (int i = 5; i-- > 0;) {
    mpz_mul_2exp(out, out, 51);
    mpz_add_ui(out, out, a.v[i]);
  }
  mpz_mod(out, out, p);
}

static void expect(nep_fe got, const mpz_t want)
{
  mpz_t value;
  mpz_init(value);
  to_mpz(value, got);
  ck_assert_int_eq(mpz_cmp(value, want), 0);
  mpz_clear(value);
}

static void expect_tight(nep_fe a)
{
  for (int i = 0; i < 5; i++)
    ck_assert_uint_lt(a.v[i], (UINT64_C(1) << 51) + (UINT64_C(1) << 13));
}

/* Random limbs below `bound`, now and then all at the bound, or at 0, or the limbs of p. */
static nep_fe value(int round, uint64_t bound)
{
  nep_fe a;
  nep_random_bytes(&a, sizeof a);
  for (int i = 0; i < 5; i++)
    a.v[i] = round == 0 ? bound - 1 : round == 1 ? 0 : a.v[i] % bound;
  if (round == 2)
    a = (nep_fe){{NEP_FE_MASK - 18, NEP_FE_MASK, NEP_FE_MASK, NEP_FE_MASK, NEP_FE_MASK}};
  if (round == 3)
    a = (nep_fe){{1, 0, 0, 0, 0}};
  return a;
}

static const uint64_t TIGHT = (UINT64_C(1) << 51) + (UINT64_C(1) << 13);
static const uint64_t LOOSE = UINT64_C(1) << 54;
enum { ROUNDS = 40 };

START_TEST(products_of_loose_values_are_tight_and_right)
{
  mpz_t x, y, want;
  mpz_inits(x, y, want, NULL);
  for (int i = 0; i < ROUNDS; i++)
    for (int j = 0; j < ROUNDS; j++) {
      nep_fe a = value(i, LOOSE), b = value(j, LOOSE);
      to_mpz(x, a);
      to_mpz(y, b);
      mpz_mul(want, x, y);
      mpz_mod(want, want, p);
      nep_fe ab = nep_fe_mul(a, b);
      expect(ab, want);
      expect_tight(ab);
      mpz_mul(want, x, x);
      mpz_mod(want, want, p);
      nep_fe aa = nep_fe_sqr(a);
      expect(aa, want);
      expect_tight(aa);
    }
  mpz_clears(x, y, want, NULL);
}
END_TEST

START_TEST(sums_keep_to_their_bounds)
{
  mpz_t x, y, want;
  mpz_inits(x, y, want, NULL);
  for (int i = 0; i < ROUNDS; i++)
    for (int j = 0; j < ROUNDS; j++) {
      nep_fe a = value(i, TIGHT), b = value(j, 2 * TIGHT);
      to_mpz(x, a);
      to_mpz(y, b);
      mpz_add(want, x, y);
      mpz_mod(want, want, p);
      expect(nep_fe_add(a, b), want);
      mpz_sub(want, x, y);
      mpz_mod(want, want, p);
      nep_fe difference = nep_fe_sub(a, b);
      expect(difference, want);
      for (int k = 0; k < 5; k++)
        ck_assert_uint_lt(difference.v[k], TIGHT + (UINT64_C(1) << 53));
      expect_tight(nep_fe_carry(difference));
      expect(nep_fe_carry(difference), want);
      ck_assert_uint_eq(nep_fe_equal(a, nep_fe_carry(b)), mpz_cmp(x, y) == 0);
    }
  mpz_clears(x, y, want, NULL);
}
END_TEST

START_TEST(bytes_are_canonical)
{
  mpz_t x, back;
  mpz_inits(x, back, NULL);
  for (int i = 0; i < 1000; i++) {
    nep_fe a = value(i, LOOSE);
    if (i >= 100 && i < 200) { /* p - 50 .. p + 49, where the last subtraction decides */
      a = (nep_fe){{NEP_FE_MASK - 18, NEP_FE_MASK, NEP_FE_MASK, NEP_FE_MASK, NEP_FE_MASK}};
      a.v[0] += (uint64_t)i - 150;
    }
    uint8_t bytes[32];
    nep_fe_bytes(bytes, a);
    to_mpz(x, a);
    mpz_import(back, 32, -1, 1, 0, 0, bytes);
    ck_assert_int_eq(mpz_cmp(x, back), 0);
    expect(nep_fe_from_bytes(bytes), x);
    ck_assert_uint_eq(nep_fe_is_zero(a), mpz_sgn(x) == 0);
    ck_assert_uint_eq(nep_fe_is_odd(a), mpz_odd_p(x) != 0);
  }
  mpz_clears(x, back, NULL);
}
END_TEST

START_TEST(inverses_one_by_one_and_together)
{
  enum { N = 37 };
  mpz_t x, want;
  mpz_inits(x, want, NULL);
  nep_fe z[N], inverse[N];
  for (int i = 0; i < N; i++) {
    z[i] = i == 0 ? value(3, TIGHT) : value(i + 4, TIGHT);
    to_mpz(x, z[i]);
    ck_assert_int_ne(mpz_invert(want, x, p), 0);
    expect(nep_fe_invert(z[i]), want);
  }
  ck_assert_uint_eq(nep_fe_is_zero(nep_fe_invert(nep_fe_small(0))), 1);
  for (size_t n = 0; n <= N; n += 9) {
    nep_fe_invert_many(inverse, z, n);
    for (size_t i = 0; i < n; i++)
      ck_assert_uint_eq(nep_fe_equal(nep_fe_mul(inverse[i], z[i]), nep_fe_small(1)), 1);
  }
  mpz_clears(x, want, NULL);
}
END_TEST

START_TEST(square_roots_exist_exactly_for_squares)
{
  mpz_t x, y;
  mpz_inits(x, y, NULL);
  int squares = 0;
  for (int i = 0; i < 200; i++) {
    nep_fe num = i == 0 ? nep_fe_small(0) : value(i + 4, TIGHT), den = value(i + 4, TIGHT);
    to_mpz(x, num);
    to_mpz(y, den);
    mpz_mul(x, x, y);
    mpz_mod(x, x, p);
    uint64_t is_square;
    nep_fe root = nep_fe_root(num, den, &is_square);
    ck_assert_uint_eq(is_square, mpz_jacobi(x, p) >= 0);
    squares += is_square != 0;
    if (is_square)
      ck_assert_uint_eq(nep_fe_equal(nep_fe_mul(den, nep_fe_sqr(root)), num), 1);
  }
  ck_assert_int_gt(squares, 50);
  ck_assert_int_lt(squares, 150);
  mpz_clears(x, y, NULL);
}
END_TEST

START_TEST(constants_satisfy_their_definitions)
{
  nep_fe minus_one = nep_fe_neg(nep_fe_small(1));
  ck_assert_uint_eq(nep_fe_equal(nep_fe_sqr(nep_fe_i), minus_one), 1);
  nep_fe d = nep_fe_mul(nep_curve_d, nep_fe_small(121666));
  ck_assert_uint_eq(nep_fe_equal(d, nep_fe_neg(nep_fe_small(121665))), 1);
  ck_assert_uint_eq(nep_fe_equal(nep_curve_2d, nep_fe_add(nep_curve_d, nep_curve_d)), 1);
  /* RFC 8032: y = 4/5, x even, on the curve, T = XY. */
  const nep_point *g = &nep_point_generator;
  ck_assert_uint_eq(nep_fe_equal(nep_fe_mul(g->y, nep_fe_small(5)), nep_fe_small(4)), 1);
  ck_assert_uint_eq(nep_fe_is_odd(g->x), 0);
  ck_assert_uint_eq(nep_fe_equal(nep_fe_mul(g->x, g->y), g->t), 1);
  nep_fe left = nep_fe_carry(nep_fe_sub(nep_fe_sqr(g->y), nep_fe_sqr(g->x)));
  nep_fe right = nep_fe_add(nep_fe_small(1), nep_fe_mul(nep_curve_d, nep_fe_sqr(g->t)));
  ck_assert_uint_eq(nep_fe_equal(left, right), 1);
}
END_TEST

int main(void)
{
  prime();
  Suite *suite = suite_create("crypto/ed25519/field");
  TCase *tc = tcase_create("field");
  tcase_add_test(tc, products_of_loose_values_are_tight_and_right);
  tcase_add_test(tc, sums_keep_to_their_bounds);
  tcase_add_test(tc, bytes_are_canonical);
  tcase_add_test(tc, inverses_one_by_one_and_together);
  tcase_add_test(tc, square_roots_exist_exactly_for_squares);
  tcase_add_test(tc, constants_satisfy_their_definitions);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
