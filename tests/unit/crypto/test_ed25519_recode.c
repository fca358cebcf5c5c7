/* Signed digits add up to the number they were made from. */
#include <gmp.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/ed25519/recode.h"
#include "tests/support/run.h"

enum { LIMBS = 4 };

/* Edge numbers (runs of ones carry through all digits), then random ones. */
static void number(int round, uint64_t limb[LIMBS])
{
  nep_random_bytes(limb, LIMBS * sizeof *limb);
  if (round == 0)
    memset(limb, 0, LIMBS * sizeof *limb);
  if (round == 1)
    memset(limb, 0xff, LIMBS * sizeof *limb);
  if (round == 2)
    memset(limb, 0x80, LIMBS * sizeof *limb);
  if (round == 3)
    memset(limb, 0x7f, LIMBS * sizeof *limb);
}

static void add_digit(mpz_t sum, long digit, unsigned long place)
{
  mpz_t term;
  mpz_init_set_si(term, digit);
  mpz_mul_2exp(term, term, place);
  mpz_add(sum, sum, term);
  mpz_clear(term);
}

START_TEST(naf_digits_are_odd_sparse_and_right)
{
  mpz_t want, sum;
  mpz_inits(want, sum, NULL);
  for (int round = 0; round < 200; round++)
    for (unsigned width = 2; width <= 7; width++)
      for (size_t limbs = 1; limbs <= LIMBS; limbs *= 2) {
        uint64_t limb[LIMBS];
        int8_t digit[64 * LIMBS + 1];
        number(round, limb);
        size_t used = nep_recode_naf_var(digit, limb, limbs, width), last = 0;
        mpz_import(want, limbs, -1, 8, 0, 0, limb);
        mpz_set_ui(sum, 0);
        for (size_t i = 0; i < 64 * limbs + 1; i++) {
          if (digit[i] == 0)
            continue;
          ck_assert_int_ne(digit[i] % 2, 0);
          ck_assert_int_lt(abs(digit[i]), 1 << (width - 1));
          ck_assert(last == 0 || i + 1 >= last + width);
          last = i + 1;
          add_digit(sum, digit[i], i);
        }
        ck_assert_uint_eq(used, last);
        ck_assert_int_eq(mpz_cmp(sum, want), 0);
      }
  mpz_clears(want, sum, NULL);
}
END_TEST

START_TEST(five_bit_digits_are_small_and_right)
{
  mpz_t want, sum;
  mpz_inits(want, sum, NULL);
  for (int round = 0; round < 200; round++) {
    uint64_t limb[LIMBS];
    int8_t digit[51];
    number(round, limb);
    limb[LIMBS - 1] &= UINT64_MAX >> 2; /* below 2^254; of all ones, 2^254 - 1 is left */
    nep_recode_fives_var(digit, limb);
    mpz_import(want, LIMBS, -1, 8, 0, 0, limb);
    mpz_set_ui(sum, 0);
    for (unsigned long i = 0; i < 51; i++) {
      ck_assert_int_ge(digit[i], -16);
      ck_assert_int_lt(digit[i], i < 50 ? 16 : 17);
      add_digit(sum, digit[i], 5 * i);
    }
    ck_assert_int_eq(mpz_cmp(sum, want), 0);
  }
  mpz_clears(want, sum, NULL);
}
END_TEST

START_TEST(byte_digits_are_small_and_right)
{
  mpz_t want, sum;
  mpz_inits(want, sum, NULL);
  for (int round = 0; round < 200; round++) {
    uint64_t limb[LIMBS];
    int16_t digit[32];
    number(round, limb);
    limb[LIMBS - 1] &= UINT64_MAX >> 2; /* below 2^254 */
    nep_recode_bytes_var(digit, limb);
    mpz_import(want, LIMBS, -1, 8, 0, 0, limb);
    mpz_set_ui(sum, 0);
    for (unsigned long i = 0; i < 32; i++) {
      ck_assert_int_ge(digit[i], -128);
      ck_assert_int_lt(digit[i], 128);
      add_digit(sum, digit[i], 8 * i);
    }
    ck_assert_int_eq(mpz_cmp(sum, want), 0);
  }
  mpz_clears(want, sum, NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("crypto/ed25519/recode");
  TCase *tc = tcase_create("recode");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, naf_digits_are_odd_sparse_and_right);
  tcase_add_test(tc, five_bit_digits_are_small_and_right);
  tcase_add_test(tc, byte_digits_are_small_and_right);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
