/* Archives: records, events, chain, reading, appending (protocol.md §11). */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "protocol/archive_chain.h"
#include "tests/support/run.h"

#define FIXTURE NEP_TEST_VECTORS "/positive/Ed25519-single/election.bel"

static char scratch[] = "/tmp/nep-archive.XXXXXX";

static void make_scratch(void)
{
  ck_assert_ptr_nonnull(mkdtemp(scratch));
}

static void remove_scratch(void)
{
  char *command = nep_sprintf("rm -rf '%s'", scratch);
  ck_assert_int_eq(system(command), 0);
  free(command);
}

static char *in_scratch(const char *name)
{
  return nep_sprintf("%s/%s", scratch, name);
}

static void read_file(const char *path, nep_buf *out)
{
  nep_error err = {0};
  ck_assert_msg(nep_file_read(path, 1 << 24, out, &err) == NEP_OK, "%s", err.reason);
}

static void write_file(const char *path, const char *data, size_t len)
{
  nep_error err = {0};
  ck_assert_msg(nep_file_write(path, data, len, 0600, &err) == NEP_OK, "%s", err.reason);
}

/* Reads a whole archive through reader and chain; the status of the first thing that is wrong. */
static nep_status read_all(const char *path, uint64_t *events, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_chain chain = {0};
  nep_findings f = {0};
  nep_record record;
  nep_event event;
  bool end = false;
  nep_status s = nep_reader_open(path, &r, err);
  while (s == NEP_OK) {
    s = nep_reader_next(r, &record, &end, err);
    if (s != NEP_OK || end)
      break;
    if (record.is_event) {
      (void)nep_chain_event(&chain, &record, &event, &f);
      nep_chain_settle(&chain);
    } else {
      nep_chain_data(&chain, &record, &f);
    }
  }
  if (s == NEP_OK) {
    nep_chain_end(&chain, &f);
    s = nep_findings_status(&f, err);
  }
  *events = chain.events;
  nep_chain_free(&chain);
  nep_findings_free(&f);
  nep_reader_close(r);
  return s;
}

START_TEST(a_foreign_archive_is_written_again_byte_for_byte)
{
  nep_buf original = {0}, again = {0}, event_text = {0};
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_event e;
  char hash[65];
  bool end = false;
  uint64_t height = 0;
  read_file(FIXTURE, &original);
  ck_assert_int_eq(nep_reader_open(FIXTURE, &r, NULL), NEP_OK);
  nep_archive_start(&again, nep_reader_timestamp(r));
  while (nep_reader_next(r, &record, &end, NULL) == NEP_OK && !end) {
    ck_assert(record.hash_ok);
    if (record.is_event) {
      ck_assert_int_eq(nep_event_parse(record.body, &e, NULL), NEP_OK);
      ck_assert_uint_eq(e.height, height++);
      nep_buf_clear(&event_text);
      nep_event_write(e.has_parent ? e.parent : NULL, e.height, e.type,
                      e.has_payload ? e.payload : NULL, &event_text, hash);
      ck_assert_str_eq(hash, record.hash);
      nep_archive_event(&again, nep_reader_timestamp(r), nep_buf_bytes(&event_text), hash);
    } else {
      nep_archive_data(&again, nep_reader_timestamp(r), record.body, hash);
    }
    ck_assert_str_eq(hash, record.hash);
  }
  ck_assert(end);
  ck_assert_uint_gt(height, 20);
  ck_assert_uint_eq(nep_reader_position(r), nep_reader_size(r));
  ck_assert_uint_eq(again.len, original.len);
  ck_assert_mem_eq(again.data, original.data, original.len);
  nep_reader_close(r);
  nep_buf_free(&event_text);
  nep_buf_free(&again);
  nep_buf_free(&original);
}
END_TEST

START_TEST(a_body_is_read_again_at_its_offset)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_buf first = {0}, again = {0};
  bool end = false;
  uint64_t offset = 0;
  ck_assert_int_eq(nep_reader_open(FIXTURE, &r, NULL), NEP_OK);
  for (int i = 0; i < 7; i++) {
    ck_assert_int_eq(nep_reader_next(r, &record, &end, NULL), NEP_OK);
    nep_buf_clear(&first);
    nep_buf_add(&first, record.body.data, record.body.len);
    offset = record.offset;
  }
  ck_assert_int_eq(nep_reader_next(r, &record, &end, NULL), NEP_OK);
  ck_assert_int_eq(nep_reader_body_at(r, offset, first.len, &again, NULL), NEP_OK);
  ck_assert_uint_eq(again.len, first.len);
  ck_assert_mem_eq(again.data, first.data, first.len);
  ck_assert_int_eq(nep_reader_body_at(r, nep_reader_size(r), 1, &again, NULL), NEP_E_IO);
  nep_buf_free(&again);
  nep_buf_free(&first);
  nep_reader_close(r);
}
END_TEST

/* The first records hold headers, padding, data and an event: each byte of them is altered. */
START_TEST(a8_every_altered_byte_is_seen)
{
  nep_buf original = {0};
  char *path = in_scratch("altered.bel");
  read_file(FIXTURE, &original);
  write_file(path, original.data, original.len);
  int fd = open(path, O_WRONLY);
  for (size_t at = 0; at < original.len; at += at < 4096 ? 1 : 97) {
    uint64_t events;
    nep_error err = {0};
    char altered = (char)(original.data[at] ^ 1);
    ck_assert_int_eq(pwrite(fd, &altered, 1, (off_t)at), 1);
    ck_assert_msg(read_all(path, &events, &err) == NEP_E_CHECK, "byte %zu is not seen", at);
    ck_assert_int_eq(pwrite(fd, &original.data[at], 1, (off_t)at), 1);
  }
  close(fd);
  free(path);
  nep_buf_free(&original);
}
END_TEST

/* A cut between whole events leaves an older archive, which is valid; any other is seen. */
START_TEST(a_cut_inside_a_record_is_seen)
{
  nep_buf original = {0};
  uint64_t all = 0, events = 0;
  char *path = in_scratch("cut.bel");
  read_file(FIXTURE, &original);
  write_file(path, original.data, original.len);
  ck_assert_int_eq(read_all(FIXTURE, &all, NULL), NEP_OK);
  size_t refused = 0, tried = 0, len = original.len;
  while (len > 0) {
    nep_error err = {0};
    len -= len % 512 == 0 ? 1 : len % 512 == 511 ? 510 : 1;
    ck_assert_int_eq(truncate(path, (off_t)len), 0);
    nep_status s = read_all(path, &events, &err);
    tried++;
    refused += s != NEP_OK;
    ck_assert_msg(s == NEP_OK ? len % 512 == 0 && events < all : s == NEP_E_CHECK,
                  "cut to %zu bytes: %s", len, err.reason);
  }
  ck_assert_uint_eq(tried - refused, all - 1);
  free(path);
  nep_buf_free(&original);
}
END_TEST

static const nep_bytes ballot = {"{\"a\":1}", 7};

/* Setup with three records that only have to be there: the chain does not look inside. */
static void make_archive(const char *path, nep_archive **a)
{
  nep_buf setup = {0}, ignored = {0};
  static const char *const names[] = {"election", "trustees", "credentials"};
  nep_bytes data[4];
  for (int i = 0; i < 3; i++) {
    char hash[65];
    data[i] = nep_str_bytes(names[i]);
    nep_archive_data(&ignored, 0, data[i], hash);
    nep_buf_printf(&setup, "%s\"%s\":\"%s\"", i == 0 ? "{" : ",", names[i], hash);
  }
  nep_buf_char(&setup, '}');
  data[3] = nep_buf_bytes(&setup);
  nep_error err = {0};
  ck_assert_msg(nep_archive_create(path, 1700000000, a, &err) == NEP_OK, "%s", err.reason);
  ck_assert_msg(nep_archive_append(*a, NEP_EVENT_SETUP, data, 4, &err) == NEP_OK, "%s", err.reason);
  nep_buf_free(&ignored);
  nep_buf_free(&setup);
}

START_TEST(appended_events_are_read_back)
{
  nep_archive *a = NULL;
  uint64_t events = 0;
  char head[65];
  char *path = in_scratch("appended.bel");
  make_archive(path, &a);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_BALLOT, &ballot, 1, NULL), NEP_OK);
  ck_assert_uint_eq(nep_archive_height(a), 2);
  memcpy(head, nep_archive_head(a), sizeof head);
  nep_archive_close(a);
  ck_assert_int_eq(nep_archive_open(path, &a, NULL), NEP_OK);
  ck_assert_uint_eq(nep_archive_height(a), 2);
  ck_assert_str_eq(nep_archive_head(a), head);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_END_BALLOTS, NULL, 0, NULL), NEP_OK);
  nep_archive_close(a);
  nep_error err = {0};
  ck_assert_msg(read_all(path, &events, &err) == NEP_OK, "%s", err.reason);
  ck_assert_uint_eq(events, 3);
  free(path);
}
END_TEST

START_TEST(events_out_of_order_are_not_appended)
{
  static const nep_event_type wrong[] = {
      NEP_EVENT_SETUP,        NEP_EVENT_ENCRYPTED_TALLY,    NEP_EVENT_SHUFFLE,
      NEP_EVENT_END_SHUFFLES, NEP_EVENT_PARTIAL_DECRYPTION, NEP_EVENT_RESULT};
  nep_archive *a = NULL;
  struct stat before, after;
  char *path = in_scratch("order.bel");
  make_archive(path, &a);
  ck_assert_int_eq(stat(path, &before), 0);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    ck_assert_int_eq(nep_archive_append(a, wrong[i], &ballot, 1, NULL), NEP_E_STATE);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_END_BALLOTS, NULL, 0, NULL), NEP_OK);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_BALLOT, &ballot, 1, NULL), NEP_E_STATE);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_END_BALLOTS, NULL, 0, NULL), NEP_E_STATE);
  ck_assert_int_eq(stat(path, &after), 0);
  ck_assert_int_eq(after.st_size - before.st_size, 1024);
  nep_archive_close(a);
  free(path);
}
END_TEST

/* A full disk is played by a limit on the size of files. */
START_TEST(a_failed_append_leaves_the_archive_as_it_was)
{
  nep_archive *a = NULL;
  nep_buf before = {0}, after = {0};
  nep_error err = {0};
  char *path = in_scratch("full.bel");
  make_archive(path, &a);
  read_file(path, &before);
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit = {before.len + 2048 + 700, before.len + 2048 + 700};
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  nep_archive_mark(a);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_BALLOT, &ballot, 1, NULL), NEP_OK);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_BALLOT, &ballot, 1, &err), NEP_E_IO);
  read_file(path, &after);
  ck_assert_uint_eq(after.len, before.len + 2048);
  ck_assert_uint_eq(nep_archive_height(a), 2);
  ck_assert_int_eq(nep_archive_rollback(a, NULL), NEP_OK);
  nep_buf_clear(&after);
  read_file(path, &after);
  ck_assert_uint_eq(after.len, before.len);
  ck_assert_mem_eq(after.data, before.data, before.len);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_END_BALLOTS, NULL, 0, NULL), NEP_OK);
  uint64_t events = 0;
  ck_assert_int_eq(read_all(path, &events, NULL), NEP_OK);
  ck_assert_uint_eq(events, 2);
  nep_archive_close(a);
  nep_buf_free(&after);
  nep_buf_free(&before);
  free(path);
}
END_TEST

START_TEST(an_existing_archive_is_not_overwritten)
{
  nep_archive *a = NULL, *b = NULL;
  nep_error err = {0};
  char *path = in_scratch("twice.bel");
  make_archive(path, &a);
  ck_assert_int_eq(nep_archive_create(path, 1, &b, &err), NEP_E_STATE);
  ck_assert_ptr_null(b);
  nep_archive_close(a);
  free(path);
}
END_TEST

START_TEST(only_one_program_at_a_time_appends)
{
  nep_archive *a = NULL, *b = NULL;
  char *path = in_scratch("locked.bel");
  make_archive(path, &a);
  ck_assert_int_eq(nep_archive_open(path, &b, NULL), NEP_E_BUSY);
  nep_archive_close(a);
  ck_assert_int_eq(nep_archive_open(path, &b, NULL), NEP_OK);
  nep_archive_close(b);
  free(path);
}
END_TEST

START_TEST(a_broken_archive_is_not_appended_to)
{
  nep_buf original = {0};
  nep_archive *a = NULL;
  char *path = in_scratch("broken.bel");
  read_file(NEP_TEST_VECTORS "/negative/chain-broken.bel", &original);
  write_file(path, original.data, original.len);
  nep_error err = {0};
  ck_assert_int_eq(nep_archive_open(path, &a, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "archive-chain");
  ck_assert_ptr_null(a);
  free(path);
  nep_buf_free(&original);
}
END_TEST

static const struct {
  const char *text, *code;
} bad_events[] = {
    {"{\"height\":0,\"type\":[\"Setup\"]}", "archive-format"},
    {"{\"height\":1,\"type\":[\"EndBallots\"],\"payload\":\"%s\"}", "archive-format"},
    {"{\"height\":0,\"type\":[\"Banana\"],\"payload\":\"%s\"}", "archive-format"},
    {"{\"height\":0,\"type\":\"Setup\",\"payload\":\"%s\"}", "archive-format"},
    {"{\"height\":0,\"type\":[\"Setup\",\"Setup\"],\"payload\":\"%s\"}", "archive-format"},
    {"{\"height\":-1,\"type\":[\"Setup\"],\"payload\":\"%s\"}", "shape"},
    {"{\"height\":\"0\",\"type\":[\"Setup\"],\"payload\":\"%s\"}", "shape"},
    {"{\"type\":[\"Setup\"],\"height\":0,\"payload\":\"%s\"}", "shape"},
    {"{\"height\":0,\"type\":[\"Setup\"],\"payload\":\"%s\",\"more\":1}", "shape"},
    {"{\"height\":0,\"type\":[\"Setup\"],\"payload\":\"short\"}", "shape"},
    {"{\"height\": 0,\"type\":[\"Setup\"],\"payload\":\"%s\"}", "noncanonical"},
    {"{\"height\":0,\"type\":[\"Setup\"],\"payload\":\"%s\"} ", "noncanonical"},
};

START_TEST(malformed_events_are_refused)
{
  static const char hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  const char *pattern = bad_events[_i].text, *place = strstr(pattern, "%s");
  nep_buf text = {0};
  nep_event e;
  nep_error err = {0};
  nep_buf_add(&text, pattern, place ? (size_t)(place - pattern) : strlen(pattern));
  if (place) {
    nep_buf_str(&text, hash);
    nep_buf_str(&text, place + 2);
  }
  ck_assert_int_ne(nep_event_parse(nep_buf_bytes(&text), &e, &err), NEP_OK);
  ck_assert_msg(strcmp(err.code, bad_events[_i].code) == 0, "%s: %s", text.data, err.code);
  nep_buf_free(&text);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("archive");
  TCase *t = tcase_create("archive");
  tcase_set_timeout(t, 120);
  tcase_add_unchecked_fixture(t, make_scratch, remove_scratch);
  tcase_add_test(t, a_foreign_archive_is_written_again_byte_for_byte);
  tcase_add_test(t, a_body_is_read_again_at_its_offset);
  tcase_add_test(t, a8_every_altered_byte_is_seen);
  tcase_add_test(t, a_cut_inside_a_record_is_seen);
  tcase_add_test(t, appended_events_are_read_back);
  tcase_add_test(t, events_out_of_order_are_not_appended);
  tcase_add_test(t, a_failed_append_leaves_the_archive_as_it_was);
  tcase_add_test(t, an_existing_archive_is_not_overwritten);
  tcase_add_test(t, only_one_program_at_a_time_appends);
  tcase_add_test(t, a_broken_archive_is_not_appended_to);
  tcase_add_loop_test(t, malformed_events_are_refused, 0,
                      (int)(sizeof bad_events / sizeof *bad_events));
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
