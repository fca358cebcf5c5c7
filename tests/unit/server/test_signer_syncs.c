/* Linked with --wrap of fdatasync, fsync and pwrite: when nep-signer's memory syncs what, and that
   it says nothing more once a write or sync failed. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/signer/client.h"
#include "server/signer/serve.h"
#include "tests/support/run.h"
#include "tests/unit/server/memory_folder.h"
#include "tests/unit/server/signer_receipt.h"

enum { FULL = 8192, CHUNK = 1024, SYNCS = 64 };

/* Each sync: which file, and how long the journal was then. */
static struct {
  ino_t file;
  off_t journal;
} syncs[SYNCS];
static unsigned n_syncs, n_writes;
/* 1: the next one fails, 2: the one after it; 0: none. */
static unsigned fail_sync, fail_write, cut_write;

static int record_sync(int fd)
{
  struct stat st;
  ck_assert_int_eq(fstat(fd, &st), 0);
  ck_assert_uint_lt(n_syncs, SYNCS);
  syncs[n_syncs].file = st.st_ino;
  syncs[n_syncs++].journal = journal_len();
  if (fail_sync == 0 || --fail_sync > 0)
    return 0;
  errno = EIO;
  return -1;
}

int __wrap_fdatasync(int fd);
int __wrap_fdatasync(int fd)
{
  return record_sync(fd);
}

int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
  return record_sync(fd);
}

ssize_t __real_pwrite(int fd, const void *data, size_t len, off_t at);
ssize_t __wrap_pwrite(int fd, const void *data, size_t len, off_t at);
ssize_t __wrap_pwrite(int fd, const void *data, size_t len, off_t at)
{
  n_writes++;
  if (cut_write > 0 && --cut_write == 0)
    return __real_pwrite(fd, data, len / 2, at);
  if (fail_write == 0 || --fail_write > 0)
    return __real_pwrite(fd, data, len, at);
  errno = ENOSPC;
  return -1;
}

static void setup(void)
{
  memory_setup();
  n_syncs = n_writes = fail_sync = fail_write = cut_write = 0;
}

static ino_t file_of(const char *name)
{
  struct stat st;
  ck_assert_int_eq(stat(path_of(name), &st), 0);
  return st.st_ino;
}

static unsigned syncs_of(const char *name)
{
  unsigned n = 0;
  for (unsigned i = 0; i < n_syncs; i++)
    n += syncs[i].file == file_of(name);
  return n;
}

/* ---- how many ---- */

START_TEST(a_request_is_one_sync_whatever_its_elections)
{
  const nep_remembered events[] = {
      event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'a'), event_of(NEP_SIGNED_ARCHIVE, UUID_A, 1, 'b'),
      event_of(NEP_SIGNED_ARCHIVE, UUID_B, 0, 'c'), event_of(NEP_SIGNED_CASTS, UUID_B, 0, 'd'),
      event_of(NEP_SIGNED_ARCHIVE, UUID_C, 7, 'e')};
  ck_assert_int_eq(fill(events, 5), NEP_OK);
  ck_assert_uint_eq(n_syncs, 1);
  ck_assert_uint_eq(syncs_of("journal"), 1);
  ck_assert_int_eq(syncs[0].journal, 5 * RECORD); /* after all of it was written */
  ck_assert_uint_eq(n_writes, 5 + 1);
  ck_assert_int_eq(held(NEP_SIGNED_CASTS, UUID_B, 0), 'd');
}
END_TEST

/* A new length would be one more write of the disk for each sync. */
START_TEST(a_request_does_not_change_the_journals_length)
{
  ck_assert_int_eq(size_of("journal"), FULL * RECORD);
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_OK);
  ck_assert_int_eq(journal_len(), RECORD);
  ck_assert_int_eq(size_of("journal"), FULL * RECORD);
}
END_TEST

START_TEST(what_is_remembered_already_needs_no_sync)
{
  nep_remembered events[] = {event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'a'),
                             event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'a'),
                             event_of(NEP_SIGNED_ARCHIVE, UUID_B, 0, 'b')};
  ck_assert_int_eq(fill(events, 3), NEP_OK);
  ck_assert_int_eq(journal_len(), 2 * RECORD);
  ck_assert_int_eq(fill(events, 3), NEP_OK);
  ck_assert_int_eq(fill(NULL, 0), NEP_OK);
  ck_assert_uint_eq(n_syncs, 1);
  ck_assert_int_eq(journal_len(), 2 * RECORD);
  ck_assert_int_eq(fill_one(UUID_B, 1, 'c'), NEP_OK);
  ck_assert_uint_eq(n_syncs, 2);
}
END_TEST

/* What was filled before the conflict would pass for durable the next time. */
START_TEST(what_a_list_filled_before_its_conflict_is_synced)
{
  const nep_remembered one_place[] = {event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'a'),
                                      event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'b'),
                                      event_of(NEP_SIGNED_ARCHIVE, UUID_C, 0, 'c')};
  const nep_remembered two_places[] = {event_of(NEP_SIGNED_ARCHIVE, UUID_B, 0, 'd'),
                                       event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'd'),
                                       event_of(NEP_SIGNED_ARCHIVE, UUID_C, 0, 'd')};
  ck_assert_int_eq(fill(one_place, 3), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-conflict");
  ck_assert_uint_eq(n_syncs, 1);
  ck_assert_int_eq(journal_len(), RECORD);
  ck_assert_int_eq(fill(two_places, 3), NEP_E_STATE);
  ck_assert_str_eq(err.where, UUID_A);
  ck_assert_uint_eq(n_syncs, 2);
  ck_assert_int_eq(journal_len(), 2 * RECORD);
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 0), 'a');
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_B, 0), 'd');
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_C, 0), ' ');
}
END_TEST

/* The same of another refusal, which is no fault of the disk: the rest goes on. */
START_TEST(what_a_list_filled_before_a_damaged_file_is_synced)
{
  const nep_remembered events[] = {event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'a'),
                                   event_of(NEP_SIGNED_ARCHIVE, UUID_B, 0, 'b'),
                                   event_of(NEP_SIGNED_ARCHIVE, UUID_C, 0, 'c')};
  write_file(UUID_B ".events", "no hash", 7);
  ck_assert_int_eq(fill(events, 3), NEP_E_CHECK);
  ck_assert_uint_eq(n_syncs, 1);
  ck_assert_int_eq(journal_len(), RECORD);
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 0), 'a');
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_C, 0), ' ');
  ck_assert_int_eq(fill_one(UUID_C, 0, 'c'), NEP_OK);
}
END_TEST

/* ---- opening ---- */

/* A process that was killed may have left places that neither the journal nor the disk has. */
START_TEST(opening_syncs_every_file_then_the_folder_then_empties_the_journal)
{
  const nep_remembered events[] = {event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'a'),
                                   event_of(NEP_SIGNED_CASTS, UUID_B, 0, 'b')};
  ck_assert_int_eq(fill(events, 2), NEP_OK);
  write_file(UUID_C ".events", "the hash of an event in 32 bytes", PLACE);
  n_syncs = n_writes = 0;
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  /* The places again, though they were there (see restore_place), and the zeros. */
  ck_assert_uint_eq(n_writes, 2 + 1);
  ck_assert_uint_eq(n_syncs, 6);
  ck_assert_uint_eq(syncs_of(UUID_A ".events"), 1);
  ck_assert_uint_eq(syncs_of(UUID_B ".casts"), 1);
  ck_assert_uint_eq(syncs_of(UUID_C ".events"), 1);
  ck_assert_uint_eq(syncs[3].file, file_of("."));
  ck_assert_int_eq(syncs[3].journal, 2 * RECORD);
  ck_assert_uint_eq(syncs[4].file, file_of("journal"));
  ck_assert_int_eq(syncs[4].journal, 0);
  ck_assert_uint_eq(syncs[5].file, file_of("journal"));
  ck_assert_int_eq(size_of("journal"), FULL * RECORD);
}
END_TEST

START_TEST(a_memory_that_cannot_be_synced_is_not_opened_and_keeps_its_journal)
{
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_OK);
  for (unsigned i = 1; i <= 2; i++) { /* the file, the folder */
    fail_sync = i;
    ck_assert_int_eq(memory_reopen(), NEP_E_IO);
    ck_assert_str_eq(err.code, "signer-memory");
    ck_assert_int_eq(journal_len(), RECORD);
  }
  for (unsigned i = 3; i <= 4; i++) { /* of the empty journal, and of its zeros */
    fail_sync = i;
    ck_assert_int_eq(memory_reopen(), NEP_E_IO);
  }
  fail_write = 1; /* of the zeros: nothing else is written now */
  ck_assert_int_eq(memory_reopen(), NEP_E_IO);
  cut_write = 1;
  ck_assert_int_eq(memory_reopen(), NEP_E_IO);
  ck_assert_ptr_nonnull(strstr(err.reason, "in part only"));
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 0), 'a');
}
END_TEST

/* ---- the full journal ---- */

/* So many places of A that `left` more fill the journal. */
static void fill_up(size_t left)
{
  static nep_remembered events[CHUNK];
  for (uint64_t at = 0; at < FULL - left;) {
    size_t n = 0;
    for (; n < CHUNK && at < FULL - left; n++)
      events[n] = event_of(NEP_SIGNED_ARCHIVE, UUID_A, at++, 'a');
    ck_assert_int_eq(fill(events, n), NEP_OK);
  }
  n_syncs = 0;
}

START_TEST(a_full_journal_is_emptied_when_its_places_are_durable)
{
  fill_up(2);
  ck_assert_int_eq(fill_one(UUID_B, 0, 'b'), NEP_OK);
  ck_assert_uint_eq(n_syncs, 1);
  ck_assert_int_eq(journal_len(), (FULL - 1) * RECORD);
  ck_assert_int_eq(fill_one(UUID_A, FULL, 'c'), NEP_OK);
  ck_assert_uint_eq(n_syncs, 1 + 1 + 2 + 3);
  ck_assert_uint_eq(syncs[1].file, file_of("journal"));
  ck_assert_uint_eq(syncs_of(UUID_A ".events"), 1);
  ck_assert_uint_eq(syncs_of(UUID_B ".events"), 1);
  ck_assert_uint_eq(syncs[4].file, file_of("."));
  ck_assert_uint_eq(syncs[5].file, file_of("journal"));
  for (unsigned i = 1; i < 5; i++) /* nothing goes before all is there */
    ck_assert_int_eq(syncs[i].journal, FULL * RECORD);
  ck_assert_int_eq(syncs[5].journal, 0);
  ck_assert_uint_eq(syncs[6].file, file_of("journal"));
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, FULL), 'c');
}
END_TEST

START_TEST(after_that_it_begins_anew_and_knows_what_was_filled_since)
{
  fill_up(1);
  ck_assert_int_eq(fill_one(UUID_B, 0, 'b'), NEP_OK);
  ck_assert_int_eq(journal_len(), 0);
  ck_assert_int_eq(fill_one(UUID_C, 0, 'c'), NEP_OK);
  ck_assert_int_eq(journal_len(), RECORD);
  ck_assert_int_eq(fill_one(UUID_A, 0, 'd'), NEP_E_STATE);
  lose_file(UUID_C ".events");
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_C, 0), 'c');
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_B, 0), 'b');
}
END_TEST

/* ---- failures ---- */

/* Even the event whose place looks filled: its sync failed, and the next would report success. */
static void expect_nothing_more(void)
{
  char event[65];
  nep_remembered list[1];
  size_t n = 0;
  ck_assert_str_eq(err.code, "signer-memory");
  ck_assert_ptr_nonnull(strstr(err.advice, "restart nep-signer"));
  n_syncs = n_writes = 0;
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_E_IO);
  ck_assert_ptr_nonnull(strstr(err.advice, "restart nep-signer"));
  ck_assert_int_eq(fill_one(UUID_C, 0, 'c'), NEP_E_IO);
  ck_assert_int_eq(fill(NULL, 0), NEP_E_IO);
  ck_assert_int_eq(nep_memory_event(memory, NEP_SIGNED_ARCHIVE, UUID_A, 0, event, &err), NEP_E_IO);
  ck_assert_int_eq(nep_memory_list(memory, NEP_SIGNED_ARCHIVE, "", list, 1, &n, &err), NEP_E_IO);
  ck_assert_uint_eq(n_syncs + n_writes, 0);
}

static void expect_a_restart_helps(void)
{
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_OK);
  ck_assert_int_eq(fill_one(UUID_C, 0, 'c'), NEP_OK);
}

START_TEST(after_a_failed_sync_nothing_is_said_until_a_restart)
{
  fail_sync = 1;
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_E_IO);
  expect_nothing_more();
  expect_a_restart_helps();
}
END_TEST

START_TEST(after_a_failed_write_of_a_place_neither)
{
  const nep_remembered events[] = {event_of(NEP_SIGNED_ARCHIVE, UUID_B, 0, 'b'),
                                   event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'a')};
  fail_write = 2;
  ck_assert_int_eq(fill(events, 2), NEP_E_IO);
  expect_nothing_more();
  expect_a_restart_helps();
}
END_TEST

START_TEST(after_a_failed_write_of_the_journal_neither)
{
  fail_write = 2;
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_E_IO);
  expect_nothing_more();
  expect_a_restart_helps();
}
END_TEST

START_TEST(after_half_a_write_of_the_journal_neither)
{
  cut_write = 2;
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_E_IO);
  ck_assert_int_eq(journal_len(), RECORD); /* a part of it */
  expect_nothing_more();
  expect_a_restart_helps();
}
END_TEST

START_TEST(a_conflict_is_told_even_when_the_sync_fails_and_nothing_more_is)
{
  const nep_remembered events[] = {event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'a'),
                                   event_of(NEP_SIGNED_ARCHIVE, UUID_A, 0, 'b')};
  fail_sync = 1;
  ck_assert_int_eq(fill(events, 2), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-conflict");
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_E_IO);
  expect_nothing_more();
  expect_a_restart_helps();
}
END_TEST

START_TEST(a_full_journal_stays_when_a_place_file_cannot_be_synced)
{
  fill_up(1);
  fail_sync = 2; /* the first is the journal's */
  ck_assert_int_eq(fill_one(UUID_B, 0, 'b'), NEP_E_IO);
  expect_nothing_more();
  ck_assert_int_eq(journal_len(), FULL * RECORD);
  lose_file(UUID_A ".events");
  lose_file(UUID_B ".events");
  expect_a_restart_helps();
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, FULL - 2), 'a');
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_B, 0), 'b');
}
END_TEST

/* Its name would be missing in the folder, and nobody would miss it. */
START_TEST(a_full_journal_stays_when_a_place_file_is_gone)
{
  fill_up(1);
  lose_file(UUID_A ".events");
  ck_assert_int_eq(fill_one(UUID_B, 0, 'b'), NEP_E_IO);
  ck_assert_int_eq(journal_len(), FULL * RECORD);
  expect_a_restart_helps();
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, FULL - 2), 'a');
}
END_TEST

/* ---- the process ---- */

typedef struct service {
  nep_signer_config config;
  nep_signing_key *key;
  int listener, stop[2];
  nep_status status;
  nep_error err;
} service;

static void *serve(void *ctx)
{
  service *s = ctx;
  s->status = nep_signer_serve(&s->config, s->key, memory, s->listener, s->stop[0], &s->err);
  close(s->listener);
  return NULL;
}

static nep_status sign(nep_signer *s, const char *receipt)
{
  nep_error e = {0};
  nep_buf out = {0};
  nep_bytes message = nep_str_bytes(receipt);
  nep_status status = nep_signer_sign(s, NEP_SIGN_CAST_RECEIPT, &message, 1, &out, &e);
  nep_buf_free(&out);
  return status;
}

/* Whoever watches over services starts another one, which knows what the disk has. */
START_TEST(after_a_failed_sync_the_process_signs_nothing_and_ends)
{
  char path[64];
  pthread_t thread;
  service s = {.key = nep_signing_key_new()};
  snprintf(path, sizeof path, "/tmp/nep-signer-syncs.%ld", (long)getpid());
  s.config = (nep_signer_config){.socket = path,
                                 .mode = 0600,
                                 .group = (gid_t)-1,
                                 .allowed = {geteuid()},
                                 .n_allowed = 1,
                                 .connections = 4};
  ck_assert_int_eq(pipe(s.stop), 0);
  ck_assert_int_eq(nep_signer_listen(&s.config, &s.listener, &s.err), NEP_OK);
  ck_assert_int_eq(pthread_create(&thread, NULL, serve, &s), 0);
  nep_signer *client = nep_signer_new(path, 1);
  ck_assert_int_eq(sign(client, RECEIPT(1)), NEP_OK);
  fail_sync = 1;
  ck_assert_int_ne(sign(client, RECEIPT(2)), NEP_OK);
  pthread_join(thread, NULL);
  ck_assert_int_eq(s.status, NEP_E_IO);
  ck_assert_str_eq(s.err.code, "signer-memory");
  nep_signer_free(client);
  unlink(path);
  close(s.stop[0]);
  close(s.stop[1]);
  nep_signing_key_free(s.key);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("signer-syncs");
  TCase *tc = tcase_create("syncs");
  tcase_add_checked_fixture(tc, setup, memory_teardown);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, a_request_is_one_sync_whatever_its_elections);
  tcase_add_test(tc, a_request_does_not_change_the_journals_length);
  tcase_add_test(tc, what_is_remembered_already_needs_no_sync);
  tcase_add_test(tc, what_a_list_filled_before_its_conflict_is_synced);
  tcase_add_test(tc, what_a_list_filled_before_a_damaged_file_is_synced);
  tcase_add_test(tc, opening_syncs_every_file_then_the_folder_then_empties_the_journal);
  tcase_add_test(tc, a_memory_that_cannot_be_synced_is_not_opened_and_keeps_its_journal);
  tcase_add_test(tc, a_full_journal_is_emptied_when_its_places_are_durable);
  tcase_add_test(tc, after_that_it_begins_anew_and_knows_what_was_filled_since);
  tcase_add_test(tc, after_a_failed_sync_nothing_is_said_until_a_restart);
  tcase_add_test(tc, after_a_failed_write_of_a_place_neither);
  tcase_add_test(tc, after_a_failed_write_of_the_journal_neither);
  tcase_add_test(tc, after_half_a_write_of_the_journal_neither);
  tcase_add_test(tc, a_conflict_is_told_even_when_the_sync_fails_and_nothing_more_is);
  tcase_add_test(tc, a_full_journal_stays_when_a_place_file_cannot_be_synced);
  tcase_add_test(tc, a_full_journal_stays_when_a_place_file_is_gone);
  tcase_add_test(tc, after_a_failed_sync_the_process_signs_nothing_and_ends);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
