/* The report about an event: its verdict, and its lists. */
#include <stdio.h>
#include <string.h>

#include "base/exitcode.h"
#include "tally/event_report.h"
#include "tests/support/run.h"
#include "tests/unit/tally/event_fixture.h"

static void assert_verdict(const nep_event_report *r, const char *verdict, int code)
{
  json_t *report = nep_event_report_json(r);
  ck_assert_str_eq(nep_entry_text(report, "verdict"), verdict);
  ck_assert_int_eq(nep_event_report_exit(r), code);
  json_decref(report);
}

START_TEST(what_was_not_checked_is_not_valid)
{
  nep_event_report r = {.archives = 3, .entries = json_array(), .faults = json_array()};
  assert_verdict(&r, "nothing", NEP_EXIT_CANNOT);
  r.shard = r.of = 5;
  assert_verdict(&r, "nothing", NEP_EXIT_OK);
  nep_event_report_fault(&r, "archive-missing", "c.bel", "it is gone");
  assert_verdict(&r, "invalid", NEP_EXIT_REFUSED);
  nep_event_report_free(&r);
}
END_TEST

START_TEST(one_archive_decides)
{
  nep_event_report r;
  fixture_report(&r);
  json_array_clear(r.faults);
  nep_event_report_sort(&r);
  assert_verdict(&r, "invalid", NEP_EXIT_REFUSED);
  for (size_t i = json_array_size(r.entries); i-- > 0;)
    if (strcmp(nep_entry_text(json_array_get(r.entries, i), "verdict"), "valid") != 0)
      json_array_remove(r.entries, i);
  ck_assert_uint_eq(json_array_size(r.entries), 1);
  assert_verdict(&r, "valid", NEP_EXIT_OK);
  nep_event_report_free(&r);
}
END_TEST

/* Half of them the same, which go at once, half of them others. */
START_TEST(a19_faults_of_the_event_that_several_parts_report)
{
  enum { FAULTS = 300000 };
  char code[24];
  nep_event_report r = {.entries = json_array(), .faults = json_array()};
  for (int i = 0; i < FAULTS; i++) {
    snprintf(code, sizeof code, "code-%06d", i);
    nep_event_report_fault(&r, code, code, "another");
    nep_event_report_fault(&r, "a", "a", "the same");
  }
  nep_event_report_sort(&r);
  ck_assert_uint_eq(json_array_size(r.faults), FAULTS + 1);
  ck_assert_str_eq(nep_entry_text(json_array_get(r.faults, 0), "code"), "a");
  ck_assert_str_eq(nep_entry_text(json_array_get(r.faults, 1), "code"), "code-000000");
  nep_event_report_free(&r);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("event_report");
  TCase *t = tcase_create("event_report");
  tcase_set_timeout(t, 60); /* what takes quadratic time takes minutes */
  tcase_add_test(t, what_was_not_checked_is_not_valid);
  tcase_add_test(t, one_archive_decides);
  tcase_add_test(t, a19_faults_of_the_event_that_several_parts_report);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
