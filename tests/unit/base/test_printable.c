/* Names are shown; what steers a terminal or disguises what is said is not. */
#include "base/printable.h"

#include <stdlib.h>

#include "tests/support/run.h"

static const struct {
  const char *text, *shown;
} texts[] = {
    {"Nguyễn Thị Ánh – số 1", "Nguyễn Thị Ánh – số 1"},
    {"", ""},
    {"a\x1b[2Kverdict: valid\n", "a?[2Kverdict: valid?"},
    {"tab\tbell\adel\x7f", "tab?bell?del?"},
    {"a\nb\rc\td", "a?b?c?d"},
    {"csi \xc2\x9b"
     "2K",
     "csi ?2K"}, /* as one C1 character */
    {"A\xe2\x80\xae"
     "B",
     "A?B"}, /* right-to-left override */
    {"A\xe2\x81\xa6"
     "B",
     "A?B"}, /* isolate */
    {"A\xd8\x9c"
     "B",
     "A?B"}, /* Arabic letter mark */
    {"A\xe2\x80\xa8"
     "B",
     "A?B"}, /* line separator */
    {"\xf0\x9f\x97\xb3 ballot", "\xf0\x9f\x97\xb3 ballot"},
    {"not UTF-8: \xff\xfe", "not UTF-8: ??"},
    {"cut \xc2", "cut ?"},
};

START_TEST(only_what_is_harmless_is_shown)
{
  char *shown = nep_printable(texts[_i].text), *printed = NULL;
  size_t len = 0;
  FILE *f = open_memstream(&printed, &len);
  nep_show(f, texts[_i].text);
  fclose(f);
  ck_assert_str_eq(shown, texts[_i].shown);
  ck_assert_str_eq(printed, texts[_i].shown);
  free(printed);
  free(shown);
}
END_TEST

START_TEST(json_means_the_same_with_escapes)
{
  nep_buf out = {0};
  nep_printable_json(&out, nep_str_bytes("{\"\xe1\xba\xa0 \xf0\x9f\x97\xb3\":\"\xc2\x9b"
                                         "2K \xe2\x80\xae"
                                         "b \\u001b\"}"));
  nep_buf_char(&out, '\0');
  ck_assert_str_eq(out.data, "{\"\xe1\xba\xa0 \xf0\x9f\x97\xb3\":\"\\u009b2K \\u202eb \\u001b\"}");
  nep_buf_free(&out);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("printable");
  TCase *t = tcase_create("printable");
  tcase_add_loop_test(t, only_what_is_harmless_is_shown, 0, (int)(sizeof texts / sizeof *texts));
  tcase_add_test(t, json_means_the_same_with_escapes);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
