#include "client-cli/idtoken_command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/support/run.h"

START_TEST(a_command_is_split_without_a_shell)
{
  char **words = NULL;
  size_t n = 0;
  nep_error err = {0};
  ck_assert_int_eq(
      nep_command_split("  prog --name 'Nguyễn Văn An' \"a b\"c $HOME `id` ;", &words, &n, &err),
      NEP_OK);
  ck_assert_uint_eq(n, 7);
  ck_assert_str_eq(words[2], "Nguyễn Văn An");
  ck_assert_str_eq(words[3], "a bc");
  ck_assert_str_eq(words[4], "$HOME");
  ck_assert_str_eq(words[5], "`id`");
  ck_assert_str_eq(words[6], ";");
  ck_assert_ptr_null(words[7]);
  nep_command_free(words);
}
END_TEST

START_TEST(empty_and_unfinished_commands_are_refused)
{
  static const char *const bad[] = {"", "   ", "prog 'open", "prog \"open"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char **words = NULL;
    size_t n;
    nep_error err = {0};
    ck_assert_int_eq(nep_command_split(bad[i], &words, &n, &err), NEP_E_INPUT);
    ck_assert_str_eq(err.code, "usage");
    ck_assert_ptr_null(words);
  }
}
END_TEST

static nep_status run(const char *command, nep_buf *token, nep_error *err)
{
  *err = (nep_error){0};
  nep_buf_clear(token);
  return nep_idtoken_from_command(command, "NONCE", token, err);
}

START_TEST(the_nonce_is_the_last_argument_and_the_token_what_is_printed)
{
  nep_buf token = {0};
  nep_error err;
  ck_assert_int_eq(run("printf %s.%s\\n first", &token, &err), NEP_OK);
  ck_assert_str_eq(token.data, "first.NONCE");
  nep_buf_free(&token);
}
END_TEST

START_TEST(programs_that_fail_or_print_no_token_are_refused)
{
  static const char *const bad[] = {"/nonexistent/program",
                                    "false",
                                    "true",
                                    "sh -c 'echo two words'",
                                    "sh -c 'echo a; echo b'",
                                    "sh -c 'head -c 20000 /dev/zero | tr \"\\0\" a'",
                                    "sh -c 'echo token; exit 3'",
                                    "sh -c 'echo token; kill -9 $$'"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_buf token = {0};
    nep_error err;
    ck_assert_msg(run(bad[i], &token, &err) != NEP_OK, "accepted: %s", bad[i]);
    ck_assert_str_eq(err.code, "id-token-command");
    nep_buf_free(&token);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client-cli/idtoken_command");
  TCase *tc = tcase_create("identity provider's program");
  tcase_add_test(tc, a_command_is_split_without_a_shell);
  tcase_add_test(tc, empty_and_unfinished_commands_are_refused);
  tcase_add_test(tc, the_nonce_is_the_last_argument_and_the_token_what_is_printed);
  tcase_add_test(tc, programs_that_fail_or_print_no_token_are_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
