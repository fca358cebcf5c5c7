#include <stdio.h>
#include <string.h>

#include "server/settings/settings.h"
#include "tests/support/run.h"

typedef struct sample {
  char *name;
  int64_t count;
  nep_text_list list;
  char *needed;
} sample;

static const char *check_word(const char *value)
{
  return strcmp(value, "bad") == 0 ? "must not be bad" : NULL;
}

static const nep_setting table[] = {
    {"one", "name", NEP_SETTING_TEXT, offsetof(sample, name), "anonymous", false, 0, 0, check_word},
    {"one", "count", NEP_SETTING_NUMBER, offsetof(sample, count), "7", false, 1, 100, NULL},
    {"two", "list", NEP_SETTING_LIST, offsetof(sample, list), "a b", false, 0, 0, check_word},
    {"two", "needed", NEP_SETTING_TEXT, offsetof(sample, needed), NULL, true, 0, 0, NULL},
};
enum { SETTINGS = sizeof table / sizeof *table };

static nep_status parse(nep_bytes text, sample *s, nep_error *err)
{
  *s = (sample){0};
  return nep_settings_parse(text, "f.conf", table, SETTINGS, s, err);
}

static void refuse(const char *text, const char *where, const char *reason)
{
  sample s;
  nep_error err = {0};
  ck_assert_msg(parse(nep_str_bytes(text), &s, &err) == NEP_E_INPUT, "accepted: %s", text);
  ck_assert_str_eq(err.where, where);
  ck_assert_msg(strstr(err.reason, reason) != NULL, "%s lacks %s", err.reason, reason);
  nep_settings_free(table, SETTINGS, &s);
}

START_TEST(all_settings_are_read)
{
  sample s;
  nep_error err = {0};
  static const char text[] = "# comment\n[one]\nname = Nguyễn ; not a comment\ncount=100\n\n[two]\n"
                             "; comment\nlist =  x \t y  z \nneeded = a = b\n";
  ck_assert_int_eq(parse(nep_str_bytes(text), &s, &err), NEP_OK);
  ck_assert_str_eq(s.name, "Nguyễn ; not a comment");
  ck_assert_int_eq(s.count, 100);
  ck_assert_uint_eq(s.list.n, 3);
  ck_assert_str_eq(s.list.items[2], "z");
  ck_assert_str_eq(s.needed, "a = b");
  nep_settings_free(table, SETTINGS, &s);
  ck_assert_ptr_null(s.name);
  ck_assert_uint_eq(s.list.n, 0);
}
END_TEST

START_TEST(absent_settings_have_their_fallback)
{
  sample s;
  nep_error err = {0};
  ck_assert_int_eq(parse(nep_str_bytes("[two]\nneeded = x"), &s, &err), NEP_OK);
  ck_assert_str_eq(s.name, "anonymous");
  ck_assert_int_eq(s.count, 7);
  ck_assert_uint_eq(s.list.n, 2);
  nep_settings_free(table, SETTINGS, &s);
}
END_TEST

START_TEST(each_mistake_is_refused_with_its_line)
{
  refuse("[two]\nneeded = x\n[one]\ncolour = red\n", "f.conf:4", "unknown setting [one] colour");
  refuse("[three]\nname = x\n", "f.conf:2", "unknown setting [three] name");
  refuse("name = x\n", "f.conf:1", "unknown setting [] name");
  refuse("[one]\nname = x\n[two]\n[one]\nname = y\n", "f.conf:5", "set before");
  refuse("[one]\nname = x\n  y\n", "f.conf:3", "neither");
  refuse("[one]\nname\n", "f.conf:2", "neither");
  refuse("[one\nname = x\n", "f.conf:1", "neither");
  refuse("[one]\nname =\n", "f.conf:2", "is empty");
  refuse("[one]\nname = bad\n", "f.conf:2", "[one] name must not be bad");
  refuse("[two]\nlist = good bad\n", "f.conf:2", "must not be bad");
  refuse("[one]\nname = x\n", "f.conf", "[two] needed is missing");
  refuse("", "f.conf", "missing");
}
END_TEST

START_TEST(numbers_are_decimal_and_in_their_range)
{
  static const char *const bad[] = {"0",   "101", "-1",  "+1", "1.5", "1e1",
                                    "0x1", "01",  "1 2", "x",  "",    "9999999999999999999"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char text[80];
    snprintf(text, sizeof text, "[one]\ncount = %s\n", bad[i]);
    refuse(text, "f.conf:2", "[one] count");
  }
}
END_TEST

START_TEST(a_value_is_never_repeated_in_a_message)
{
  sample s;
  nep_error err = {0};
  ck_assert_int_eq(parse(nep_str_bytes("[one]\ncount = password\n"), &s, &err), NEP_E_INPUT);
  ck_assert_ptr_null(strstr(err.reason, "password"));
  nep_settings_free(table, SETTINGS, &s);
}
END_TEST

START_TEST(lines_are_bounded_and_text_is_utf8_without_nul)
{
  char text[NEP_SETTING_LINE_MAX + 64];
  memset(text, 'x', sizeof text);
  memcpy(text, "[one]\nname = ", 13);
  text[sizeof text - 1] = '\0';
  refuse(text, "f.conf:2", "longer");
  refuse("[one]\nname = \xff\n", "f.conf", "UTF-8");
  sample s;
  nep_error err = {0};
  ck_assert_int_eq(parse((nep_bytes){"[two]\nneeded = x\0y\n", 19}, &s, &err), NEP_E_INPUT);
  nep_settings_free(table, SETTINGS, &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("settings");
  TCase *tc = tcase_create("settings");
  tcase_add_test(tc, all_settings_are_read);
  tcase_add_test(tc, absent_settings_have_their_fallback);
  tcase_add_test(tc, each_mistake_is_refused_with_its_line);
  tcase_add_test(tc, numbers_are_decimal_and_in_their_range);
  tcase_add_test(tc, a_value_is_never_repeated_in_a_message);
  tcase_add_test(tc, lines_are_bounded_and_text_is_utf8_without_nul);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
