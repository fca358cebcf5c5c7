/* The formulas of the eight-lane field at the bounds of their limbs, on a model of the processor's
   instructions: for machines that have no AVX-512. test_engine runs the same on those that have. */
#include "tests/support/run.h"
#include "tests/unit/crypto/lanes_bounds.h"
#include "tests/unit/crypto/lanes_formulas.h"

START_TEST(limbs_at_their_bounds_give_what_the_portable_field_gives)
{
  const char *fault = lanes_bounds_fault();
  ck_assert_msg(!fault, "%s", fault);
}
END_TEST

START_TEST(points_at_their_bounds_give_what_the_portable_formulas_give)
{
  const char *fault = lanes_formulas_fault();
  ck_assert_msg(!fault, "%s", fault);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("lanes model");
  TCase *tc = tcase_create("lanes model");
  tcase_set_timeout(tc, 300);
  tcase_add_test(tc, limbs_at_their_bounds_give_what_the_portable_field_gives);
  tcase_add_test(tc, points_at_their_bounds_give_what_the_portable_formulas_give);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
