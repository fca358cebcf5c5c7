#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "records/signed.h"
#include "tests/support/run.h"

static char folder[] = "/tmp/nep-test-key.XXXXXX";

static char *in_folder(const char *name)
{
  return nep_sprintf("%s/%s", folder, name);
}

START_TEST(a_saved_key_is_loaded_again_from_a_file_of_mode_0600)
{
  char *path = in_folder("key"), before[65], after[65];
  nep_signing_key *k = nep_signing_key_new(), *again = NULL;
  struct stat st;
  nep_error err = {0};
  ck_assert_int_eq(nep_signing_key_save(k, path, &err), NEP_OK);
  ck_assert_int_eq(stat(path, &st), 0);
  ck_assert_uint_eq(st.st_mode & 07777, 0600);
  ck_assert_int_eq(nep_signing_key_load(path, &again, &err), NEP_OK);
  nep_signing_key_public(k, before);
  nep_signing_key_public(again, after);
  ck_assert_str_eq(before, after);
  nep_signing_key_free(k);
  nep_signing_key_free(again);
  unlink(path);
  free(path);
}
END_TEST

START_TEST(a_key_file_is_never_overwritten)
{
  char *path = in_folder("twice");
  nep_signing_key *k = nep_signing_key_new();
  nep_error err = {0};
  ck_assert_int_eq(nep_signing_key_save(k, path, &err), NEP_OK);
  ck_assert_int_eq(nep_signing_key_save(k, path, &err), NEP_E_STATE);
  nep_signing_key_free(k);
  unlink(path);
  free(path);
}
END_TEST

START_TEST(a_key_file_that_others_may_read_is_refused)
{
  char *path = in_folder("open");
  nep_signing_key *k = nep_signing_key_new(), *again = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_signing_key_save(k, path, &err), NEP_OK);
  ck_assert_int_eq(chmod(path, 0640), 0);
  ck_assert_int_eq(nep_signing_key_load(path, &again, &err), NEP_E_DENIED);
  ck_assert_ptr_null(again);
  nep_signing_key_free(k);
  unlink(path);
  free(path);
}
END_TEST

START_TEST(malformed_key_files_are_refused)
{
  static const char *const bad[] = {
      "",
      "nep-signing-key-1",
      "nep-signing-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", /* no newline */
      "nep-signing-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\n",
      "nep-signing-key-2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
      "nep-signing-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n", /* unused bits */
      "nep-signing-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
      "nep-signing-key-1 AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA\n"};
  char *path = in_folder("bad");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_signing_key *k = NULL;
    nep_error err = {0};
    ck_assert_int_eq(nep_file_write(path, bad[i], strlen(bad[i]), 0600, &err), NEP_OK);
    ck_assert_msg(nep_signing_key_load(path, &k, &err) == NEP_E_INPUT, "accepted: %s", bad[i]);
    ck_assert_str_eq(err.code, "signing-key");
    ck_assert_ptr_null(k);
  }
  unlink(path);
  free(path);
}
END_TEST

int main(void)
{
  if (mkdtemp(folder) == NULL)
    return EXIT_FAILURE;
  Suite *suite = suite_create("records/signing_key");
  TCase *tc = tcase_create("key files");
  tcase_add_test(tc, a_saved_key_is_loaded_again_from_a_file_of_mode_0600);
  tcase_add_test(tc, a_key_file_is_never_overwritten);
  tcase_add_test(tc, a_key_file_that_others_may_read_is_refused);
  tcase_add_test(tc, malformed_key_files_are_refused);
  suite_add_tcase(suite, tc);
  int result = nep_run_suite(suite);
  rmdir(folder);
  return result;
}
