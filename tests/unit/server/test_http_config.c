#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "server/http/config.h"
#include "tests/support/run.h"

static const char *const lines[] = {
    "[server]\n",           "tls_certificate = /c\n",
    "tls_key = /k\n",       "[database]\n",
    "registry = r\n",       "board = b\n",
    "official = o\n",       "[state]\n",
    "folder = /s\n",        "[signer]\n",
    "socket = /g\n",        "[identity]\n",
    "issuer = https://i\n", "audience = a\n",
    "jwks_file = /j\n",
};
enum { LINES = sizeof lines / sizeof *lines };

/* The smallest configuration, without line `skipped`, followed by `more`. */
static nep_status parse(size_t skipped, const char *more, nep_config *c, nep_error *err)
{
  nep_buf text = {0};
  for (size_t i = 0; i < LINES; i++)
    if (i != skipped)
      nep_buf_str(&text, lines[i]);
  nep_buf_str(&text, more);
  nep_status status = nep_config_parse(nep_buf_bytes(&text), "f.conf", c, err);
  nep_buf_free(&text);
  return status;
}

static void refuse(const char *more, const char *reason)
{
  nep_config c;
  nep_error err = {0};
  ck_assert_msg(parse(LINES, more, &c, &err) == NEP_E_INPUT, "accepted: %s", more);
  ck_assert_msg(strstr(err.reason, reason) != NULL, "%s lacks %s", err.reason, reason);
  nep_config_free(&c);
}

START_TEST(the_smallest_configuration_is_enough)
{
  nep_config c;
  nep_service_config s;
  nep_error err = {0};
  ck_assert_msg(parse(LINES, "", &c, &err) == NEP_OK, "%s", err.reason);
  ck_assert_int_eq(c.server_port, 8443);
  ck_assert_uint_eq(c.proxies.n, 0);
  ck_assert_uint_eq(c.metrics.n, 2);
  nep_config_for_service(&c, &s);
  ck_assert_str_eq(s.db_registry, "r");
  ck_assert_str_eq(s.db_board, "b");
  ck_assert_str_eq(s.db_official, "o");
  ck_assert_str_eq(s.id_policy.roll_claim, "sub");
  ck_assert_uint_eq(s.cast_batch, 256);
  nep_config_free(&c);
}
END_TEST

START_TEST(each_needed_setting_is_missed)
{
  for (size_t i = 0; i < LINES; i++) {
    if (lines[i][0] == '[')
      continue;
    nep_config c;
    nep_error err = {0};
    ck_assert_msg(parse(i, "", &c, &err) == NEP_E_INPUT, "not missed: %s", lines[i]);
    nep_config_free(&c);
  }
}
END_TEST

START_TEST(values_that_cannot_work_are_refused)
{
  refuse("[server]\nlisten = localhost\n", "numeric");
  refuse("[server]\nport = 65536\n", "0 to 65535");
  refuse("[casting]\nthreads = 65\n", "0 to 64"); /* more would not be started */
  refuse("[state]\nfolder = x\n", "set before");
  refuse("[identity]\njwks_address = https://x\n", "exactly one");
  refuse("[identity]\njwks_ca = ca.pem\n", "absolute path");
  refuse("[limits]\nburst = 1\n", "less than");
  refuse("[proxies]\naddresses = 10.0.0.1 proxy.example\n", "numeric");
  refuse("[log]\nlevel = loud\n", "must be error");
}
END_TEST

START_TEST(identity_keys_come_from_one_place)
{
  nep_config c;
  nep_error err = {0};
  ck_assert_int_eq(parse(LINES - 1, "jwks_address = http://x\n", &c, &err), NEP_E_INPUT);
  ck_assert_ptr_nonnull(strstr(err.reason, "https://"));
  nep_config_free(&c);
  ck_assert_int_eq(parse(LINES - 1, "jwks_address = https://x\n", &c, &err), NEP_OK);
  nep_config_free(&c);
}
END_TEST

/* A line of the example that shows a setting: "key = value" or "# key = value". */
static bool is_setting(const char *line)
{
  if (strncmp(line, "# ", 2) == 0)
    line += 2;
  size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
  return n > 0 && strncmp(line + n, " =", 2) == 0;
}

START_TEST(the_example_is_good_also_with_every_setting_in_it_switched_on)
{
  nep_buf text = {0}, all = {0};
  nep_config c;
  nep_error err = {0};
  size_t switched = 0;
  ck_assert_int_eq(
      nep_file_read(NEP_SOURCE "/server/http/nep-server.conf.example", 65536, &text, &err), NEP_OK);
  ck_assert_msg(nep_config_parse(nep_buf_bytes(&text), "example", &c, &err) == NEP_OK, "%s: %s",
                err.where, err.reason);
  nep_config_free(&c);
  char *save = NULL;
  for (char *line = strtok_r(text.data, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
    bool other_source = strstr(line, "jwks_address =") || strcmp(line, "# addresses =") == 0;
    bool on = is_setting(line) && !other_source;
    switched += on && line[0] == '#';
    nep_buf_printf(&all, "%s\n", on && line[0] == '#' ? line + 2 : line);
  }
  ck_assert_msg(nep_config_parse(nep_buf_bytes(&all), "example", &c, &err) == NEP_OK, "%s: %s",
                err.where, err.reason);
  ck_assert_uint_gt(switched, 25);
  nep_config_free(&c);
  nep_buf_free(&all);
  nep_buf_free(&text);
}
END_TEST

START_TEST(the_example_shows_what_holds_without_a_line)
{
  nep_buf text = {0};
  nep_config c;
  nep_error err = {0};
  ck_assert_int_eq(
      nep_file_read(NEP_SOURCE "/server/http/nep-server.conf.example", 65536, &text, &err), NEP_OK);
  ck_assert_int_eq(parse(LINES, "", &c, &err), NEP_OK);
  const struct {
    const char *key;
    int64_t value;
  } rows[] = {
      {"port", c.server_port},
      {"threads", c.server_threads},
      {"workers", c.server_workers},
      {"queue", c.server_queue},
      {"stop_ms", c.server_stop_ms},
      {"connections", c.database_connections},
      {"leeway", c.identity_leeway},
      {"max_age", c.identity_max_age},
      {"batch", c.casting_batch},
      {"connections", c.limits_connections},
      {"connections_per_address", c.limits_connections_per_address},
      {"requests_per_second", c.limits_requests_per_second},
      {"burst", c.limits_burst},
      {"request_ms", c.limits_request_ms},
      {"idle_seconds", c.limits_idle_seconds},
      {"headers", c.limits_headers},
      {"uri_bytes", c.limits_uri_bytes},
      {"json_bytes", c.limits_json_bytes},
      {"ballot_bytes", c.limits_ballot_bytes},
      {"act_bytes", c.limits_act_bytes},
      {"roll_bytes", c.limits_roll_bytes},
      {"body_memory", c.limits_body_memory},
      {"page_ballots", c.limits_page_ballots},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char line[80];
    snprintf(line, sizeof line, "\n# %s = %lld\n", rows[i].key, (long long)rows[i].value);
    ck_assert_msg(strstr(text.data, line) != NULL, "the example lacks \"%s\"", line + 1);
  }
  nep_config_free(&c);
  nep_buf_free(&text);
}
END_TEST

START_TEST(a_key_that_others_may_read_is_refused)
{
  char folder[] = "/tmp/nep-config.XXXXXX", path[64];
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/key", folder);
  nep_config c = {.server_tls_certificate = path,
                  .server_tls_key = path,
                  .state_folder = folder,
                  .database_sql_folder = folder};
  nep_error err = {0};
  ck_assert_int_eq(nep_file_write(path, "x", 1, 0644, &err), NEP_OK);
  ck_assert_int_eq(nep_config_check_files(&c, &err), NEP_E_DENIED);
  ck_assert_ptr_nonnull(strstr(err.where, "tls_key"));
  ck_assert_int_eq(nep_file_write(path, "x", 1, 0600, &err), NEP_OK);
  ck_assert_int_eq(nep_config_check_files(&c, &err), NEP_OK);
  ck_assert_int_eq(chmod(folder, 0755), 0);
  ck_assert_int_eq(nep_config_check_files(&c, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.where, "[state] folder");
  unlink(path);
  rmdir(folder);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("http-config");
  TCase *tc = tcase_create("config");
  tcase_add_test(tc, the_smallest_configuration_is_enough);
  tcase_add_test(tc, each_needed_setting_is_missed);
  tcase_add_test(tc, values_that_cannot_work_are_refused);
  tcase_add_test(tc, identity_keys_come_from_one_place);
  tcase_add_test(tc, the_example_is_good_also_with_every_setting_in_it_switched_on);
  tcase_add_test(tc, the_example_shows_what_holds_without_a_line);
  tcase_add_test(tc, a_key_that_others_may_read_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
