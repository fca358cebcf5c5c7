/* A21: a roll is imported whole or not at all, and every bad row is named. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "server/service/roll.h"
#include "tests/support/run.h"

static const nep_roll_rules vn = {.vn12 = true, .weights = true};

/* The faults of one row after a good one; `field` and `word` of the reason. */
static void refuse(const nep_roll_rules *rules, const char *header, const char *row,
                   const char *field, const char *word)
{
  nep_buf csv = {0};
  nep_roll roll;
  nep_error err = {0};
  nep_buf_printf(&csv, "%s\n%s\n", header, row);
  ck_assert_int_eq(nep_roll_read(nep_buf_bytes(&csv), rules, &roll, &err), NEP_OK);
  ck_assert_msg(roll.n_faults == 1, "%zu faults in %s", roll.n_faults, row);
  ck_assert_int_eq(roll.faults[0].line, 2);
  ck_assert_str_eq(roll.faults[0].field, field);
  ck_assert_msg(strstr(roll.faults[0].reason, word) != NULL, "%s", roll.faults[0].reason);
  ck_assert_uint_eq(roll.n_rows, 0);
  nep_roll_free(&roll);
  nep_buf_free(&csv);
}

static void accept(const nep_roll_rules *rules, const char *text, size_t rows)
{
  nep_roll roll;
  nep_error err = {0};
  ck_assert_int_eq(nep_roll_read(nep_str_bytes(text), rules, &roll, &err), NEP_OK);
  ck_assert_uint_eq(roll.n_faults, 0);
  ck_assert_uint_eq(roll.n_rows, rows);
  nep_roll_free(&roll);
}

#define PLAIN "identifier,name"
#define DATED "identifier,name,birth_date"
#define WEIGHED "identifier,name,weight"

START_TEST(a21_each_kind_of_bad_row_is_named)
{
  int64_t day = 0;
  ck_assert(nep_clock_parse("2026-05-24T00:00:00Z", &day));
  nep_roll_rules dated = {.vn12 = true, .voting_day = day};
  char name[900] = "001090000001,";
  for (int i = 0; i < 201; i++)
    strcat(name, "ễ");
  refuse(&vn, PLAIN, "001090000001", "row", "columns");
  refuse(&vn, PLAIN, "001090000001,A,B", "row", "columns");
  refuse(&vn, PLAIN, "001090000001,\"A", "row", "not closed");
  refuse(&vn, PLAIN, "001090000001,A\"B\"", "row", "quotation");
  refuse(&vn, PLAIN, "001090000001,\"A\"B", "row", "after a closing");
  refuse(&vn, PLAIN, "001090000001,Nguy\xe1\xbb", "name", "UTF-8");
  refuse(&vn, PLAIN, "\xc0\xb1,A", "identifier", "UTF-8");
  refuse(&vn, PLAIN, ",A", "identifier", "empty");
  refuse(&vn, PLAIN, "00109000001,A", "identifier", "12 digits");
  refuse(&vn, PLAIN, "0010900000011,A", "identifier", "12 digits");
  refuse(&vn, PLAIN, "00109000000x,A", "identifier", "12 digits");
  refuse(&vn, PLAIN, "001090000001,", "name", "empty");
  refuse(&vn, PLAIN, name, "name", "200");
  refuse(&vn, PLAIN, "001090000001,A\tB", "name", "control");
  refuse(&vn, PLAIN, "", "row", "columns");
  refuse(&vn, DATED, "001090000001,A,1991-01-01", "birth_date", "identifier says 1990");
  refuse(&vn, DATED, "001290000001,A,1990-01-01", "birth_date", "identifier says 2090");
  refuse(&vn, DATED, "001090000001,A,1990-02-30", "birth_date", "calendar");
  refuse(&vn, DATED, "001090000001,A,01/02/1990", "birth_date", "calendar");
  refuse(&dated, DATED, "001208000001,A,2008-05-25", "birth_date", "under 18");
  refuse(&vn, WEIGHED, "001090000001,A,0", "weight", "whole number");
  refuse(&vn, WEIGHED, "001090000001,A,1000000001", "weight", "whole number");
  refuse(&vn, WEIGHED, "001090000001,A,01", "weight", "whole number");
  refuse(&vn, WEIGHED, "001090000001,A,-1", "weight", "whole number");
  refuse(&vn, WEIGHED, "001090000001,A,", "weight", "whole number");
  refuse(&dated, WEIGHED, "001090000001,A,2", "weight", "expects no weights");
  accept(&dated, WEIGHED "\n001090000001,A,1\n", 1);
}
END_TEST

START_TEST(good_rows_are_read)
{
  int64_t day = 0;
  ck_assert(nep_clock_parse("2026-05-23T17:00:00Z", &day)); /* midnight of the 24th in Hà Nội */
  nep_roll_rules dated = {.vn12 = true, .weights = true, .voting_day = day};
  accept(&vn, PLAIN "\n001090000001,Nguyễn Văn A\n", 1);
  accept(&vn, PLAIN "\r\n001090000001,\"Nguyễn, Văn \"\"A\"\"\"\r\n001090000002,B", 2);
  accept(&vn, "\xef\xbb\xbf" PLAIN "\n001090000001,A\n", 1);
  accept(&dated, DATED ",weight\n001208000001,A,2008-05-24,1000000000\n001090000001,B,,1\n", 2);
}
END_TEST

START_TEST(a21_a_person_twice_in_one_file_is_named_with_both_lines)
{
  nep_roll roll;
  nep_error err = {0};
  const char *text = PLAIN "\n001090000001,A\n001090000002,B\n001090000001,C\n";
  ck_assert_int_eq(nep_roll_read(nep_str_bytes(text), &vn, &roll, &err), NEP_OK);
  ck_assert_uint_eq(roll.n_faults, 1);
  ck_assert_int_eq(roll.faults[0].line, 4);
  ck_assert_ptr_nonnull(strstr(roll.faults[0].reason, "line 2"));
  nep_roll_free(&roll);
}
END_TEST

START_TEST(a_bad_header_or_an_empty_roll_is_refused)
{
  const char *bad[] = {"", "name,identifier\n", "identifier\n1\n", "identifier,name,age\n",
                       "identifier,name,weight,birth_date\n"};
  nep_roll roll;
  nep_error err = {0};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ck_assert_int_eq(nep_roll_read(nep_str_bytes(bad[i]), &vn, &roll, &err), NEP_E_INPUT);
    ck_assert_str_eq(err.code, "roll-header");
    nep_roll_free(&roll);
  }
  ck_assert_int_eq(nep_roll_read(nep_str_bytes(PLAIN "\n"), &vn, &roll, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.code, "roll-empty");
  nep_roll_free(&roll);
}
END_TEST

START_TEST(a_thousand_bad_rows_are_named_and_all_are_counted)
{
  nep_buf csv = {0};
  nep_roll roll;
  nep_error err = {0};
  nep_buf_str(&csv, PLAIN "\n");
  for (int i = 0; i < 1500; i++)
    nep_buf_str(&csv, ",A\n");
  ck_assert_int_eq(nep_roll_read(nep_buf_bytes(&csv), &vn, &roll, &err), NEP_OK);
  ck_assert_uint_eq(roll.n_faults, 1500);
  ck_assert_int_eq(roll.faults[NEP_ROLL_REPORTED_MAX - 1].line, 1001);
  nep_roll_free(&roll);
  nep_buf_free(&csv);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service: roll");
  TCase *tests = tcase_create("roll");
  tcase_add_test(tests, a21_each_kind_of_bad_row_is_named);
  tcase_add_test(tests, good_rows_are_read);
  tcase_add_test(tests, a21_a_person_twice_in_one_file_is_named_with_both_lines);
  tcase_add_test(tests, a_bad_header_or_an_empty_roll_is_refused);
  tcase_add_test(tests, a_thousand_bad_rows_are_named_and_all_are_counted);
  suite_add_tcase(suite, tests);
  return nep_run_suite(suite);
}
