/* The report of a part as a file: read as it was written, and refused when a byte of it is another.
 */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "records/signed.h"
#include "tally/shard_report.h"
#include "tests/support/run.h"
#include "tests/unit/tally/event_fixture.h"

static nep_event_report report;
static char *path;

static void setup(void)
{
  fixture_report(&report);
  path = nep_sprintf("shard-report-%d", (int)getpid());
}

static void teardown(void)
{
  unlink(path);
  free(path);
  nep_event_report_free(&report);
}

static void write_report(const nep_signing_key *key, nep_buf *text)
{
  nep_error err;
  ck_assert_int_eq(nep_shard_report_write(&report, key, path, &err), NEP_OK);
  ck_assert_int_eq(nep_file_read(path, 1 << 24, text, &err), NEP_OK);
}

static void assert_read(const char *const *signers, size_t n)
{
  nep_event_report again = {0};
  nep_error err = {0};
  ck_assert_msg(nep_shard_report_read(path, signers, n, &again, &err) == NEP_OK, "%s", err.reason);
  ck_assert_uint_eq(again.shard, 2);
  ck_assert_uint_eq(again.of, 3);
  ck_assert_uint_eq(again.archives, 2);
  ck_assert_uint_eq(again.bytes, report.bytes);
  ck_assert_str_eq(again.listing, report.listing);
  ck_assert(json_equal(again.faults, report.faults));
  ck_assert(json_equal(again.entries, report.entries));
  nep_event_report_free(&again);
}

static void assert_refused(const char *file)
{
  nep_event_report again = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_shard_report_read(file, NULL, 0, &again, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "report-altered");
  ck_assert_ptr_null(again.entries);
}

START_TEST(without_a_key)
{
  nep_buf text = {0};
  write_report(NULL, &text);
  assert_read(NULL, 0);
  fixture_alter(path, text.data, text.len - 1, assert_refused); /* a newline ends the file */
  nep_buf_free(&text);
}
END_TEST

START_TEST(signed_by_a_key)
{
  nep_buf text = {0};
  char public[NEP_PUBLIC_KEY_HEX + 1];
  nep_signing_key *key = nep_signing_key_new();
  nep_signing_key_public(key, public);
  const char *const signers[] = {"0000000000000000000000000000000000000000000000000000000000000000",
                                 public};
  nep_event_report none = {0};
  nep_error err = {0};
  write_report(key, &text);
  assert_read(NULL, 0);
  assert_read(signers, 2);
  ck_assert_int_eq(nep_shard_report_read(path, signers, 1, &none, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "report-signer");
  fixture_alter(path, text.data, text.len - 1, assert_refused);
  nep_buf_free(&text);
  nep_signing_key_free(key);
}
END_TEST

/* Weights up to 10^9 make large results; they are sums, and no sum is negative. */
START_TEST(results_are_as_large_as_weights_make_them)
{
  nep_event_report none = {0};
  nep_error err = {0};
  nep_buf text = {0};
  json_t *entry = json_array_get(report.entries, 1);
  json_object_set_new(entry, "result", json_pack("[[I,I]]", (json_int_t)INT64_MAX, (json_int_t)0));
  write_report(NULL, &text);
  assert_read(NULL, 0);
  json_object_set_new(entry, "result", json_pack("[[I]]", (json_int_t)-1));
  write_report(NULL, &text);
  ck_assert_int_eq(nep_shard_report_read(path, NULL, 0, &none, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "report-shape");
  nep_buf_free(&text);
}
END_TEST

START_TEST(what_cannot_be_read_is_no_refusal)
{
  nep_event_report none = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_shard_report_read("nowhere/r.json", NULL, 0, &none, &err), NEP_E_NOT_FOUND);
  ck_assert_int_eq(nep_shard_report_write(&report, NULL, "nowhere/r.json", &err), NEP_E_NOT_FOUND);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("shard_report");
  TCase *t = tcase_create("shard_report");
  tcase_set_timeout(t, 300);
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_add_test(t, without_a_key);
  tcase_add_test(t, signed_by_a_key);
  tcase_add_test(t, results_are_as_large_as_weights_make_them);
  tcase_add_test(t, what_cannot_be_read_is_no_refusal);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
