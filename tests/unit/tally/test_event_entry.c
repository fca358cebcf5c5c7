/* Entries that come from a file: those of finished verifications pass, whatever the archive; one
   that says "valid" without the checks that always run does not. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "tally/event_entry.h"
#include "tests/support/run.h"
#include "tests/unit/tally/event_fixture.h"

static char *path;

static void setup(void)
{
  path = nep_sprintf("event-entry-%d", (int)getpid());
}

static void teardown(void)
{
  unlink(path);
  free(path);
}

static json_t *entry_of(const char *archive)
{
  nep_event_list list = {0};
  nep_verify_options options = {.jobs = 1};
  nep_verified *v = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_event_list_files(&archive, 1, &list, &err), NEP_OK);
  ck_assert_int_eq(nep_verify_archive(archive, &options, &v, &err), NEP_OK);
  json_t *entry = nep_event_entry(&list.files[0], v, "");
  nep_verified_free(v);
  nep_event_list_free(&list);
  return entry;
}

static void assert_passes(const char *archive, const char *about)
{
  nep_error err = {0};
  json_t *entry = entry_of(archive);
  ck_assert_str_eq(nep_entry_text(entry, "verdict"), "valid");
  ck_assert_msg(nep_event_entry_check(entry, &err) == NEP_OK, "%s: %s", about, err.reason);
  json_decref(entry);
}

static const char *const names[] = {
    "Ed25519-single",          "Ed25519-blank",           "Ed25519-revote-weights-two",
    "Ed25519-threshold",       "BELENIOS-2048-single",    "BELENIOS-2048-blank",
    "BELENIOS-2048-threshold", "RFC-3526-2048-revote-two"};

START_TEST(every_valid_archive_passes)
{
  char *file = nep_sprintf("%s/positive/%s/election.bel", NEP_TEST_VECTORS, names[_i]);
  assert_passes(file, names[_i]);
  free(file);
}
END_TEST

/* Where its events end. */
static size_t ends_of(const char *file, uint64_t *ends, size_t room)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_error err = {0};
  bool end = false;
  size_t n = 0;
  ck_assert_int_eq(nep_reader_open(file, &r, &err), NEP_OK);
  while (nep_reader_next(r, &record, &end, &err) == NEP_OK && !end)
    if (record.is_event && n < room)
      ends[n++] = nep_reader_position(r);
  nep_reader_close(r);
  return n;
}

/* Without ballots, without a tally, without decryptions, without a result. */
START_TEST(however_far_it_goes)
{
  char *file = nep_sprintf("%s/positive/%s/election.bel", NEP_TEST_VECTORS, names[_i]);
  uint64_t ends[256];
  nep_buf text = {0};
  nep_error err = {0};
  size_t n = ends_of(file, ends, sizeof ends / sizeof *ends);
  ck_assert_uint_gt(n, 5);
  ck_assert_int_eq(nep_file_read(file, 1 << 24, &text, &err), NEP_OK);
  for (size_t i = 0; i < n; i++) {
    fixture_write(path, text.data, (size_t)ends[i]);
    assert_passes(path, names[_i]);
  }
  nep_buf_free(&text);
  free(file);
}
END_TEST

static void assert_refused(const json_t *entry, const char *reason)
{
  nep_error err = {0};
  ck_assert_int_eq(nep_event_entry_check(entry, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "report-shape");
  ck_assert_msg(strstr(err.reason, reason) != NULL, "%s instead of %s", err.reason, reason);
}

static void refuse_without(const json_t *entry, const char *check)
{
  json_t *changed = json_deep_copy(entry), *checks = json_object_get(changed, "checks");
  char *reason = nep_sprintf("the check \"%s\" was run 0 times", check);
  json_object_set_new(checks, check, json_integer(0));
  assert_refused(changed, reason);
  json_object_del(checks, check);
  assert_refused(changed, reason);
  json_decref(changed);
  free(reason);
}

START_TEST(no_check_may_be_missing)
{
  json_t *entry = entry_of(GOOD), *n;
  const char *check;
  ck_assert_uint_gt(json_object_size(json_object_get(entry, "checks")), 40);
  json_object_foreach(json_object_get(entry, "checks"), check, n)
  {
    if (strcmp(check, "certificate of the credentials") != 0) /* not every election has one */
      refuse_without(entry, check);
  }
  json_object_set_new(entry, "checks", json_object());
  assert_refused(entry, "was run 0 times");
  json_decref(entry);
}
END_TEST

START_TEST(none_of_a_ballot_may_be_missing)
{
  static const char *const each[] = {"ballot signatures", "ballot overall proofs", "event texts",
                                     "credential encodings"};
  json_t *entry = entry_of(GOOD);
  for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
    json_t *changed = json_deep_copy(entry), *checks = json_object_get(changed, "checks");
    uint64_t run = nep_entry_number(checks, each[i]);
    ck_assert_uint_gt(run, 1);
    char *reason = nep_sprintf("the check \"%s\" was run 1 times", each[i]);
    json_object_set_new(checks, each[i], json_integer(1));
    assert_refused(changed, reason);
    json_decref(changed);
    free(reason);
  }
  json_decref(entry);
}
END_TEST

START_TEST(what_it_is_about_must_be_possible)
{
  static const char events[] = "its events are not those of its ballots and phase";
  static const char voted[] = "voted does not fit its ballots and credentials";
  static const char end[] = "without the hash or type of its last event";
  static const char uuid[] = "its uuid is none", result[] = "its result does not fit its phase";
  const struct {
    const char *key;
    json_t *value;
    const char *reason;
  } changes[] = {{"uuid", json_string(""), uuid},
                 {"uuid", json_string("0OIl0OIl0OIl0OIl"), uuid},
                 {"head", json_string(""), end},
                 {"phase", json_string(""), end},
                 {"phase", json_string("End"), end},
                 {"phase", json_string("Setup"), events},
                 {"phase", json_string("EndBallots"), events},
                 {"events", json_integer(1), events},
                 {"ballots", json_integer(0), "was run"},
                 {"ballots", json_integer((json_int_t)1 << 36), events},
                 {"events", json_integer((json_int_t)1 << 36), "\"record hashes\" was run"},
                 {"credentials", json_integer(1000000), "\"credentials distinct\" was run"},
                 {"credentials", json_integer(0), voted},
                 {"voted", json_integer(0), voted},
                 {"voted", json_integer(1000000), voted},
                 {"result", json_null(), result}};
  json_t *entry = entry_of(GOOD);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    json_t *changed = json_deep_copy(entry);
    json_object_set_new(changed, changes[i].key, changes[i].value);
    if (strcmp(changes[i].key, "ballots") == 0 && json_integer_value(changes[i].value) == 0)
      json_object_set_new(changed, "voted", json_integer(0));
    assert_refused(changed, changes[i].reason);
    json_decref(changed);
  }
  json_decref(entry);
}
END_TEST

START_TEST(a_bad_archive_needs_no_check)
{
  nep_error err = {0};
  json_t *entry = entry_of(BAD);
  ck_assert_str_eq(nep_entry_text(entry, "verdict"), "invalid");
  ck_assert_int_eq(nep_event_entry_check(entry, &err), NEP_OK);
  json_decref(entry);
}
END_TEST

enum { CODES = 20000 };

static void add_faults(json_t *list, json_t *codes, int n)
{
  char code[24];
  for (int i = 0; i < n; i++) {
    snprintf(code, sizeof code, "code-%06d", i);
    json_array_append_new(list,
                          json_pack("{s:s,s:s,s:s}", "code", code, "object", code, "reason", code));
    json_array_append_new(codes, json_string(code));
  }
}

START_TEST(a19_as_many_codes_as_a_report_has_room_for)
{
  static const char no_fit[] = "the codes are not those of the faults";
  nep_error err = {0};
  json_t *entry = entry_of(BAD), *codes = json_array(), *faults = json_array();
  add_faults(faults, codes, CODES);
  json_object_set_new(entry, "faults", faults);
  json_object_set_new(entry, "codes", codes);
  ck_assert_msg(nep_event_entry_check(entry, &err) == NEP_OK, "%s", err.reason);
  json_array_append_new(faults, json_deep_copy(json_array_get(faults, 7)));
  ck_assert_int_eq(nep_event_entry_check(entry, &err), NEP_OK);
  json_array_append_new(codes, json_string("code-none"));
  assert_refused(entry, no_fit);
  json_array_remove(codes, CODES);
  json_array_insert_new(codes, 8, json_string("code-000007"));
  assert_refused(entry, no_fit);
  json_array_remove(codes, 9); /* one twice, another missing */
  assert_refused(entry, no_fit);
  json_array_set_new(codes, 8, json_string("code-none"));
  assert_refused(entry, no_fit);
  json_array_set_new(codes, 7, json_string("code-000008"));
  json_array_set_new(codes, 8, json_string("code-000007"));
  assert_refused(entry, no_fit);
  json_decref(entry);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("event_entry");
  TCase *t = tcase_create("event_entry");
  tcase_set_timeout(t, 300);
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_add_loop_test(t, every_valid_archive_passes, 0, sizeof names / sizeof *names);
  tcase_add_loop_test(t, however_far_it_goes, 0, 4); /* those on the curve */
  tcase_add_test(t, no_check_may_be_missing);
  tcase_add_test(t, none_of_a_ballot_may_be_missing);
  tcase_add_test(t, what_it_is_about_must_be_possible);
  tcase_add_test(t, a_bad_archive_needs_no_check);
  suite_add_tcase(s, t);
  TCase *quick = tcase_create("quick");
  tcase_set_timeout(quick, 60); /* what takes quadratic time takes minutes */
  tcase_add_test(quick, a19_as_many_codes_as_a_report_has_room_for);
  suite_add_tcase(s, quick);
  return nep_run_suite(s);
}
