#include "base/clock.h"
#include "tests/support/run.h"

START_TEST(times_read_back_as_written)
{
  const int64_t times[] = {0, 951782400, 1795431600, 4102444799};
  for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
    char text[21];
    int64_t again = -1;
    nep_clock_text(times[i], text);
    ck_assert(nep_clock_parse(text, &again));
    ck_assert_int_eq(again, times[i]);
  }
}
END_TEST

START_TEST(anything_but_the_one_form_is_refused)
{
  const char *const bad[] = {"",
                             "2026-11-23",
                             "2026-11-23T07:00:00",
                             "2026-11-23T07:00:00+07:00",
                             "2026-11-23t07:00:00Z",
                             "2026-02-30T07:00:00Z",
                             "2026-13-01T07:00:00Z",
                             "2026-11-23T24:00:00Z",
                             "2026-11-23T07:60:00Z",
                             "2026-11-23T07:00:00Z ",
                             " 2026-11-23T07:00:00Z",
                             "2026-11-23T07:00:0 Z"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    int64_t seconds;
    ck_assert_msg(!nep_clock_parse(bad[i], &seconds), "%s was accepted", bad[i]);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base/clock");
  TCase *tc = tcase_create("clock");
  tcase_add_test(tc, times_read_back_as_written);
  tcase_add_test(tc, anything_but_the_one_form_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
