#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/run.h"

static char folder[] = "/tmp/nep-test-file.XXXXXX";
static char path[64];

static void make_folder(void)
{
  strcpy(folder + strlen(folder) - 6, "XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/f", folder);
}

static void remove_folder(void)
{
  unlink(path);
  ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left behind */
}

START_TEST(a_written_file_reads_back_with_its_mode)
{
  nep_error err;
  nep_buf b = {0};
  struct stat st;
  ck_assert_int_eq(nep_file_write(path, "one", 3, NEP_FILE_PUBLIC, &err), NEP_OK);
  ck_assert_int_eq(nep_file_write(path, "second", 6, NEP_FILE_SECRET, &err), NEP_OK);
  ck_assert_int_eq(nep_file_read_secret(path, 6, &b, &err), NEP_OK);
  ck_assert_str_eq(b.data, "second");
  ck_assert_int_eq(stat(path, &st), 0);
  ck_assert_uint_eq(st.st_mode & 07777, 0600);
  nep_buf_wipe(&b);
}
END_TEST

START_TEST(an_existing_file_is_never_overwritten_by_create)
{
  nep_error err;
  nep_buf b = {0};
  ck_assert_int_eq(nep_file_create(path, "key", 3, NEP_FILE_SECRET, &err), NEP_OK);
  ck_assert_int_eq(nep_file_create(path, "new", 3, NEP_FILE_SECRET, &err), NEP_E_STATE);
  ck_assert_str_eq(err.code, "file-exists");
  ck_assert_int_eq(nep_file_read(path, 3, &b, &err), NEP_OK);
  ck_assert_str_eq(b.data, "key");
  nep_buf_free(&b);
}
END_TEST

START_TEST(a_file_longer_than_allowed_is_refused)
{
  nep_error err;
  nep_buf b = {0};
  ck_assert_int_eq(nep_file_write(path, "12345", 5, NEP_FILE_PUBLIC, &err), NEP_OK);
  ck_assert_int_eq(nep_file_read(path, 5, &b, &err), NEP_OK);
  ck_assert_int_eq(nep_file_read(path, 4, &b, &err), NEP_E_INPUT);
  nep_buf_free(&b);
}
END_TEST

START_TEST(a_secret_that_others_may_read_is_refused)
{
  nep_error err;
  nep_buf b = {0};
  ck_assert_int_eq(nep_file_write(path, "seed", 4, 0640, &err), NEP_OK);
  ck_assert_int_eq(nep_file_read_secret(path, 4, &b, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.code, "file-mode");
  ck_assert_uint_eq(b.len, 0);
  ck_assert_int_eq(chmod(path, 0600), 0);
  ck_assert_int_eq(nep_file_read_secret(path, 4, &b, &err), NEP_OK);
  nep_buf_wipe(&b);
}
END_TEST

START_TEST(missing_files_and_folders_are_named)
{
  nep_error err;
  nep_buf b = {0};
  ck_assert_int_eq(nep_file_read(path, 4, &b, &err), NEP_E_NOT_FOUND);
  ck_assert_str_eq(err.where, path);
  ck_assert_int_eq(nep_file_read(folder, 4, &b, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_file_write("/nonexistent/f", "x", 1, 0600, &err), NEP_E_NOT_FOUND);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base/file");
  TCase *tc = tcase_create("file");
  tcase_add_checked_fixture(tc, make_folder, remove_folder);
  tcase_add_test(tc, a_written_file_reads_back_with_its_mode);
  tcase_add_test(tc, an_existing_file_is_never_overwritten_by_create);
  tcase_add_test(tc, a_file_longer_than_allowed_is_refused);
  tcase_add_test(tc, a_secret_that_others_may_read_is_refused);
  tcase_add_test(tc, missing_files_and_folders_are_named);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
