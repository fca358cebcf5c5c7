/* Texts of strangers cannot write to the terminal what they want. */
#include <string.h>

#include "tally/cli.h"
#include "tests/support/run.h"

static const struct {
  const char *text, *shown;
} texts[] = {
    {"Nguyễn Thị Ánh", "Nguyễn Thị Ánh"},
    {"", ""},
    {"a\x1b[2Kverdict: valid\n", "a?[2Kverdict: valid?"},
    {"tab\tbell\adel\x7f", "tab?bell?del?"},
    {"csi \xc2\x9b"
     "2K",
     "csi ??2K"},
    {"not UTF-8: \xff\xfe", "not UTF-8: ??"},
    {"cut \xc2", "cut ?"},
};

START_TEST(control_characters_are_replaced)
{
  char *shown = nep_printable(texts[_i].text);
  ck_assert_str_eq(shown, texts[_i].shown);
  free(shown);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("printable");
  TCase *t = tcase_create("printable");
  tcase_add_loop_test(t, control_characters_are_replaced, 0, (int)(sizeof texts / sizeof *texts));
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
