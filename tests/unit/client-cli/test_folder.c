#include "client-cli/folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "client-cli/registration_file.h"
#include "tests/support/run.h"

#define UUID "11111111111111"
#define CRED "SD8tX-orGSPu-UoqNt-pTzHYS"
#define OTHER "JexHZ-gG1Yj8-XrB5o-9Tz65x"
#define NONCE "zxdZ2AMhocChxeaAgZZ5v9CRziAj2xYPS3vuy__xBkU"

static char dir[64];

static void setup(void)
{
  strcpy(dir, "/tmp/nep-test-folder.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void teardown(void)
{
  char *command = nep_sprintf("rm -rf '%s'", dir);
  ck_assert_int_eq(system(command), 0);
  free(command);
}

static unsigned mode_of(const char *name)
{
  struct stat st;
  char *path = nep_folder_path(dir, name);
  ck_assert_int_eq(stat(path, &st), 0);
  free(path);
  return st.st_mode & 07777;
}

START_TEST(a_folder_that_others_may_enter_is_refused)
{
  nep_error err = {0};
  ck_assert_int_eq(nep_folder_open(dir, &err), NEP_OK);
  ck_assert_int_eq(chmod(dir, 0750), 0);
  ck_assert_int_eq(nep_folder_open(dir, &err), NEP_E_DENIED);
  ck_assert_str_ne(err.advice, "");
}
END_TEST

START_TEST(a_new_folder_and_its_credential_are_the_voters_alone)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1];
  nep_error err = {0};
  char *inner = nep_folder_path(dir, "inner");
  struct stat st;
  ck_assert_int_eq(nep_folder_open(inner, &err), NEP_OK);
  ck_assert_int_eq(stat(inner, &st), 0);
  ck_assert_uint_eq(st.st_mode & 07777, 0700);
  free(inner);
  ck_assert_int_eq(nep_folder_credential_save(dir, UUID, "", CRED, &err), NEP_OK);
  ck_assert_uint_eq(mode_of("credentials-" UUID ".txt"), 0600);
  ck_assert_int_eq(nep_folder_credential_load(dir, UUID, "", credential, &err), NEP_OK);
  ck_assert_str_eq(credential, CRED);
}
END_TEST

START_TEST(a_credential_file_that_others_may_read_is_refused)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1];
  nep_error err = {0};
  ck_assert_int_eq(nep_folder_credential_save(dir, UUID, "", CRED, &err), NEP_OK);
  char *path = nep_folder_path(dir, "credentials-" UUID ".txt");
  ck_assert_int_eq(chmod(path, 0644), 0);
  free(path);
  ck_assert_int_eq(nep_folder_credential_load(dir, UUID, "", credential, &err), NEP_E_DENIED);
}
END_TEST

START_TEST(something_else_than_a_credential_is_refused)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1];
  nep_error err = {0};
  ck_assert_int_eq(nep_folder_credential_load(dir, UUID, "", credential, &err), NEP_E_NOT_FOUND);
  ck_assert_int_eq(nep_folder_credential_save(dir, UUID, "", "SD8tX-orGSPu-UoqNt-pTzHY0", &err),
                   NEP_OK); /* 0 is not in the alphabet */
  ck_assert_int_eq(nep_folder_credential_load(dir, UUID, "", credential, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.code, "credential-form");
}
END_TEST

START_TEST(a_replaced_credential_is_kept_beside_the_new_one)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1];
  nep_error err = {0};
  ck_assert_int_eq(nep_folder_credential_save(dir, UUID, "", CRED, &err), NEP_OK);
  ck_assert_int_eq(nep_folder_credential_save(dir, UUID, ".new", OTHER, &err), NEP_OK);
  ck_assert_int_eq(nep_folder_credential_load(dir, UUID, "", credential, &err), NEP_OK);
  ck_assert_str_eq(credential, CRED); /* until it is confirmed */
  for (int repeated = 0; repeated < 2; repeated++) {
    ck_assert_int_eq(nep_folder_credential_confirm(dir, UUID, NONCE, &err), NEP_OK);
    ck_assert_int_eq(nep_folder_credential_load(dir, UUID, "", credential, &err), NEP_OK);
    ck_assert_str_eq(credential, OTHER);
    ck_assert(nep_folder_has(dir, "credentials-" UUID ".zxdZ2AMh.txt"));
  }
}
END_TEST

START_TEST(a_second_refused_registration_does_not_take_the_place_of_the_first)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1];
  const char *const nonces[] = {NONCE, "aBdZ2AMhocChxeaAgZZ5v9CRziAj2xYPS3vuy__xBkU"};
  const char *const credentials[] = {CRED, OTHER};
  nep_error err = {0};
  for (size_t i = 0; i < 2; i++) {
    char *new = nep_folder_path(dir, "registration.json" NEP_FOLDER_NEW);
    ck_assert_int_eq(nep_folder_credential_save(dir, UUID, ".new", credentials[i], &err), NEP_OK);
    ck_assert_int_eq(nep_file_write(new, "{}", 2, NEP_FILE_SECRET, &err), NEP_OK);
    ck_assert_int_eq(nep_folder_credential_refused(dir, UUID, nonces[i], &err), NEP_OK);
    ck_assert_int_eq(nep_registration_file_refused(dir, nonces[i], &err), NEP_OK);
    ck_assert(!nep_folder_has(dir, "registration.json" NEP_FOLDER_NEW));
    free(new);
  }
  for (size_t i = 0; i < 2; i++) {
    char *suffix = nep_sprintf(".refused.%.8s", nonces[i]);
    char *registration = nep_sprintf("registration.json%s", suffix);
    ck_assert_int_eq(nep_folder_credential_load(dir, UUID, suffix, credential, &err), NEP_OK);
    ck_assert_str_eq(credential, credentials[i]);
    ck_assert(nep_folder_has(dir, registration));
    free(registration);
    free(suffix);
  }
}
END_TEST

START_TEST(two_programs_do_not_work_on_one_folder)
{
  nep_error err = {0};
  ck_assert_int_eq(nep_folder_lock(dir, &err), NEP_OK);
  ck_assert_int_eq(nep_folder_lock(dir, &err), NEP_E_BUSY);
  ck_assert_str_eq(err.code, "folder-busy");
}
END_TEST

START_TEST(a_stored_ballot_is_never_overwritten)
{
  nep_buf text = {0};
  nep_error err = {0};
  ck_assert_uint_eq(nep_folder_casts(dir, UUID, NEP_CAST_BALLOT), 0);
  ck_assert_int_eq(nep_folder_cast_save(dir, UUID, NEP_CAST_BALLOT, 1, nep_str_bytes("one"), &err),
                   NEP_OK);
  ck_assert_int_eq(nep_folder_cast_save(dir, UUID, NEP_CAST_BALLOT, 1, nep_str_bytes("two"), &err),
                   NEP_E_STATE);
  ck_assert_int_eq(nep_folder_cast_load(dir, UUID, NEP_CAST_BALLOT, 1, &text, &err), NEP_OK);
  ck_assert_str_eq(text.data, "one");
  ck_assert_uint_eq(mode_of("ballot-" UUID "-0001.json"), 0600);
  nep_buf_free(&text);
}
END_TEST

START_TEST(ballots_are_counted_across_refused_ones)
{
  nep_error err = {0};
  for (unsigned n = 1; n <= 3; n++)
    ck_assert_int_eq(nep_folder_cast_save(dir, UUID, NEP_CAST_BALLOT, n, nep_str_bytes("x"), &err),
                     NEP_OK);
  ck_assert_int_eq(nep_folder_cast_refused(dir, UUID, 2, &err), NEP_OK);
  ck_assert_uint_eq(nep_folder_casts(dir, UUID, NEP_CAST_BALLOT), 3);
  ck_assert_uint_eq(nep_folder_casts(dir, UUID, NEP_CAST_REFUSED), 2);
  ck_assert(!nep_folder_has_cast(dir, UUID, NEP_CAST_BALLOT, 2));
}
END_TEST

/* ---- registration.json ---- */

static nep_registration_file registration(void)
{
  nep_registration_file r = {.event = "Bầu cử 2026", .uuids = {UUID}, .n = 1};
  memset(r.salt, 'a', 64);
  r.credentials[0] = nep_strdup("e8b04c2622aafeb122b19dd9fbb24ddfe2b34c9b95fc1abd7c68638c821e5348");
  nep_registration_file_nonce(&r);
  return r;
}

START_TEST(a_registration_is_read_back_as_written)
{
  nep_registration_file r = registration(), again;
  nep_error err = {0};
  ck_assert_int_eq(nep_registration_file_save(dir, "", &r, &err), NEP_OK);
  ck_assert_uint_eq(mode_of("registration.json"), 0600);
  ck_assert_int_eq(nep_registration_file_load(dir, "", &again, &err), NEP_OK);
  ck_assert_str_eq(again.event, r.event);
  ck_assert_str_eq(again.nonce, r.nonce);
  ck_assert_str_eq(again.replaces, "");
  ck_assert_str_eq(again.credentials[0], r.credentials[0]);
  ck_assert_ptr_null(again.receipt);
  nep_registration_file_free(&again);
  r.receipt = nep_strdup("{\"message\":{}}");
  strcpy(r.replaces, NONCE);
  nep_registration_file_nonce(&r);
  ck_assert_int_eq(nep_registration_file_save(dir, "", &r, &err), NEP_OK);
  ck_assert_int_eq(nep_registration_file_load(dir, "", &again, &err), NEP_OK);
  ck_assert_str_eq(again.receipt, "{\"message\":{}}");
  ck_assert_str_eq(again.replaces, NONCE);
  nep_registration_file_free(&again);
  nep_registration_file_free(&r);
}
END_TEST

START_TEST(a_damaged_registration_is_refused)
{
  nep_registration_file r = registration(), again;
  nep_error err = {0};
  r.nonce[0] = r.nonce[0] == 'A' ? 'B' : 'A';
  ck_assert_int_eq(nep_registration_file_save(dir, "", &r, &err), NEP_OK);
  ck_assert_int_eq(nep_registration_file_load(dir, "", &again, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "registration-file");
  nep_registration_file_free(&again);
  nep_registration_file_free(&r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client-cli/folder");
  TCase *tc = tcase_create("the voter's folder");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a_folder_that_others_may_enter_is_refused);
  tcase_add_test(tc, a_new_folder_and_its_credential_are_the_voters_alone);
  tcase_add_test(tc, a_credential_file_that_others_may_read_is_refused);
  tcase_add_test(tc, something_else_than_a_credential_is_refused);
  tcase_add_test(tc, a_replaced_credential_is_kept_beside_the_new_one);
  tcase_add_test(tc, a_second_refused_registration_does_not_take_the_place_of_the_first);
  tcase_add_test(tc, two_programs_do_not_work_on_one_folder);
  tcase_add_test(tc, a_stored_ballot_is_never_overwritten);
  tcase_add_test(tc, ballots_are_counted_across_refused_ones);
  tcase_add_test(tc, a_registration_is_read_back_as_written);
  tcase_add_test(tc, a_damaged_registration_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
