/* What nep-signer remembers: one event at each height, for ever. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "protocol/casts.h"
#include "server/signer/answer.h"
#include "tests/support/run.h"

#define UUID "11111111111111"
#define OTHER "22222222222222"
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define TRACKER "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
#define TIME "2026-11-23T07:00:00Z"
enum { EVENTS = 6, FORK = 3 };

static nep_signing_key *key;
static char folder[] = "/tmp/nep-memory.XXXXXX";
static nep_memory *memory;
static nep_error err;
/* Two stories with the same first FORK events, each of an archive and its cast statements. */
static nep_buf texts[2][EVENTS], cast_texts[2][EVENTS];
static char hashes[2][EVENTS][65], cast_hashes[2][EVENTS][65];

static void make_chains(void)
{
  for (int c = 0; c < 2; c++)
    for (uint64_t h = 0; h < EVENTS; h++) {
      char payload[65] = HASH;
      payload[0] = c == 1 && h >= FORK ? '1' : '0';
      payload[1] = (char)('0' + h);
      nep_event_write(h ? hashes[c][h - 1] : NULL, h, h ? NEP_EVENT_BALLOT : NEP_EVENT_SETUP,
                      payload, &texts[c][h], hashes[c][h]);
      nep_casts_event(h ? cast_hashes[c][h - 1] : NULL, h, payload, &cast_texts[c][h],
                      cast_hashes[c][h]);
    }
}

static void setup(void)
{
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(nep_memory_open(folder, &memory, &err), NEP_OK);
  key = nep_signing_key_new();
  make_chains();
}

static void teardown(void)
{
  char *command = nep_sprintf("rm -r %s", folder);
  nep_memory_free(memory);
  nep_signing_key_free(key);
  ck_assert_int_eq(system(command), 0);
  free(command);
}

static nep_status ask(const char *request)
{
  nep_buf answer = {0};
  err = (nep_error){0};
  nep_status status = nep_signer_answer(key, memory, nep_str_bytes(request), &answer, &err);
  ck_assert_int_eq(answer.len > 0, status == NEP_OK);
  nep_buf_free(&answer);
  return status;
}

static nep_status receipt(const char *uuid, int chain, unsigned height)
{
  char *request = nep_sprintf("{\"purpose\":\"cast-receipt\",\"messages\":[{\"uuid\":\"%s\","
                              "\"election_hash\":\"" HASH "\",\"tracker\":\"" TRACKER
                              "\",\"height\":%u,\"event\":\"%s\",\"time\":\"" TIME "\"}]}",
                              uuid, height, hashes[chain][height]);
  nep_status status = ask(request);
  free(request);
  return status;
}

static nep_status ask_head(const char *purpose, unsigned height, const char *event)
{
  char *request =
      nep_sprintf("{\"purpose\":\"%s\",\"messages\":[{\"uuid\":\"" UUID
                  "\",\"height\":%u,\"event\":\"%s\",\"size\":4096,\"time\":\"" TIME "\"}]}",
                  purpose, height, event);
  nep_status status = ask(request);
  free(request);
  return status;
}

static nep_status head(int chain, unsigned height)
{
  return ask_head("head", height, hashes[chain][height]);
}

static nep_status casts_head(int chain, unsigned height)
{
  return ask_head("casts-head", height, cast_hashes[chain][height]);
}

static nep_status show_texts(const char *purpose, const nep_buf *list, unsigned from, unsigned to)
{
  nep_buf request = {0};
  nep_buf_printf(&request, "{\"purpose\":\"%s\",\"messages\":[", purpose);
  for (unsigned h = from; h <= to; h++)
    nep_buf_printf(&request, "%s{\"uuid\":\"" UUID "\",\"event\":%s}", h > from ? "," : "",
                   list[h].data);
  nep_buf_str(&request, "]}");
  nep_status status = ask(request.data);
  nep_buf_free(&request);
  return status;
}

static nep_status show(int chain, unsigned from, unsigned to)
{
  return show_texts("events", texts[chain], from, to);
}

static nep_status show_casts(int chain, unsigned from, unsigned to)
{
  return show_texts("casts-events", cast_texts[chain], from, to);
}

/* As after a restart: everything comes from the files again. */
static void reopen(void)
{
  nep_memory_free(memory);
  ck_assert_int_eq(nep_memory_open(folder, &memory, &err), NEP_OK);
}

START_TEST(a18_a_second_event_of_one_height_is_never_signed)
{
  ck_assert_int_eq(receipt(UUID, 0, 4), NEP_OK);
  for (int i = 0; i < 2; i++) {
    ck_assert_int_eq(receipt(UUID, 1, 4), NEP_E_STATE);
    ck_assert_str_eq(err.code, "signer-conflict");
    ck_assert_str_eq(err.where, UUID);
    ck_assert_int_eq(receipt(UUID, 0, 4), NEP_OK); /* the same again is */
    reopen();
  }
  ck_assert_int_eq(receipt(UUID, 0, 5), NEP_OK);
  ck_assert_int_eq(receipt(OTHER, 1, 4), NEP_OK); /* another election is another board */
}
END_TEST

START_TEST(a_receipt_and_a_head_share_one_memory)
{
  ck_assert_int_eq(receipt(UUID, 1, 4), NEP_OK);
  ck_assert_int_eq(show(0, 0, 4), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-conflict");
  ck_assert_int_eq(head(0, 4), NEP_E_STATE);
}
END_TEST

START_TEST(a_head_is_signed_only_when_every_event_below_was_shown)
{
  ck_assert_int_eq(head(0, 0), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-gap");
  ck_assert_int_eq(show(0, 1, 2), NEP_E_STATE);
  ck_assert_int_eq(show(0, 0, 2), NEP_OK);
  ck_assert_int_eq(head(0, 2), NEP_OK);
  ck_assert_int_eq(head(0, 1), NEP_OK);
  ck_assert_int_eq(head(0, 3), NEP_E_STATE);
  ck_assert_int_eq(show(0, 3, 5), NEP_OK);
  ck_assert_int_eq(head(0, 5), NEP_OK);
}
END_TEST

START_TEST(a_head_of_another_event_than_shown_is_refused)
{
  ck_assert_int_eq(show(0, 0, 5), NEP_OK);
  ck_assert_int_eq(head(1, 4), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-conflict");
}
END_TEST

START_TEST(events_that_do_not_follow_from_the_known_chain_are_refused)
{
  ck_assert_int_eq(show(0, 0, FORK), NEP_OK);
  ck_assert_int_eq(show(1, FORK + 1, FORK + 1), NEP_E_STATE); /* its parent is the fork's */
  ck_assert_str_eq(err.code, "signer-conflict");
  ck_assert_int_eq(show(1, FORK, FORK), NEP_E_STATE);
  ck_assert_int_eq(show(0, FORK + 1, FORK + 1), NEP_OK);
}
END_TEST

/* Receipts fill places without showing what the event follows from: two halves of a fork, one
   signed by receipts and one shown, never become one head. */
START_TEST(a_receipt_does_not_count_as_shown)
{
  ck_assert_int_eq(show(0, 0, FORK), NEP_OK);
  ck_assert_int_eq(receipt(UUID, 1, FORK + 1), NEP_OK);
  ck_assert_int_eq(head(1, FORK + 1), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-gap");
  ck_assert_int_eq(show(1, FORK + 1, FORK + 1), NEP_E_STATE);
}
END_TEST

START_TEST(after_a_restart_the_chain_is_shown_again_and_must_be_the_same)
{
  ck_assert_int_eq(show(0, 0, 5), NEP_OK);
  reopen();
  ck_assert_int_eq(head(0, 5), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-gap");
  ck_assert_int_eq(show(1, 0, 5), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-conflict");
  ck_assert_int_eq(show(0, 0, 5), NEP_OK);
  ck_assert_int_eq(head(0, 5), NEP_OK);
}
END_TEST

START_TEST(a18_a_second_cast_event_of_one_height_is_never_signed)
{
  ck_assert_int_eq(casts_head(0, 0), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-gap");
  ck_assert_int_eq(show_casts(0, 0, 4), NEP_OK);
  ck_assert_int_eq(casts_head(0, 4), NEP_OK);
  for (int i = 0; i < 2; i++) {
    ck_assert_int_eq(casts_head(1, 4), NEP_E_STATE);
    ck_assert_str_eq(err.code, i == 0 ? "signer-conflict" : "signer-gap");
    ck_assert_int_eq(show_casts(1, 0, 4), NEP_E_STATE);
    ck_assert_str_eq(err.code, "signer-conflict");
    ck_assert_str_eq(err.where, UUID);
    reopen();
  }
  ck_assert_int_eq(show_casts(0, 0, 5), NEP_OK);
  ck_assert_int_eq(casts_head(0, 5), NEP_OK);
}
END_TEST

START_TEST(the_chain_of_cast_statements_has_a_memory_of_its_own)
{
  nep_remembered list[2];
  size_t n = 0;
  ck_assert_int_eq(show(0, 0, 5), NEP_OK);
  ck_assert_int_eq(casts_head(0, 0), NEP_E_STATE); /* what was shown of one is not of the other */
  ck_assert_int_eq(show_casts(0, 0, 2), NEP_OK);
  ck_assert_int_eq(head(0, 5), NEP_OK);
  ck_assert_int_eq(casts_head(0, 3), NEP_E_STATE);
  ck_assert_int_eq(ask_head("casts-head", 2, hashes[0][2]), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-conflict");
  ck_assert_int_eq(ask_head("head", 2, cast_hashes[0][2]), NEP_E_STATE);
  ck_assert_int_eq(nep_memory_list(memory, NEP_SIGNED_CASTS, "", list, 2, &n, &err), NEP_OK);
  ck_assert_uint_eq(n, 1);
  ck_assert_uint_eq(list[0].height, 2);
  ck_assert_str_eq(list[0].event, cast_hashes[0][2]);
  ck_assert_int_eq(nep_memory_list(memory, NEP_SIGNED_ARCHIVE, "", list, 2, &n, &err), NEP_OK);
  ck_assert_uint_eq(n, 1);
  ck_assert_uint_eq(list[0].height, 5);
}
END_TEST

START_TEST(cast_events_must_follow_and_be_of_their_own_form)
{
  nep_buf odd[1] = {{0}};
  ck_assert_int_eq(show_casts(0, 0, FORK), NEP_OK);
  ck_assert_int_eq(show_casts(1, FORK + 1, FORK + 1), NEP_E_STATE);
  ck_assert_str_eq(err.code, "signer-conflict");
  ck_assert_int_eq(show_texts("casts-events", texts[0], 0, 0), NEP_E_CHECK); /* no Cast */
  ck_assert_str_eq(err.code, "casts-format");
  ck_assert_int_ne(show_texts("events", cast_texts[0], 0, 0), NEP_OK);
  nep_buf_printf(&odd[0], "{\"parent\":\"" HASH "\",\"height\":0,\"type\":[\"Cast\"],"
                          "\"payload\":\"" HASH "\"}");
  ck_assert_int_eq(show_texts("casts-events", odd, 0, 0),
                   NEP_E_CHECK); /* the first has no parent */
  nep_buf_clear(&odd[0]);
  nep_buf_printf(&odd[0], "{\"height\":0,\"type\":[\"Cast\"]}");
  ck_assert_int_eq(show_texts("casts-events", odd, 0, 0), NEP_E_INPUT);
  nep_buf_free(&odd[0]);
  ck_assert_int_eq(show_casts(0, FORK + 1, FORK + 1), NEP_OK);
}
END_TEST

START_TEST(the_list_names_the_highest_event_of_each_election)
{
  nep_remembered list[4];
  size_t n = 0;
  ck_assert_int_eq(receipt(OTHER, 0, 2), NEP_OK);
  ck_assert_int_eq(receipt(UUID, 0, 5), NEP_OK);
  ck_assert_int_eq(receipt(UUID, 0, 4), NEP_OK);
  ck_assert_int_eq(nep_memory_list(memory, NEP_SIGNED_ARCHIVE, "", list, 4, &n, &err), NEP_OK);
  ck_assert_uint_eq(n, 2);
  ck_assert_str_eq(list[0].uuid, UUID);
  ck_assert_uint_eq(list[0].height, 5);
  ck_assert_str_eq(list[0].event, hashes[0][5]);
  ck_assert_uint_eq(list[1].height, 2);
  ck_assert_int_eq(nep_memory_list(memory, NEP_SIGNED_ARCHIVE, UUID, list, 4, &n, &err), NEP_OK);
  ck_assert_uint_eq(n, 1);
  ck_assert_str_eq(list[0].uuid, OTHER);
}
END_TEST

/* A crash can leave a file that was made longer without its last places. */
START_TEST(empty_places_at_the_end_are_passed_over)
{
  nep_remembered list[1];
  size_t n = 0;
  ck_assert_int_eq(receipt(UUID, 0, 3), NEP_OK);
  char *file = nep_sprintf("%s/" UUID ".events", folder);
  ck_assert_int_eq(truncate(file, 10 * 32), 0);
  ck_assert_int_eq(nep_memory_list(memory, NEP_SIGNED_ARCHIVE, "", list, 1, &n, &err), NEP_OK);
  ck_assert_uint_eq(n, 1);
  ck_assert_uint_eq(list[0].height, 3);
  free(file);
}
END_TEST

START_TEST(a_damaged_file_signs_nothing)
{
  ck_assert_int_eq(receipt(UUID, 0, 3), NEP_OK);
  char *file = nep_sprintf("%s/" UUID ".events", folder);
  ck_assert_int_eq(truncate(file, 100), 0);
  ck_assert_int_eq(receipt(UUID, 0, 4), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "signer-memory");
  free(file);
}
END_TEST

START_TEST(a_memory_that_is_lost_open_to_others_or_in_use_is_refused)
{
  nep_memory *second = NULL;
  ck_assert_int_eq(nep_memory_open(folder, &second, &err), NEP_E_STATE);
  ck_assert_int_eq(nep_memory_open("/tmp/nep-no-such-memory", &second, &err), NEP_E_IO);
  nep_memory_free(memory);
  memory = NULL;
  ck_assert_int_eq(chmod(folder, 0755), 0);
  ck_assert_int_eq(nep_memory_open(folder, &second, &err), NEP_E_INPUT);
  ck_assert_ptr_null(second);
  ck_assert_int_eq(chmod(folder, 0700), 0);
}
END_TEST

START_TEST(a_height_that_no_election_reaches_makes_no_file_of_that_size)
{
  char *request =
      nep_sprintf("{\"purpose\":\"cast-receipt\",\"messages\":[{\"uuid\":\"" UUID
                  "\",\"election_hash\":\"" HASH "\",\"tracker\":\"" TRACKER
                  "\",\"height\":9007199254740991,\"event\":\"" HASH "\",\"time\":\"" TIME "\"}]}");
  ck_assert_int_eq(ask(request), NEP_E_INPUT);
  free(request);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("signer-memory");
  TCase *tc = tcase_create("memory");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a18_a_second_event_of_one_height_is_never_signed);
  tcase_add_test(tc, a_receipt_and_a_head_share_one_memory);
  tcase_add_test(tc, a_head_is_signed_only_when_every_event_below_was_shown);
  tcase_add_test(tc, a_head_of_another_event_than_shown_is_refused);
  tcase_add_test(tc, events_that_do_not_follow_from_the_known_chain_are_refused);
  tcase_add_test(tc, a_receipt_does_not_count_as_shown);
  tcase_add_test(tc, after_a_restart_the_chain_is_shown_again_and_must_be_the_same);
  tcase_add_test(tc, a18_a_second_cast_event_of_one_height_is_never_signed);
  tcase_add_test(tc, the_chain_of_cast_statements_has_a_memory_of_its_own);
  tcase_add_test(tc, cast_events_must_follow_and_be_of_their_own_form);
  tcase_add_test(tc, the_list_names_the_highest_event_of_each_election);
  tcase_add_test(tc, empty_places_at_the_end_are_passed_over);
  tcase_add_test(tc, a_damaged_file_signs_nothing);
  tcase_add_test(tc, a_memory_that_is_lost_open_to_others_or_in_use_is_refused);
  tcase_add_test(tc, a_height_that_no_election_reaches_makes_no_file_of_that_size);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
