/* The journal of nep-signer's memory: what it brings back after a power failure, and what it does
   not believe. The power failure: files in the folder lose what only the journal had synced. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "tests/support/run.h"
#include "tests/unit/server/memory_folder.h"

enum { BATCH = 2, KEPT = 1, MOST = 8 };

static unsigned char saved[MOST * RECORD];

/* One synced request, then one of BATCH places; then all files are lost. */
static void two_requests_and_a_power_failure(void)
{
  nep_remembered second[BATCH] = {event_of(NEP_SIGNED_ARCHIVE, UUID_A, 1, 'b'),
                                  event_of(NEP_SIGNED_CASTS, UUID_B, 0, 'c')};
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_OK);
  ck_assert_int_eq(fill(second, BATCH), NEP_OK);
  read_file("journal", saved, (KEPT + BATCH) * RECORD);
  lose_file(UUID_A ".events");
  lose_file(UUID_B ".casts");
}

START_TEST(places_that_the_disk_lost_come_back)
{
  two_requests_and_a_power_failure();
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 0), ' '); /* they were really lost */
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 0), 'a');
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 1), 'b');
  ck_assert_int_eq(held(NEP_SIGNED_CASTS, UUID_B, 0), 'c');
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_B, 0), ' ');
  ck_assert_int_eq(fill_one(UUID_A, 1, 'd'), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-conflict");
  ck_assert_int_eq(fill_one(UUID_A, 1, 'b'), NEP_OK);
}
END_TEST

/* The file was made longer and its pages were not written. */
START_TEST(places_that_read_as_zeros_come_back)
{
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_OK);
  ck_assert_int_eq(fill_one(UUID_A, 2, 'b'), NEP_OK);
  ck_assert_int_eq(truncate(path_of(UUID_A ".events"), 0), 0);
  ck_assert_int_eq(truncate(path_of(UUID_A ".events"), 5 * PLACE), 0);
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 0), 'a');
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 1), ' ');
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 2), 'b');
  ck_assert_int_eq(size_of(UUID_A ".events"), 5 * PLACE);
}
END_TEST

START_TEST(opening_empties_the_journal_into_the_files)
{
  two_requests_and_a_power_failure();
  ck_assert_int_eq(journal_len(), (KEPT + BATCH) * RECORD);
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  ck_assert_int_eq(journal_len(), 0);
  ck_assert_int_eq(memory_reopen(), NEP_OK); /* from the files alone */
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 1), 'b');
  ck_assert_int_eq(fill_one(UUID_A, 2, 'e'), NEP_OK);
  ck_assert_int_eq(journal_len(), RECORD);
}
END_TEST

/* A sync that a power failure cut short: the request was never answered. */
START_TEST(a_torn_record_at_the_end_is_nothing)
{
  for (size_t torn = 1; torn < RECORD; torn += 42) {
    memory_teardown();
    memory_setup();
    two_requests_and_a_power_failure();
    write_file("journal", saved, KEPT * RECORD + torn);
    ck_assert_int_eq(memory_reopen(), NEP_OK);
    ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 0), 'a');
    ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 1), ' ');
    ck_assert_int_eq(held(NEP_SIGNED_CASTS, UUID_B, 0), ' ');
    ck_assert_int_eq(fill_one(UUID_A, 1, 'd'), NEP_OK);
    ck_assert_int_eq(fill_one(UUID_A, 0, 'd'), NEP_E_STATE);
  }
}
END_TEST

/* The disk may have written the second half of a request and not the first. */
START_TEST(a_changed_byte_in_the_last_request_ends_the_replay_there)
{
  two_requests_and_a_power_failure();
  for (size_t i = 0; i < RECORD; i++) {
    saved[KEPT * RECORD + i] ^= 1;
    write_file("journal", saved, (KEPT + BATCH) * RECORD);
    ck_assert_int_eq(memory_reopen(), NEP_OK);
    ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 0), 'a');
    ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 1), ' ');
    ck_assert_int_eq(held(NEP_SIGNED_CASTS, UUID_B, 0), ' '); /* nor what stands behind */
    ck_assert_int_eq(journal_len(), 0);
    lose_file(UUID_A ".events");
    saved[KEPT * RECORD + i] ^= 1;
  }
  write_file("journal", saved, (KEPT + BATCH) * RECORD);
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  ck_assert_int_eq(held(NEP_SIGNED_CASTS, UUID_B, 0), 'c');
}
END_TEST

/* A later request was written, so this one had been synced and perhaps signed. */
START_TEST(a_changed_byte_before_the_last_request_is_damage)
{
  unsigned char after[(KEPT + BATCH) * RECORD];
  two_requests_and_a_power_failure();
  for (size_t i = 0; i < RECORD; i++) {
    saved[i] ^= 0x80;
    write_file("journal", saved, (KEPT + BATCH) * RECORD);
    ck_assert_int_eq(memory_reopen(), NEP_E_CHECK);
    ck_assert_str_eq(err.code, "signer-memory");
    ck_assert_ptr_nonnull(strstr(err.reason, "record 0 was synced"));
    read_file("journal", after, sizeof after);
    ck_assert_mem_eq(after, saved, sizeof after);
    saved[i] ^= 0x80;
  }
}
END_TEST

START_TEST(a_place_with_another_event_than_the_journal_is_damage)
{
  unsigned char places[2 * PLACE], after[2 * PLACE];
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_OK);
  ck_assert_int_eq(fill_one(UUID_A, 1, 'b'), NEP_OK);
  read_file(UUID_A ".events", places, sizeof places);
  places[sizeof places - 1] ^= 1;
  write_file(UUID_A ".events", places, sizeof places);
  ck_assert_int_eq(memory_reopen(), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "signer-memory");
  ck_assert_ptr_nonnull(strstr(err.where, UUID_A ".events"));
  ck_assert_ptr_nonnull(strstr(err.advice, "do not delete it"));
  ck_assert_int_eq(journal_len(), 2 * RECORD);
  read_file(UUID_A ".events", after, sizeof after);
  ck_assert_mem_eq(after, places, sizeof after);
}
END_TEST

/* ---- records that nobody writes ---- */

/* As the header of memory_journal.h says it. */
static void write_record(const void *uuid, char hash, uint64_t height, unsigned char synced,
                         unsigned char chain)
{
  unsigned char r[RECORD] = {0}, sum[32];
  static const char tag[] = "NEP-1-signer-journal";
  nep_sha256 h;
  memcpy(r, uuid, 64);
  memset(r + 64, hash, PLACE);
  for (unsigned i = 0; i < 8; i++)
    r[96 + i] = (unsigned char)(height >> (56 - 8 * i));
  r[107] = synced;
  r[111] = chain;
  nep_sha256_start(&h);
  nep_sha256_add(&h, tag, sizeof tag);
  nep_sha256_add(&h, r, 112);
  nep_sha256_end(&h, sum);
  memcpy(r + 112, sum, 16);
  write_file("journal", r, sizeof r);
}

static void refuse_record(void)
{
  ck_assert_int_eq(memory_reopen(), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "signer-memory");
  ck_assert_ptr_nonnull(strstr(err.reason, "says what cannot be"));
  ck_assert_int_eq(journal_len(), RECORD);
  ck_assert_int_eq(size_of(UUID_A ".events"), -1);
}

START_TEST(a_whole_record_that_says_what_cannot_be_is_damage)
{
  static const char good[64] = UUID_A, no_uuid[64] = "../11111111111", short_uuid[64] = "1111";
  char behind[64] = UUID_A;
  behind[63] = '1';
  write_record(good, '\xaa', NEP_MEMORY_EVENTS_MAX, 0, 0);
  refuse_record();
  write_record(good, '\xaa', UINT64_MAX, 0, 0);
  refuse_record();
  write_record(no_uuid, '\xaa', 3, 0, 0);
  refuse_record();
  write_record(short_uuid, '\xaa', 3, 0, 0);
  refuse_record();
  write_record(behind, '\xaa', 3, 0, 0);
  refuse_record();
  write_record(good, '\0', 3, 0, 0);
  refuse_record();
  write_record(good, '\xaa', 3, 1, 0); /* before it there is no record */
  refuse_record();
  write_record(good, '\xaa', 3, 0, 2);
  refuse_record();
  write_record(good, '\xaa', 3, 0, 0); /* and the same without a fault */
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 3), 'a');
}
END_TEST

/* ---- the file ---- */

START_TEST(a_journal_that_others_may_write_or_that_stands_elsewhere_is_refused)
{
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_OK);
  ck_assert_int_eq(chmod(path_of("journal"), 0644), 0);
  ck_assert_int_eq(memory_reopen(), NEP_E_DENIED);
  ck_assert_str_eq(err.code, "file-mode");
  ck_assert_int_eq(chmod(path_of("journal"), 0600), 0);
  char elsewhere[128];
  snprintf(elsewhere, sizeof elsewhere, "%s", path_of("elsewhere"));
  ck_assert_int_eq(rename(path_of("journal"), elsewhere), 0);
  ck_assert_int_eq(symlink("elsewhere", path_of("journal")), 0);
  ck_assert_int_eq(memory_reopen(), NEP_E_IO);
  ck_assert_str_eq(err.code, "signer-memory");
  ck_assert_int_eq(rename(elsewhere, path_of("journal")), 0);
  ck_assert_int_eq(memory_reopen(), NEP_OK);
}
END_TEST

START_TEST(a_memory_without_a_journal_gets_one)
{
  struct stat st;
  nep_remembered list[2];
  size_t n = 0;
  ck_assert_int_eq(fill_one(UUID_A, 0, 'a'), NEP_OK);
  lose_file("journal");
  ck_assert_int_eq(memory_reopen(), NEP_OK);
  ck_assert_int_eq(stat(path_of("journal"), &st), 0);
  ck_assert_uint_eq(st.st_mode & 07777, 0600);
  ck_assert_int_eq(held(NEP_SIGNED_ARCHIVE, UUID_A, 0), 'a');
  ck_assert_int_eq(nep_memory_list(memory, NEP_SIGNED_ARCHIVE, "", list, 2, &n, &err), NEP_OK);
  ck_assert_uint_eq(n, 1); /* the journal is no election */
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("signer-journal");
  TCase *tc = tcase_create("journal");
  tcase_add_checked_fixture(tc, memory_setup, memory_teardown);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, places_that_the_disk_lost_come_back);
  tcase_add_test(tc, places_that_read_as_zeros_come_back);
  tcase_add_test(tc, opening_empties_the_journal_into_the_files);
  tcase_add_test(tc, a_torn_record_at_the_end_is_nothing);
  tcase_add_test(tc, a_changed_byte_in_the_last_request_ends_the_replay_there);
  tcase_add_test(tc, a_changed_byte_before_the_last_request_is_damage);
  tcase_add_test(tc, a_place_with_another_event_than_the_journal_is_damage);
  tcase_add_test(tc, a_whole_record_that_says_what_cannot_be_is_damage);
  tcase_add_test(tc, a_journal_that_others_may_write_or_that_stands_elsewhere_is_refused);
  tcase_add_test(tc, a_memory_without_a_journal_gets_one);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
