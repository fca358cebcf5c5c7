#include <string.h>

#include "base/encode.h"
#include "base/status.h"
#include "tests/support/run.h"

START_TEST(failure_keeps_code_place_and_reason)
{
  nep_error err;
  ck_assert_int_eq(nep_fail(&err, NEP_E_INPUT, "roll", "line 3", "expected %d columns", 4),
                   NEP_E_INPUT);
  nep_advise(&err, "add the column %s", "name");
  char line[512];
  ck_assert_str_eq(nep_error_line(&err, line, sizeof line),
                   "line 3: expected 4 columns; add the column name");
  ck_assert_str_eq(err.code, "roll");
}
END_TEST

START_TEST(inner_places_are_joined_to_outer_ones)
{
  nep_error err;
  nep_fail(&err, NEP_E_INPUT, "shape", "min", "is negative");
  ck_assert_int_eq(nep_inside(&err, NEP_E_INPUT, "questions[%d]", 1), NEP_E_INPUT);
  ck_assert_str_eq(err.where, "questions[1].min");
  nep_fail(&err, NEP_E_INPUT, "shape", "[2]", "is negative");
  (void)nep_inside(&err, NEP_E_INPUT, "answers");
  ck_assert_str_eq(err.where, "answers[2]");
}
END_TEST

START_TEST(text_that_does_not_fit_is_cut_at_a_whole_character)
{
  nep_error err;
  char longer[600];
  for (size_t pad = 0; pad < 3; pad++) {
    memset(longer, 'x', pad);
    for (size_t i = pad; i + 3 < sizeof longer; i += 3)
      memcpy(longer + i, "\xE1\xBB\xAD", 4);
    nep_fail(&err, NEP_E_INPUT, "roll", longer, "%s", longer);
    ck_assert(nep_is_utf8(err.reason, strlen(err.reason)));
    ck_assert(nep_is_utf8(err.where, strlen(err.where)));
    ck_assert_uint_gt(strlen(err.reason), sizeof err.reason - 5);
  }
}
END_TEST

START_TEST(an_absent_error_is_allowed)
{
  ck_assert_int_eq(nep_fail(NULL, NEP_E_IO, "file", NULL, "lost"), NEP_E_IO);
  ck_assert_int_eq(nep_inside(NULL, NEP_E_IO, "x"), NEP_E_IO);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base/status");
  TCase *tc = tcase_create("status");
  tcase_add_test(tc, failure_keeps_code_place_and_reason);
  tcase_add_test(tc, inner_places_are_joined_to_outer_ones);
  tcase_add_test(tc, text_that_does_not_fit_is_cut_at_a_whole_character);
  tcase_add_test(tc, an_absent_error_is_allowed);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
