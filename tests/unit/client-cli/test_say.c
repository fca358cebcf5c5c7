#include "client-cli/say.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exitcode.h"
#include "base/memory.h"
#include "client-cli/http.h"
#include "client-cli/problem.h"
#include "tests/support/run.h"

START_TEST(exit_codes_tell_refused_from_could_not_run)
{
  nep_error refused = {.status = NEP_E_CHECK, .code = "paper-key"};
  nep_error connection = {.status = NEP_E_IO, .code = "connection"};
  nep_error usage = {.status = NEP_E_INPUT, .code = "usage"};
  nep_error file = {.status = NEP_E_NOT_FOUND, .code = "file"};
  nep_error busy = {.status = NEP_E_BUSY, .code = "busy"};
  nep_error state = {.status = NEP_E_STATE, .code = "not-open"};
  ck_assert_int_eq(nep_exit_code(&refused), NEP_EXIT_REFUSED);
  ck_assert_int_eq(nep_exit_code(&state), NEP_EXIT_REFUSED);
  ck_assert_int_eq(nep_exit_code(&connection), NEP_EXIT_CANNOT);
  ck_assert_int_eq(nep_exit_code(&usage), NEP_EXIT_CANNOT);
  ck_assert_int_eq(nep_exit_code(&file), NEP_EXIT_CANNOT);
  ck_assert_int_eq(nep_exit_code(&busy), NEP_EXIT_CANNOT);
}
END_TEST

START_TEST(a_problem_document_becomes_an_error)
{
  static const char text[] =
      "{\"type\":\"urn:nep:problem:registration-closed\",\"title\":\"Too late\",\"status\":409,"
      "\"detail\":\"registration closed at noon\",\"field\":\"event\",\"advice\":\"write to the "
      "commission\",\"code\":\"registration-closed\"}";
  nep_error err = {0};
  ck_assert_int_eq(nep_problem(409, nep_str_bytes(text), &err), NEP_E_STATE);
  ck_assert_str_eq(err.code, "registration-closed");
  ck_assert_str_eq(err.where, "event");
  ck_assert_str_eq(err.reason, "registration closed at noon");
  ck_assert_str_eq(err.advice, "write to the commission");
}
END_TEST

START_TEST(no_part_of_an_error_steers_the_terminal)
{
  nep_error err = {.status = NEP_E_STATE,
                   .code = "\033[1A\r\033[JYour ballot was accepted",
                   .where = "\033[2J",
                   .reason = "\033[2J",
                   .advice = "\033[2J"};
  char said[1024] = "";
  FILE *f = tmpfile();
  ck_assert_ptr_nonnull(f);
  fflush(stderr);
  int kept = dup(STDERR_FILENO);
  dup2(fileno(f), STDERR_FILENO);
  nep_say_error("nep-voter", &err);
  fflush(stderr);
  dup2(kept, STDERR_FILENO);
  close(kept);
  rewind(f);
  ck_assert_uint_gt(fread(said, 1, sizeof said - 1, f), 0);
  fclose(f);
  ck_assert_ptr_nonnull(strstr(said, "[?[1A??[JYour ballot was accepted]"));
  ck_assert_ptr_null(strchr(said, '\033'));
  ck_assert_ptr_null(strchr(said, '\r'));
}
END_TEST

START_TEST(every_refusal_has_a_status_even_without_a_document)
{
  static const struct {
    long http;
    nep_status status;
  } cases[] = {{400, NEP_E_INPUT}, {401, NEP_E_DENIED}, {403, NEP_E_DENIED}, {404, NEP_E_NOT_FOUND},
               {405, NEP_E_INPUT}, {408, NEP_E_BUSY},   {409, NEP_E_STATE},  {413, NEP_E_INPUT},
               {415, NEP_E_INPUT}, {422, NEP_E_CHECK},  {429, NEP_E_BUSY},   {500, NEP_E_INTERNAL},
               {503, NEP_E_BUSY},  {302, NEP_E_INPUT}};
  static const char *const bodies[] = {"", "<html>", "[]", "{\"code\":7,\"detail\":[]}",
                                       "{\"code\":\"Your ballot was accepted\"}"};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (size_t j = 0; j < sizeof bodies / sizeof *bodies; j++) {
      nep_error err = {0};
      ck_assert_int_eq(nep_problem(cases[i].http, nep_str_bytes(bodies[j]), &err), cases[i].status);
      ck_assert_str_eq(err.code, "http");
      ck_assert_str_ne(err.reason, "");
    }
}
END_TEST

START_TEST(only_https_addresses_are_used)
{
  static const char *const bad[] = {"",
                                    "http://vote.example.vn",
                                    "HTTPS://vote.example.vn",
                                    "https://",
                                    "file:///etc/passwd",
                                    "vote.example.vn",
                                    "https://user:pass@vote.example.vn",
                                    "https://vote.example.vn/?a=b",
                                    "https://vote.example.vn/#x",
                                    "https://vote.example.vn/a b"};
  nep_http *h = NULL;
  nep_error err = {0};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ck_assert_msg(nep_http_new(bad[i], NULL, &h, &err) == NEP_E_INPUT, "accepted: %s", bad[i]);
    ck_assert_str_eq(err.code, "server-address");
    ck_assert_ptr_null(h);
  }
  ck_assert_int_eq(nep_http_new("https://vote.example.vn:8443/base/", NULL, &h, &err), NEP_OK);
  nep_http_free(h);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client-cli/say");
  TCase *tc = tcase_create("what is told");
  tcase_add_test(tc, exit_codes_tell_refused_from_could_not_run);
  tcase_add_test(tc, a_problem_document_becomes_an_error);
  tcase_add_test(tc, no_part_of_an_error_steers_the_terminal);
  tcase_add_test(tc, every_refusal_has_a_status_even_without_a_document);
  tcase_add_test(tc, only_https_addresses_are_used);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
