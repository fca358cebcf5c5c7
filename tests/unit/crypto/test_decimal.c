/* Decimal texts of any length against GMP. */
#include <gmp.h>
#include <string.h>

#include "crypto/decimal.h"
#include "tests/support/run.h"

/* Random limbs, cut down to `bits` bits. */
static void number(uint64_t *limb, size_t n, size_t bits)
{
  nep_random_bytes(limb, n * sizeof *limb);
  for (size_t i = 0; i < n; i++)
    if (64 * i >= bits)
      limb[i] = 0;
    else if (64 * (i + 1) > bits)
      limb[i] &= (UINT64_C(1) << (bits - 64 * i)) - 1;
}

static void round_trip(const uint64_t *limb, size_t n)
{
  uint64_t bound[NEP_DECIMAL_LIMBS], back[NEP_DECIMAL_LIMBS];
  memset(bound, 0xff, sizeof bound);
  mpz_t value;
  mpz_init(value);
  mpz_import(value, n, -1, 8, 0, 0, limb);
  char want[NEP_DECIMAL_DIGITS + 2], got[NEP_DECIMAL_DIGITS + 2];
  mpz_get_str(want, 10, value);
  size_t digits = strlen(want);
  /* Room for exactly these digits, for one more, and for the most that n limbs need. */
  const size_t rooms[] = {digits, digits + 1, n * 19 + n / 3 + 2};
  for (size_t k = 0; k < 3; k++) {
    size_t room = rooms[k] < digits ? digits : rooms[k];
    room = room > NEP_DECIMAL_DIGITS ? NEP_DECIMAL_DIGITS : room;
    ck_assert_uint_eq(nep_decimal_text(limb, n, room, got), digits);
    ck_assert_str_eq(got, want);
  }
  ck_assert(nep_decimal_parse(got, digits, bound, n, back));
  ck_assert_mem_eq(back, limb, n * sizeof *limb);
  mpz_clear(value);
}

START_TEST(texts_are_those_of_gmp_and_read_back)
{
  for (size_t n = 1; n <= NEP_DECIMAL_LIMBS; n++)
    for (size_t bits = 0; bits < 64 * n; bits += bits < 70 ? 1 : 61) {
      uint64_t limb[NEP_DECIMAL_LIMBS];
      number(limb, n, bits);
      round_trip(limb, n);
    }
}
END_TEST

/* 10^k - 1, 10^k, 10^k + 1: where the number of digits and of leading zeros changes. */
START_TEST(powers_of_ten_and_their_neighbours)
{
  mpz_t value;
  mpz_init(value);
  for (unsigned long k = 0; k <= 616; k += k < 40 ? 1 : 9)
    for (int d = -1; d <= 1; d++) {
      mpz_ui_pow_ui(value, 10, k);
      if (d < 0)
        mpz_sub_ui(value, value, 1);
      else
        mpz_add_ui(value, value, (unsigned long)d);
      uint64_t limb[NEP_DECIMAL_LIMBS] = {0};
      mpz_export(limb, NULL, -1, 8, 0, 0, value);
      round_trip(limb, NEP_DECIMAL_LIMBS);
    }
  mpz_clear(value);
}
END_TEST

START_TEST(the_bound_itself_is_refused)
{
  const uint64_t bound[2] = {0, 1}; /* 2^64 */
  uint64_t limb[2];
  ck_assert(nep_decimal_parse("18446744073709551615", 20, bound, 2, limb));
  ck_assert_uint_eq(limb[0], UINT64_MAX);
  ck_assert(!nep_decimal_parse("18446744073709551616", 20, bound, 2, limb));
  ck_assert(!nep_decimal_parse("18446744073709551617", 20, bound, 2, limb));
  /* More than the limbs hold: what is cut off must not be forgotten. */
  ck_assert(!nep_decimal_parse("340282366920938463463374607431768211456", 39, bound, 2, limb));
  ck_assert(!nep_decimal_parse("340282366920938463463374607431768211461", 39, bound, 2, limb));
}
END_TEST

START_TEST(every_other_character_is_refused_at_every_place)
{
  const uint64_t bound[1] = {UINT64_MAX};
  uint64_t limb[1];
  char text[] = "12345678901";
  for (size_t place = 0; place + 1 < sizeof text; place++)
    for (int c = 0; c < 256; c++) {
      char old = text[place];
      text[place] = (char)c;
      bool digit = c >= '0' && c <= '9' && (place > 0 || c != '0');
      ck_assert_int_eq(nep_decimal_parse(text, sizeof text - 1, bound, 1, limb), digit);
      text[place] = old;
    }
  ck_assert(!nep_decimal_parse("", 0, bound, 1, limb));
  ck_assert(nep_decimal_parse("0", 1, bound, 1, limb));
  ck_assert(!nep_decimal_parse("00", 2, bound, 1, limb));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("crypto/decimal");
  TCase *tc = tcase_create("decimal");
  tcase_set_timeout(tc, 30);
  tcase_add_test(tc, texts_are_those_of_gmp_and_read_back);
  tcase_add_test(tc, powers_of_ten_and_their_neighbours);
  tcase_add_test(tc, the_bound_itself_is_refused);
  tcase_add_test(tc, every_other_character_is_refused_at_every_place);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
