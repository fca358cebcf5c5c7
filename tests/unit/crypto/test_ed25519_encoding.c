/* Which texts are points, and which points are members. */
#include <gmp.h>

#include "tests/unit/crypto/curve.h"

static nep_status parse(const char *text)
{
  nep_element e;
  nep_error err;
  nep_status status = nep_element_parse(test_curve(), &e, text, strlen(text), &err);
  if (status != NEP_OK)
    ck_assert_str_eq(err.code, "encoding");
  return status;
}

/* 2^255 - 19 + k with the sign bit, as text. */
static void above_p(unsigned k, bool sign, char text[65])
{
  snprintf(text, 65, "%sfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff%02x",
           sign ? "f" : "7", 0xedU + k);
}

START_TEST(a7_y_at_or_above_p_is_refused)
{
  char text[65];
  for (unsigned k = 0; k < 19; k++)
    for (int sign = 0; sign < 2; sign++) {
      above_p(k, sign != 0, text);
      ck_assert_uint_eq(strlen(text), 64);
      ck_assert_int_eq(parse(text), NEP_E_INPUT);
    }
  /* p - 1 is y of the point of order 2. */
  ck_assert_int_eq(parse("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
                   NEP_OK);
}
END_TEST

START_TEST(a7_minus_zero_is_refused)
{
  ck_assert_int_eq(parse("0000000000000000000000000000000000000000000000000000000000000001"),
                   NEP_OK);
  ck_assert_int_eq(parse("8000000000000000000000000000000000000000000000000000000000000001"),
                   NEP_E_INPUT);
  ck_assert_int_eq(parse("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
                   NEP_E_INPUT);
  /* y = 0: x is a root of -1, both signs are points of order 4. */
  ck_assert_int_eq(parse("0000000000000000000000000000000000000000000000000000000000000000"),
                   NEP_OK);
  ck_assert_int_eq(parse("8000000000000000000000000000000000000000000000000000000000000000"),
                   NEP_OK);
}
END_TEST

START_TEST(a7_other_spellings_are_refused)
{
  ck_assert_int_eq(parse("6666666666666666666666666666666666666666666666666666666666666658"),
                   NEP_OK);
  const char *good = "e666666666666666666666666666666666666666666666666666666666666658";
  char text[66];
  ck_assert_int_eq(parse(good), NEP_OK);
  strcpy(text, good);
  text[0] = 'E';
  ck_assert_int_eq(parse(text), NEP_E_INPUT);
  strcpy(text, good);
  text[63] = 0;
  ck_assert_int_eq(parse(text), NEP_E_INPUT);
  strcpy(text, good);
  strcat(text, "0");
  ck_assert_int_eq(parse(text), NEP_E_INPUT);
  const char wrong[] = {'g', ':', '/', '`', ' ', '@', '\n'};
  for (size_t i = 0; i < sizeof wrong; i++) {
    strcpy(text, good);
    text[i * 9] = wrong[i];
    ck_assert_int_eq(parse(text), NEP_E_INPUT);
  }
  ck_assert_int_eq(parse("0x66666666666666666666666666666666666666666666666666666666666658"),
                   NEP_E_INPUT);
}
END_TEST

/* (y^2 - 1)(d y^2 + 1) is a square modulo p exactly when y belongs to a point: asked of GMP. */
static bool on_curve(const uint8_t le[32])
{
  mpz_t p, d, y, num, den;
  mpz_inits(p, d, y, num, den, NULL);
  mpz_ui_pow_ui(p, 2, 255);
  mpz_sub_ui(p, p, 19);
  mpz_set_ui(d, 121666);
  mpz_invert(d, d, p);
  mpz_mul_si(d, d, -121665);
  mpz_import(y, 32, -1, 1, 0, 0, le);
  mpz_clrbit(y, 255);
  mpz_mul(y, y, y);
  mpz_sub_ui(num, y, 1);
  mpz_mul(den, y, d);
  mpz_add_ui(den, den, 1);
  mpz_mul(num, num, den);
  mpz_mod(num, num, p);
  bool answer = mpz_jacobi(num, p) >= 0;
  mpz_clears(p, d, y, num, den, NULL);
  return answer;
}

START_TEST(a7_exactly_the_points_of_the_curve_are_read)
{
  int points = 0;
  for (int i = 0; i < 400; i++) {
    uint8_t le[32] = {0}, back[32];
    if (i < 100)
      le[0] = (uint8_t)i;
    else
      nep_random_bytes(le, sizeof le);
    nep_element e;
    bool expected = on_curve(le);
    ck_assert_int_eq(test_from_bytes(&e, le) == NEP_OK, expected);
    if (!expected)
      continue;
    points++;
    test_to_bytes(&e, back);
    ck_assert_mem_eq(le, back, 32);
  }
  ck_assert_int_gt(points, 100);
}
END_TEST

/* The definition: [q]P = [q-1]P + P. */
static bool killed_by_q(const nep_element *e)
{
  const nep_group *g = test_curve();
  nep_scalar last = test_minus(g, 1);
  nep_element r;
  nep_element_exp_var(g, &r, e, &last);
  r = test_mul(g, r, *e);
  return nep_element_is_one(g, &r);
}

START_TEST(a7_a_small_order_component_is_refused)
{
  const nep_group *g = test_curve();
  for (int i = 0; i < 30; i++)
    for (unsigned t = 0; t < TEST_TORSION; t++) {
      nep_element inside = i == 0   ? test_one(g)
                           : i == 1 ? test_generator(g)
                                    : test_random_element(g);
      nep_element e = test_mul(g, inside, test_torsion(t)), scaled;
      ck_assert_int_eq(nep_element_is_member_var(g, &e), t == 0);
      ck_assert_int_eq(killed_by_q(&e), t == 0);
      /* The same point read from text has Z = 1. */
      uint8_t le[32];
      test_to_bytes(&e, le);
      ck_assert_int_eq(test_from_bytes(&scaled, le), NEP_OK);
      ck_assert_int_eq(nep_element_is_member_var(g, &scaled), t == 0);
    }
}
END_TEST

START_TEST(a7_membership_of_arbitrary_points_follows_its_definition)
{
  const nep_group *g = test_curve();
  int points = 0, members = 0;
  for (int i = 0; i < 1200; i++) {
    uint8_t le[32] = {0};
    if (i < 200)
      le[0] = (uint8_t)i;
    else
      nep_random_bytes(le, sizeof le);
    nep_element e;
    if (test_from_bytes(&e, le) != NEP_OK)
      continue;
    points++;
    bool member = nep_element_is_member_var(g, &e);
    members += member;
    ck_assert_int_eq(member, killed_by_q(&e));
    /* libsodium calls the identity invalid. */
    ck_assert_int_eq(member && !nep_element_is_one(g, &e), crypto_core_ed25519_is_valid_point(le));
  }
  ck_assert_int_gt(points, 400);
  ck_assert_int_gt(members, 20);
}
END_TEST

START_TEST(a7_parse_member_names_the_fault)
{
  const nep_group *g = test_curve();
  nep_element e = test_mul(g, test_generator(g), test_torsion(3));
  char text[NEP_ELEMENT_TEXT_MAX];
  size_t len = nep_element_text(g, &e, text);
  nep_error err;
  ck_assert_int_eq(nep_element_parse(g, &e, text, len, &err), NEP_OK);
  ck_assert_int_eq(nep_element_parse_member(g, &e, text, len, true, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "membership");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("crypto/ed25519/encoding");
  TCase *tc = tcase_create("encoding");
  tcase_set_timeout(tc, 30);
  tcase_add_test(tc, a7_y_at_or_above_p_is_refused);
  tcase_add_test(tc, a7_minus_zero_is_refused);
  tcase_add_test(tc, a7_other_spellings_are_refused);
  tcase_add_test(tc, a7_exactly_the_points_of_the_curve_are_read);
  tcase_add_test(tc, a7_a_small_order_component_is_refused);
  tcase_add_test(tc, a7_membership_of_arbitrary_points_follows_its_definition);
  tcase_add_test(tc, a7_parse_member_names_the_fault);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
