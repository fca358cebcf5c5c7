/* Linked with --wrap of fsync and write: a trustee's journal is on the disk before it says so, also
   when it held the tally already. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "tally/journal.h"
#include "tests/support/run.h"

#define HASH64(c) c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c

static char *path;
static size_t n_written;            /* bytes since the last sync */
static unsigned n_syncs, fail_sync; /* fail_sync: the next one fails at 1, the one after it at 2 */
static bool file_synced;            /* with what was written to it */

int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
  struct stat st;
  ck_assert_int_eq(fstat(fd, &st), 0);
  n_syncs++;
  if (fail_sync > 0 && --fail_sync == 0) {
    errno = EIO;
    return -1;
  }
  if (S_ISREG(st.st_mode)) {
    file_synced = n_written == (size_t)st.st_size;
    n_written = 0;
  }
  return 0;
}

ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
  struct stat st;
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
    n_written += len;
  return __real_write(fd, data, len);
}

static void setup(void)
{
  path = nep_sprintf("journal-%d", (int)getpid());
  n_syncs = fail_sync = 0;
  n_written = 0;
  file_synced = false;
}

static void teardown(void)
{
  unlink(path);
  free(path);
}

static const nep_tally_act tally = {.uuid = "11111111111111",
                                    .election_hash = HASH64("11"),
                                    .setup_hash = HASH64("22"),
                                    .end_ballots = HASH64("33"),
                                    .tally_hash = HASH64("44"),
                                    .time = "2026-12-01T10:00:00Z"};

static nep_status enter(const nep_tally_act *t)
{
  nep_error err = {0};
  return nep_journal_enter(path, t, &err);
}

static size_t length(void)
{
  struct stat st;
  return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

START_TEST(a_tally_is_on_the_disk_with_its_folder)
{
  ck_assert_int_eq(enter(&tally), NEP_OK);
  ck_assert(file_synced);
  ck_assert_uint_eq(n_syncs, 2);
}
END_TEST

START_TEST(what_a_failed_sync_left_is_written_and_synced_again)
{
  for (unsigned failing = 1; failing <= 2; failing++) { /* of the file, of its folder */
    fail_sync = failing;
    ck_assert_int_eq(enter(&tally), NEP_E_IO);
    size_t before = length();
    ck_assert_uint_gt(before, 0);
    fail_sync = failing;
    ck_assert_int_eq(enter(&tally), NEP_E_IO); /* known now, and still not on the disk */
    n_syncs = 0;
    n_written = 0;
    file_synced = false;
    ck_assert_int_eq(enter(&tally), NEP_OK);
    ck_assert(file_synced);
    ck_assert_uint_eq(n_syncs, 2);
    ck_assert_uint_eq(length(), before);
    unlink(path);
  }
}
END_TEST

START_TEST(another_tally_is_refused_and_a_further_election_is_added)
{
  nep_tally_act second = tally, other = tally;
  nep_error err = {0};
  memcpy(second.tally_hash, HASH64("55"), 64);
  memcpy(other.uuid, "22222222222222", 14);
  ck_assert_int_eq(enter(&tally), NEP_OK);
  size_t before = length();
  ck_assert_int_ne(nep_journal_enter(path, &second, &err), NEP_OK);
  ck_assert_str_eq(err.code, "second-tally");
  ck_assert_uint_eq(length(), before);
  ck_assert_int_eq(enter(&other), NEP_OK);
  ck_assert_uint_eq(length(), 2 * before);
  ck_assert_int_eq(enter(&tally), NEP_OK);
  ck_assert_int_eq(enter(&other), NEP_OK);
  ck_assert_uint_eq(length(), 2 * before);
}
END_TEST

START_TEST(a_pipe_is_no_journal)
{
  nep_error err = {0};
  ck_assert_int_eq(mkfifo(path, 0600), 0);
  ck_assert_int_eq(nep_journal_enter(path, &tally, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.reason, "is no regular file");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("journal");
  TCase *tc = tcase_create("journal");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a_tally_is_on_the_disk_with_its_folder);
  tcase_add_test(tc, what_a_failed_sync_left_is_written_and_synced_again);
  tcase_add_test(tc, another_tally_is_refused_and_a_further_election_is_added);
  tcase_add_test(tc, a_pipe_is_no_journal);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
