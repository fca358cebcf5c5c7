/* A verifier's notes: kept, and refused when a byte of them is another. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "tally/event_run.h"
#include "tally/state.h"
#include "tests/support/run.h"
#include "tests/unit/tally/event_fixture.h"

static char *path;

static void setup(void)
{
  path = nep_sprintf("state-%d", (int)getpid());
}

static void teardown(void)
{
  unlink(path);
  free(path);
}

static nep_state *open_state(void)
{
  nep_state *s = NULL;
  nep_error err = {0};
  ck_assert_msg(nep_state_open(path, "event", &s, &err) == NEP_OK, "%s", err.reason);
  return s;
}

static void end_state(nep_state *s)
{
  nep_error err;
  ck_assert_int_eq(nep_state_end(s, &err), NEP_OK);
  nep_state_free(s);
}

static void assert_refused(const char *file)
{
  nep_state *s = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_state_open(file, "event", &s, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.code, "state");
  ck_assert_ptr_null(s);
}

static const uint64_t again[] = {3, 17};

static nep_prefix example(void)
{
  nep_prefix p = {.bytes = 1024, .ballots = 20, .again = (uint64_t *)again, .n_again = 2};
  memset(p.sha256, 0xa5, sizeof p.sha256);
  return p;
}

START_TEST(what_is_noted_is_found_again)
{
  nep_prefix p = example(), q = {0};
  nep_event_report r;
  struct stat st;
  fixture_report(&r);
  nep_state *s = open_state();
  ck_assert(!nep_state_prefix(s, "a.bel", &q));
  nep_state_note(s, "a.bel", &p, NULL);
  nep_state_note(s, "Đà Nẵng/\"b\".bel", &p, json_array_get(r.entries, 0));
  end_state(s);
  ck_assert_int_eq(stat(path, &st), 0);
  ck_assert_uint_eq(st.st_mode & 0777, 0600);
  s = open_state();
  ck_assert(nep_state_prefix(s, "a.bel", &q));
  ck_assert_uint_eq(q.bytes, p.bytes);
  ck_assert_uint_eq(q.ballots, p.ballots);
  ck_assert_mem_eq(q.sha256, p.sha256, sizeof p.sha256);
  ck_assert_uint_eq(q.n_again, 2);
  ck_assert_mem_eq(q.again, again, sizeof again);
  nep_prefix_free(&q);
  ck_assert_ptr_null(nep_state_report(s, "a.bel"));
  json_t *entry = nep_state_report(s, "Đà Nẵng/\"b\".bel");
  ck_assert(json_equal(entry, json_array_get(r.entries, 0)));
  json_decref(entry);
  end_state(s);
  nep_event_report_free(&r);
}
END_TEST

START_TEST(names_that_are_noted)
{
  nep_prefix p = example();
  void *cursor = NULL;
  nep_state *s = open_state();
  ck_assert_ptr_null(nep_state_name(s, &cursor));
  nep_state_note(s, "a", &p, NULL);
  nep_state_note(s, "b", &p, NULL);
  ck_assert_str_eq(nep_state_name(s, &cursor), "a");
  ck_assert_str_eq(nep_state_name(s, &cursor), "b");
  ck_assert_ptr_null(nep_state_name(s, &cursor));
  end_state(s);
}
END_TEST

START_TEST(a19_names_of_very_many_archives)
{
  enum { ARCHIVES = 100000 };
  char name[16];
  void *cursor = NULL;
  size_t n = 0;
  nep_prefix p = example();
  nep_state *s = open_state();
  for (int i = 0; i < ARCHIVES; i++) {
    snprintf(name, sizeof name, "%06d.bel", i);
    nep_state_note(s, name, &p, NULL);
  }
  for (const char *found; (found = nep_state_name(s, &cursor)) != NULL; n++) {
    snprintf(name, sizeof name, "%06zu.bel", n);
    ck_assert_str_eq(found, name);
  }
  ck_assert_uint_eq(n, ARCHIVES);
  end_state(s);
}
END_TEST

START_TEST(another_byte_is_refused)
{
  nep_prefix p = example();
  nep_event_report r;
  nep_buf text = {0};
  nep_error err;
  fixture_report(&r);
  nep_state *s = open_state();
  nep_state_note(s, "b.bel", &p, json_array_get(r.entries, 0));
  end_state(s);
  ck_assert_int_eq(nep_file_read(path, 1 << 24, &text, &err), NEP_OK);
  fixture_alter(path, text.data, text.len - 1, assert_refused);
  nep_buf_free(&text);
  nep_event_report_free(&r);
}
END_TEST

START_TEST(others_must_not_read_it)
{
  nep_state *s = NULL;
  nep_error err = {0};
  end_state(open_state());
  ck_assert_int_eq(chmod(path, 0640), 0);
  ck_assert_int_eq(nep_state_open(path, "event", &s, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.code, "file-mode");
}
END_TEST

START_TEST(it_is_of_one_kind_of_run)
{
  nep_state *s = NULL;
  nep_error err = {0};
  end_state(open_state());
  ck_assert_int_eq(nep_state_open(path, "shard 1/2", &s, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_state_open("nowhere/state", "event", &s, &err), NEP_E_NOT_FOUND);
}
END_TEST

/* The list is made, then `change` happens to the file, then it is verified. */
static json_t *verify_after(void (*change)(nep_buf *archive))
{
  const char *const paths[] = {path};
  nep_buf archive = {0};
  nep_event_list list = {0};
  nep_event_report report = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_file_read(GOOD, 1 << 24, &archive, &err), NEP_OK);
  fixture_write(path, archive.data, archive.len);
  ck_assert_int_eq(nep_event_list_files(paths, 1, &list, &err), NEP_OK);
  change(&archive);
  fixture_write(path, archive.data, archive.len);
  nep_event_run run = {.list = &list, .jobs = 1};
  ck_assert_int_eq(nep_event_run_all(&run, &report, &err), NEP_OK);
  json_t *entry = json_incref(json_array_get(report.entries, 0));
  ck_assert_int_eq(nep_event_entry_check(entry, &err), NEP_OK);
  nep_event_report_free(&report);
  nep_event_list_free(&list);
  nep_buf_free(&archive);
  return entry;
}

static void nothing(nep_buf *archive)
{
  (void)archive;
}

static void other_end(nep_buf *archive)
{
  archive->data[archive->len - 1] ^= 1;
}

static void longer(nep_buf *archive)
{
  static const char block[512];
  nep_buf_add(archive, block, sizeof block);
}

static void shorter(nep_buf *archive)
{
  archive->len -= 512;
}

START_TEST(an_archive_that_changes_while_the_event_is_verified_gets_no_verdict)
{
  static void (*const changes[])(nep_buf *) = {other_end, longer, shorter};
  nep_file_identity file;
  nep_error err = {0};
  json_t *entry = verify_after(nothing);
  ck_assert_str_eq(nep_entry_text(entry, "verdict"), "valid");
  ck_assert_int_eq(nep_file_identify(path, NULL, NULL, &file, &err), NEP_OK);
  ck_assert_str_eq(nep_entry_text(entry, "sha256"), file.sha256);
  ck_assert_str_eq(nep_entry_text(entry, "tail"), file.tail);
  ck_assert_uint_eq(nep_entry_number(entry, "size"), file.size);
  json_decref(entry);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    entry = verify_after(changes[i]);
    ck_assert_str_eq(nep_entry_text(entry, "verdict"), "unreadable");
    ck_assert_str_eq(nep_entry_text(entry, "sha256"), "");
    json_decref(entry);
  }
}
END_TEST

START_TEST(without_a_state_nothing_is_noted)
{
  nep_prefix p = example(), q = {0};
  void *cursor = NULL;
  ck_assert(!nep_state_prefix(NULL, "a", &q));
  ck_assert_ptr_null(nep_state_report(NULL, "a"));
  nep_state_note(NULL, "a", &p, NULL);
  ck_assert_ptr_null(nep_state_name(NULL, &cursor));
  ck_assert_int_eq(nep_state_end(NULL, NULL), NEP_OK);
  nep_state_free(NULL);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("state");
  TCase *t = tcase_create("state");
  tcase_set_timeout(t, 300);
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_add_test(t, what_is_noted_is_found_again);
  tcase_add_test(t, names_that_are_noted);
  tcase_add_test(t, an_archive_that_changes_while_the_event_is_verified_gets_no_verdict);
  tcase_add_test(t, another_byte_is_refused);
  tcase_add_test(t, others_must_not_read_it);
  tcase_add_test(t, it_is_of_one_kind_of_run);
  tcase_add_test(t, without_a_state_nothing_is_noted);
  suite_add_tcase(s, t);
  TCase *quick = tcase_create("quick");
  tcase_add_checked_fixture(quick, setup, teardown);
  tcase_set_timeout(quick, 60); /* what takes quadratic time takes minutes */
  tcase_add_test(quick, a19_names_of_very_many_archives);
  suite_add_tcase(s, quick);
  return nep_run_suite(s);
}
