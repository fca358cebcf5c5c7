/* Our variable-time arithmetic against libsodium. */
#include <signal.h>

#include "crypto/ed25519/point.h"
#include "tests/unit/crypto/curve.h"

START_TEST(small_order_points_form_a_cycle_of_eight)
{
  const nep_group *g = test_curve();
  for (unsigned i = 0; i < TEST_TORSION; i++) {
    nep_element a = test_torsion(i);
    ck_assert_int_eq(nep_element_is_one(g, &a), i == 0);
    for (unsigned j = 0; j < TEST_TORSION; j++) {
      nep_element b = test_torsion(j), want = test_torsion((i + j) % TEST_TORSION);
      nep_element sum = test_mul(g, a, b);
      test_same(g, &sum, &want);
    }
  }
}
END_TEST

/* libsodium's addition takes any point of the curve. */
START_TEST(products_equal_libsodium_also_outside_the_subgroup)
{
  const nep_group *g = test_curve();
  for (unsigned i = 0; i < TEST_TORSION; i++)
    for (unsigned j = 0; j < TEST_TORSION; j++)
      for (unsigned k = 0; k < 4; k++) {
        nep_element a = test_torsion(i), b = test_torsion(j);
        if (k & 1)
          a = test_mul(g, a, test_random_element(g));
        if (k & 2)
          b = k == 3 && i == j ? a : test_mul(g, b, test_random_element(g));
        uint8_t x[32], y[32], want[32], got[32];
        test_to_bytes(&a, x);
        test_to_bytes(&b, y);
        ck_assert_int_eq(crypto_core_ed25519_add(want, x, y), 0);
        nep_element r = test_mul(g, a, b);
        test_to_bytes(&r, got);
        ck_assert_mem_eq(got, want, 32);
        ck_assert_int_eq(crypto_core_ed25519_sub(want, x, y), 0);
        nep_element_div(g, &r, &a, &b);
        test_to_bytes(&r, got);
        ck_assert_mem_eq(got, want, 32);
      }
}
END_TEST

static void bytes_of(const nep_scalar *s, uint8_t le[32])
{
  memcpy(le, s->limb, 32);
}

/* libsodium answers -1 for a zero exponent, having written the identity: nep_element_exp counts on
 * it. */
START_TEST(powers_equal_libsodium)
{
  const nep_group *g = test_curve();
  const uint8_t identity[32] = {1};
  for (size_t i = 0; i < 40; i++) {
    nep_scalar s = test_scalar(g, i);
    nep_element base = i % 3 == 0 ? test_generator(g) : test_random_element(g), r;
    uint8_t in[32], exponent[32], want[32], got[32];
    test_to_bytes(&base, in);
    bytes_of(&s, exponent);
    bool zero = nep_scalar_is_zero(&s);
    ck_assert_int_eq(crypto_scalarmult_ed25519_noclamp(want, exponent, in), zero ? -1 : 0);
    if (zero)
      ck_assert_mem_eq(want, identity, 32);
    nep_element_exp_var(g, &r, &base, &s);
    test_to_bytes(&r, got);
    ck_assert_mem_eq(got, want, 32);
    nep_element_exp(g, &r, &base, &s);
    test_to_bytes(&r, got);
    ck_assert_mem_eq(got, want, 32);

    ck_assert_int_eq(crypto_scalarmult_ed25519_base_noclamp(want, exponent), zero ? -1 : 0);
    nep_element_exp_g_var(g, &r, &s);
    test_to_bytes(&r, got);
    ck_assert_mem_eq(got, want, 32);
    nep_element_exp_g(g, &r, &s);
    test_to_bytes(&r, got);
    ck_assert_mem_eq(got, want, 32);
  }
}
END_TEST

START_TEST(scalars_equal_libsodium)
{
  const nep_group *g = test_curve();
  for (size_t i = 0; i < NEP_TEST_SCALARS; i++)
    for (size_t j = 0; j < NEP_TEST_SCALARS; j++) {
      nep_scalar a = test_scalar(g, i), b = test_scalar(g, j), r;
      uint8_t x[32], y[32], want[32];
      bytes_of(&a, x);
      bytes_of(&b, y);
      crypto_core_ed25519_scalar_add(want, x, y);
      nep_scalar_add(g, &r, &a, &b);
      ck_assert_mem_eq(r.limb, want, 32);
      crypto_core_ed25519_scalar_sub(want, x, y);
      nep_scalar_sub(g, &r, &a, &b);
      ck_assert_mem_eq(r.limb, want, 32);
    }
}
END_TEST

/* Exponents are integers, not classes modulo q: powers of points outside the subgroup are right
 * too. */
START_TEST(powers_of_points_outside_the_subgroup)
{
  const nep_group *g = test_curve();
  for (unsigned t = 0; t < TEST_TORSION; t++)
    for (size_t i = 0; i < NEP_TEST_SCALARS; i++) {
      nep_scalar s = test_scalar(g, i), zero, c[2] = {s, s};
      nep_element inside = test_random_element(g), torsion = test_torsion(t), got, want, both[2];
      nep_element base = test_mul(g, inside, torsion);
      nep_element_exp(g, &want, &inside, &s);
      want = test_mul(g, want, test_torsion((unsigned)(t * (s.limb[0] % 8) % TEST_TORSION)));
      nep_element_exp_var(g, &got, &base, &s);
      test_same(g, &got, &want);
      nep_scalar_zero(&zero);
      const nep_scalar r[2] = {zero, zero};
      nep_commit_var(nep_base_generator(g), &base, 2, r, c, NULL, both);
      test_same(g, &both[0], &want);
      test_same(g, &both[1], &want);
    }
}
END_TEST

START_TEST(order_is_by_x_then_y)
{
  const nep_group *g = test_curve();
  /* x = 0 twice: identity (y = 1) before the point of order 2 (y = p-1); x of the generator is
   * larger. */
  nep_element one = test_one(g), two = test_torsion(4), generator = test_generator(g);
  ck_assert_int_lt(nep_element_compare_var(g, &one, &two), 0);
  ck_assert_int_gt(nep_element_compare_var(g, &two, &one), 0);
  ck_assert_int_lt(nep_element_compare_var(g, &two, &generator), 0);
  /* x of g is 0x216936d3.., x of 1/g is p minus that: larger, with the same y. */
  nep_element inverse;
  nep_element_inv(g, &inverse, &generator);
  ck_assert_int_lt(nep_element_compare_var(g, &generator, &inverse), 0);
}
END_TEST

START_TEST(a_secret_power_of_an_unchecked_point_ends_the_program)
{
  const nep_group *g = test_curve();
  nep_element e = test_mul(g, test_generator(g), test_torsion(1));
  nep_scalar s = test_random_scalar(g);
  nep_element_exp(g, &e, &e, &s);
}
END_TEST

/* The lanes read tables by that; limbs 0 and 1 of y + x are 2^51 and 2^51 - 1 here, which one carry
   does not bring below. */
START_TEST(limbs_of_table_entries_are_below_2_to_the_51)
{
  nep_fe x = {{UINT64_C(1) << 50, 0, 0, 0, 0}}, y = {{UINT64_C(1) << 50, NEP_FE_MASK, 0, 0, 0}};
  for (int turn = 0; turn < 4; turn++) {
    nep_affine a = nep_affine_of(turn & 1 ? nep_fe_neg(x) : x, turn & 2 ? nep_fe_neg(y) : y);
    const nep_fe *const values[] = {&a.plus, &a.minus, &a.t2d};
    for (size_t k = 0; k < 3; k++)
      for (size_t i = 0; i < 5; i++)
        ck_assert_uint_le(values[k]->v[i], NEP_FE_MASK);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("crypto/ed25519");
  TCase *tc = tcase_create("curve");
  tcase_add_test(tc, small_order_points_form_a_cycle_of_eight);
  tcase_add_test(tc, products_equal_libsodium_also_outside_the_subgroup);
  tcase_add_test(tc, powers_equal_libsodium);
  tcase_add_test(tc, scalars_equal_libsodium);
  tcase_add_test(tc, powers_of_points_outside_the_subgroup);
  tcase_add_test(tc, limbs_of_table_entries_are_below_2_to_the_51);
  tcase_add_test(tc, order_is_by_x_then_y);
  tcase_add_test_raise_signal(tc, a_secret_power_of_an_unchecked_point_ends_the_program, SIGABRT);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
