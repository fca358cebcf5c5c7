/* What nep-signer signs and what it refuses, without a socket. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "records/receipt.h"
#include "records/tags.h"
#include "server/signer/answer.h"
#include "server/signer/frame.h"
#include "tests/support/run.h"

#define UUID "11111111111111"
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define TRACKER "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
#define TIME "2026-11-23T07:00:00Z"
#define CAST                                                                                       \
  "{\"uuid\":\"" UUID "\",\"election_hash\":\"" HASH "\",\"tracker\":\"" TRACKER                   \
  "\",\"height\":3,\"event\":\"" HASH "\",\"time\":\"" TIME "\"}"
/* The first event, which setup has shown to the signer. */
#define SETUP "{\"height\":0,\"type\":[\"Setup\"],\"payload\":\"" HASH "\"}"
#define SETUP_HASH "a97401c88671d7881fd31c074131b8c8e82f9925910798df0ccf43ca774918ff"
#define HEAD_OF(height, event)                                                                     \
  "{\"uuid\":\"" UUID "\",\"height\":" height ",\"event\":\"" event                                \
  "\",\"size\":4096,\"time\":\"" TIME "\"}"
#define HEAD HEAD_OF("0", SETUP_HASH)
/* The first of the cast statements, shown too; as a head of the archive it is refused. */
#define CAST_EVENT "{\"height\":0,\"type\":[\"Cast\"],\"payload\":\"" HASH "\"}"
#define CAST_EVENT_HASH "ea61c09287efc6098ebc9272bafe0c7501650f64ab7a0c6d1f75cc12bbac344a"
#define CASTS_HEAD HEAD_OF("0", CAST_EVENT_HASH)
#define REFUSAL                                                                                    \
  "{\"uuid\":\"" UUID "\",\"tracker\":\"" TRACKER "\",\"code\":\"phase\",\"time\":\"" TIME "\"}"
#define REGISTRATION                                                                               \
  "{\"event\":\"e\",\"nonce\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\","                    \
  "\"elections\":[\"" UUID "\"],\"time\":\"" TIME "\"}"

static nep_signing_key *key;
static char hex[NEP_PUBLIC_KEY_HEX + 1];
static char folder[] = "/tmp/nep-memory.XXXXXX";
static nep_memory *memory;

static nep_status ask(const char *request, nep_buf *answer)
{
  nep_error err = {0};
  return nep_signer_answer(key, memory, nep_str_bytes(request), answer, &err);
}

static void setup(void)
{
  nep_buf answer = {0};
  nep_error err = {0};
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(nep_memory_open(folder, &memory, &err), NEP_OK);
  key = nep_signing_key_new();
  nep_signing_key_public(key, hex);
  ck_assert_int_eq(ask("{\"purpose\":\"events\",\"messages\":[{\"uuid\":\"" UUID
                       "\",\"event\":" SETUP "}]}",
                       &answer),
                   NEP_OK);
  ck_assert_str_eq(answer.data, "{\"known\":1}");
  nep_buf_clear(&answer);
  ck_assert_int_eq(ask("{\"purpose\":\"casts-events\",\"messages\":[{\"uuid\":\"" UUID
                       "\",\"event\":" CAST_EVENT "}]}",
                       &answer),
                   NEP_OK);
  ck_assert_str_eq(answer.data, "{\"known\":1}");
  nep_buf_free(&answer);
}

static void teardown(void)
{
  char *file = nep_sprintf("%s/" UUID ".events", folder);
  nep_memory_free(memory);
  nep_signing_key_free(key);
  unlink(file);
  memcpy(file + strlen(file) - 7, ".casts", 7);
  unlink(file);
  rmdir(folder);
  free(file);
}

static char *envelope_of(const nep_buf *answer, size_t i)
{
  json_t *object = json_loadb(answer->data, answer->len, 0, NULL);
  char *text = json_dumps(json_array_get(json_object_get(object, "envelopes"), i), JSON_COMPACT);
  json_decref(object);
  return text;
}

START_TEST(the_public_key_is_told)
{
  nep_buf answer = {0};
  char expected[100];
  snprintf(expected, sizeof expected, "{\"key\":\"%s\"}", hex);
  ck_assert_int_eq(ask("{\"purpose\":\"public-key\",\"messages\":[]}", &answer), NEP_OK);
  ck_assert_str_eq(answer.data, expected);
  nep_buf_free(&answer);
}
END_TEST

static const struct {
  const char *purpose, *message, *tag;
} purposes[] = {{"cast-receipt", CAST, NEP_TAG_CAST_RECEIPT},
                {"registration-receipt", REGISTRATION, NEP_TAG_REGISTRATION_RECEIPT},
                {"refusal", REFUSAL, NEP_TAG_REFUSAL},
                {"head", HEAD, NEP_TAG_HEAD},
                {"casts-head", CASTS_HEAD, NEP_TAG_CASTS_HEAD}};
enum { PURPOSES = sizeof purposes / sizeof *purposes };

START_TEST(each_purpose_is_signed_with_its_own_tag_only)
{
  for (size_t i = 0; i < PURPOSES; i++) {
    nep_buf answer = {0};
    char *request = nep_sprintf("{\"purpose\":\"%s\",\"messages\":[%s]}", purposes[i].purpose,
                                purposes[i].message);
    ck_assert_int_eq(ask(request, &answer), NEP_OK);
    char *envelope = envelope_of(&answer, 0);
    for (size_t k = 0; k < PURPOSES; k++) {
      json_t *message = NULL;
      nep_error err = {0};
      nep_status status =
          nep_envelope_verify(nep_str_bytes(envelope), purposes[k].tag, hex, &message, NULL, &err);
      ck_assert_int_eq(status, k == i ? NEP_OK : NEP_E_CHECK);
      json_decref(message);
    }
    free(envelope);
    free(request);
    nep_buf_free(&answer);
  }
}
END_TEST

START_TEST(a_message_of_one_purpose_is_refused_under_every_other)
{
  for (size_t i = 0; i < PURPOSES; i++)
    for (size_t k = 0; k < PURPOSES; k++) {
      nep_buf answer = {0};
      char *request = nep_sprintf("{\"purpose\":\"%s\",\"messages\":[%s]}", purposes[i].purpose,
                                  purposes[k].message);
      ck_assert_int_eq(ask(request, &answer) == NEP_OK, i == k);
      ck_assert_int_eq(answer.len > 0, i == k);
      free(request);
      nep_buf_free(&answer);
    }
}
END_TEST

START_TEST(requests_of_another_form_are_refused_and_nothing_is_signed)
{
  static const char *const bad[] = {
      "",
      "{}",
      "[]",
      "{\"purpose\":\"head\"}",
      "{\"purpose\":\"head\",\"messages\":[]}",
      "{\"purpose\":\"head\",\"messages\":{}}",
      "{\"purpose\":\"head\",\"messages\":[1]}",
      "{\"purpose\":\"head\",\"messages\":[" HEAD "],\"more\":1}",
      "{\"messages\":[" HEAD "],\"purpose\":\"head\"}",
      "{\"purpose\":\"head\",\"messages\":[" HEAD "]} ",
      "{\"purpose\":\"head\", \"messages\":[" HEAD "]}",
      "{\"purpose\":\"head\",\"purpose\":\"head\",\"messages\":[" HEAD "]}",
      "{\"purpose\":\"act\",\"messages\":[" HEAD "]}",
      "{\"purpose\":\"NEP-1-head\",\"messages\":[" HEAD "]}",
      "{\"purpose\":\"\",\"messages\":[" HEAD "]}",
      "{\"purpose\":\"public-key\",\"messages\":[" HEAD "]}",
      "{\"purpose\":\"head\",\"messages\":[" HEAD "," REFUSAL "]}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_buf answer = {0};
    ck_assert_msg(ask(bad[i], &answer) != NEP_OK, "signed: %s", bad[i]);
    ck_assert_uint_eq(answer.len, 0);
    nep_buf_free(&answer);
  }
}
END_TEST

START_TEST(every_truncation_of_a_request_is_refused)
{
  static const char whole[] = "{\"purpose\":\"cast-receipt\",\"messages\":[" CAST "]}";
  nep_buf answer = {0};
  for (size_t n = 0; n < sizeof whole - 1; n++) {
    nep_error err = {0};
    ck_assert_int_ne(nep_signer_answer(key, memory, (nep_bytes){whole, n}, &answer, &err), NEP_OK);
  }
  ck_assert_uint_eq(answer.len, 0);
  ck_assert_int_eq(ask(whole, &answer), NEP_OK);
  nep_buf_free(&answer);
}
END_TEST

START_TEST(more_messages_than_allowed_are_refused)
{
  for (size_t n = NEP_REQUEST_MESSAGES; n <= NEP_REQUEST_MESSAGES + 1; n++) {
    nep_buf request = {0}, answer = {0};
    nep_buf_str(&request, "{\"purpose\":\"head\",\"messages\":[");
    for (size_t i = 0; i < n; i++)
      nep_buf_printf(&request, "%s" HEAD, i ? "," : "");
    nep_buf_str(&request, "]}");
    ck_assert_int_eq(ask(request.data, &answer) == NEP_OK, n == NEP_REQUEST_MESSAGES);
    nep_buf_free(&request);
    nep_buf_free(&answer);
  }
}
END_TEST

START_TEST(frames_are_cut_at_their_length_and_bounded)
{
  nep_buf b = {0};
  nep_bytes text;
  size_t used;
  bool bad;
  nep_frame_add(&b, nep_str_bytes("first"));
  nep_frame_add(&b, nep_str_bytes("second"));
  for (size_t n = 0; n < 9; n++) {
    ck_assert(!nep_frame_next((nep_bytes){b.data, n}, 100, &text, &used, &bad));
    ck_assert(!bad);
  }
  ck_assert(nep_frame_next(nep_buf_bytes(&b), 100, &text, &used, &bad));
  ck_assert_uint_eq(used, 9);
  ck_assert_mem_eq(text.data, "first", 5);
  ck_assert(!nep_frame_next(nep_buf_bytes(&b), 4, &text, &used, &bad));
  ck_assert(bad);
  ck_assert(!nep_frame_next((nep_bytes){"\0\0\0\0", 4}, 100, &text, &used, &bad));
  ck_assert(bad);
  ck_assert(!nep_frame_next((nep_bytes){"\xff\xff\xff\xff", 4}, 100, &text, &used, &bad));
  ck_assert(bad);
  nep_buf_free(&b);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("signer-answer");
  TCase *tc = tcase_create("answer");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, the_public_key_is_told);
  tcase_add_test(tc, each_purpose_is_signed_with_its_own_tag_only);
  tcase_add_test(tc, a_message_of_one_purpose_is_refused_under_every_other);
  tcase_add_test(tc, requests_of_another_form_are_refused_and_nothing_is_signed);
  tcase_add_test(tc, every_truncation_of_a_request_is_refused);
  tcase_add_test(tc, more_messages_than_allowed_are_refused);
  tcase_add_test(tc, frames_are_cut_at_their_length_and_bounded);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
