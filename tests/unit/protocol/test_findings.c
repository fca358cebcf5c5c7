/* The verdict comes from what was counted and kept here. */
#include "protocol/findings.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/run.h"

START_TEST(checks_are_counted_whether_they_hold_or_not)
{
  nep_findings f = {0};
  nep_error err = {0};
  ck_assert(nep_check(&f, "signatures", true, "x", "o", "r"));
  ck_assert_int_eq(nep_findings_status(&f, &err), NEP_OK);
  ck_assert(!nep_check(&f, "signatures", false, "x-code", "ballot 3", "does not hold"));
  nep_checked(&f, "hashes", 7);
  ck_assert_uint_eq(f.n_checks, 2);
  ck_assert_uint_eq(f.checks[0].run, 2);
  ck_assert_uint_eq(f.checks[1].run, 7);
  ck_assert_int_eq(nep_findings_status(&f, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "x-code");
  ck_assert_str_eq(err.where, "ballot 3");
  nep_findings_free(&f);
}
END_TEST

START_TEST(warnings_are_no_faults)
{
  nep_findings f = {0};
  nep_warning(&f, "w", "o", "%s", "odd but valid");
  ck_assert_int_eq(nep_findings_status(&f, NULL), NEP_OK);
  ck_assert_uint_eq(f.n_warnings, 1);
  nep_findings_free(&f);
}
END_TEST

START_TEST(merging_keeps_every_entry_in_order)
{
  nep_findings a = {0}, all = {0};
  char object[20];
  for (int worker = 0; worker < 5; worker++) {
    nep_findings b = {0};
    for (int i = 0; i < 7; i++) {
      snprintf(object, sizeof object, "%d", worker * 7 + i);
      nep_fault(&b, "code", object, "fault %d", i);
      nep_warning(&b, "code", object, "warning %d", i);
      nep_checked(&b, i % 2 ? "odd" : "even", 1);
    }
    nep_findings_merge(worker < 3 ? &a : &all, &b);
    ck_assert_uint_eq(b.n_faults + b.n_warnings + b.n_checks, 0);
  }
  nep_findings_merge(&a, &all);
  ck_assert_uint_eq(a.n_faults, 35);
  ck_assert_uint_eq(a.n_warnings, 35);
  for (int i = 0; i < 35; i++) {
    snprintf(object, sizeof object, "%d", i);
    ck_assert_str_eq(a.faults[i].object, object);
    ck_assert_str_eq(a.warnings[i].object, object);
  }
  ck_assert_uint_eq(a.n_checks, 2);
  ck_assert_uint_eq(a.checks[0].run + a.checks[1].run, 35);
  nep_error err = {0};
  ck_assert_int_eq(nep_findings_status(&a, &err), NEP_E_CHECK);
  ck_assert_ptr_nonnull(strstr(err.reason, "34 more"));
  nep_findings_free(&a);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/findings");
  TCase *tc = tcase_create("findings");
  tcase_add_test(tc, checks_are_counted_whether_they_hold_or_not);
  tcase_add_test(tc, warnings_are_no_faults);
  tcase_add_test(tc, merging_keeps_every_entry_in_order);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
