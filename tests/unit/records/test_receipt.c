#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "records/receipt.h"
#include "records/tags.h"
#include "tests/support/run.h"

#define UUID "11111111111111"
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define TRACKER "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
#define NONCE "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
#define TIME "2026-11-23T07:00:00Z"

static nep_signing_key *key;
static char key_hex[NEP_PUBLIC_KEY_HEX + 1];

static void setup(void)
{
  key = nep_signing_key_new();
  nep_signing_key_public(key, key_hex);
}

static void teardown(void)
{
  nep_signing_key_free(key);
}

static nep_buf sign(const char *tag, const char *message)
{
  nep_buf b = {0};
  nep_envelope_make(key, tag, nep_str_bytes(message), &b);
  return b;
}

static const nep_cast_receipt cast = {UUID, HASH, TRACKER, 12345678901, HASH, TIME};

START_TEST(a_cast_receipt_reads_back_as_written)
{
  nep_buf message = {0};
  nep_cast_receipt out;
  nep_error err = {0};
  nep_cast_receipt_write(&cast, &message);
  ck_assert_str_eq(message.data, "{\"uuid\":\"" UUID "\",\"election_hash\":\"" HASH
                                 "\",\"tracker\":\"" TRACKER "\",\"height\":12345678901,\"event\":"
                                 "\"" HASH "\",\"time\":\"" TIME "\"}");
  nep_buf envelope = sign(NEP_TAG_CAST_RECEIPT, message.data);
  ck_assert_int_eq(nep_cast_receipt_verify(nep_buf_bytes(&envelope), key_hex, &out, &err), NEP_OK);
  ck_assert_str_eq(out.uuid, UUID);
  ck_assert_str_eq(out.election_hash, HASH);
  ck_assert_str_eq(out.tracker, TRACKER);
  ck_assert_uint_eq(out.height, 12345678901);
  ck_assert_str_eq(out.event, HASH);
  ck_assert_str_eq(out.time, TIME);
  nep_buf_free(&envelope);
  nep_buf_free(&message);
}
END_TEST

START_TEST(each_ill_formed_field_of_a_cast_receipt_is_refused)
{
  static const char *const changes[][2] = {
      {"\"uuid\":\"11111111111111\"", "\"uuid\":\"1111111111111\""},
      {"\"uuid\":\"11111111111111\"", "\"uuid\":\"1111111111111O\""},
      {"\"uuid\":\"11111111111111\"", "\"uuid\":7"},
      {"\"election_hash\":\"e3", "\"election_hash\":\"E3"},
      {"\"tracker\":\"47DEQpj8HBSa+", "\"tracker\":\"47DEQpj8HBSa-"},
      {"G3hSuFU\"", "G3hSuFV\""},
      {"12345678901", "-1"},
      {"12345678901", "1.5"},
      {"12345678901", "\"12345678901\""},
      {"\"event\":\"e3", "\"event\":\"e"},
      {"T07:00:00Z", "T27:00:00Z"},
      {"\"time\"", "\"Time\""},
      {"Z\"}", "Z\",\"more\":1}"},
  };
  nep_buf message = {0};
  nep_cast_receipt_write(&cast, &message);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    char *at = strstr(message.data, changes[i][0]);
    ck_assert_ptr_nonnull(at);
    char *changed = nep_sprintf("%.*s%s%s", (int)(at - message.data), message.data, changes[i][1],
                                at + strlen(changes[i][0]));
    nep_buf envelope = sign(NEP_TAG_CAST_RECEIPT, changed);
    nep_cast_receipt out;
    nep_error err = {0};
    ck_assert_msg(nep_cast_receipt_verify(nep_buf_bytes(&envelope), key_hex, &out, &err) != NEP_OK,
                  "accepted: %s", changed);
    nep_buf_free(&envelope);
    free(changed);
  }
  nep_buf_free(&message);
}
END_TEST

START_TEST(a_registration_receipt_reads_back_as_written)
{
  const char *const elections[] = {UUID, "22222222222222"};
  nep_buf message = {0};
  nep_registration_receipt out;
  nep_error err = {0};
  nep_registration_receipt_write("Bầu cử 2026", NONCE, elections, 2, TIME, &message);
  nep_buf envelope = sign(NEP_TAG_REGISTRATION_RECEIPT, message.data);
  ck_assert_int_eq(nep_registration_receipt_verify(nep_buf_bytes(&envelope), key_hex, &out, &err),
                   NEP_OK);
  ck_assert_str_eq(out.event, "Bầu cử 2026");
  ck_assert_str_eq(out.nonce, NONCE);
  ck_assert_uint_eq(out.n_elections, 2);
  ck_assert_str_eq(out.elections[1], "22222222222222");
  ck_assert_str_eq(out.time, TIME);
  nep_buf_free(&envelope);
  nep_buf_free(&message);
}
END_TEST

START_TEST(a_registration_receipt_of_no_or_too_many_elections_is_refused)
{
  for (size_t n = 0; n <= NEP_REGISTRATION_ELECTIONS_MAX + 1;
       n += NEP_REGISTRATION_ELECTIONS_MAX + 1) {
    const char *elections[NEP_REGISTRATION_ELECTIONS_MAX + 1];
    nep_buf message = {0};
    nep_registration_receipt out;
    nep_error err = {0};
    for (size_t i = 0; i < n; i++)
      elections[i] = UUID;
    nep_registration_receipt_write("E", NONCE, elections, n, TIME, &message);
    nep_buf envelope = sign(NEP_TAG_REGISTRATION_RECEIPT, message.data);
    ck_assert_int_eq(nep_registration_receipt_verify(nep_buf_bytes(&envelope), key_hex, &out, &err),
                     NEP_E_INPUT);
    ck_assert_str_eq(err.where, "elections");
    nep_buf_free(&envelope);
    nep_buf_free(&message);
  }
}
END_TEST

START_TEST(a_refusal_and_a_head_read_back_as_written)
{
  const nep_head head = {UUID, 0, HASH, 1024, TIME};
  nep_buf message = {0};
  const nep_refusal refused = {UUID, TRACKER, HASH, "election-closed", TIME};
  nep_refusal refusal;
  nep_head out;
  nep_error err = {0};
  nep_refusal_write(&refused, &message);
  nep_buf envelope = sign(NEP_TAG_REFUSAL, message.data);
  ck_assert_int_eq(nep_refusal_verify(nep_buf_bytes(&envelope), key_hex, &refusal, &err), NEP_OK);
  ck_assert_str_eq(refusal.code, "election-closed");
  ck_assert_str_eq(refusal.tracker, TRACKER);
  ck_assert_str_eq(refusal.statement, HASH);
  nep_buf_free(&envelope);
  nep_buf_clear(&message);
  nep_head_write(&head, &message);
  envelope = sign(NEP_TAG_HEAD, message.data);
  ck_assert_int_eq(nep_head_verify(nep_buf_bytes(&envelope), key_hex, &out, &err), NEP_OK);
  ck_assert_uint_eq(out.height, 0);
  ck_assert_str_eq(out.event, HASH);
  ck_assert_uint_eq(out.size, 1024);
  nep_buf_free(&envelope);
  nep_buf_free(&message);
}
END_TEST

/* Servers before the cast statements did not name one; what is named is a hash. */
START_TEST(a_refusal_may_leave_out_the_statement_and_not_garble_it)
{
  const nep_refusal old = {.uuid = UUID, .tracker = TRACKER, .code = "closed", .time = TIME};
  nep_buf message = {0};
  nep_refusal refusal = {.statement = "left over"};
  nep_error err = {0};
  nep_refusal_write(&old, &message);
  ck_assert_ptr_null(strstr(message.data, "statement"));
  nep_buf envelope = sign(NEP_TAG_REFUSAL, message.data);
  ck_assert_int_eq(nep_refusal_verify(nep_buf_bytes(&envelope), key_hex, &refusal, &err), NEP_OK);
  ck_assert_str_eq(refusal.statement, "");
  nep_buf_free(&envelope);
  envelope =
      sign(NEP_TAG_REFUSAL, "{\"uuid\":\"" UUID "\",\"tracker\":\"" TRACKER
                            "\",\"statement\":\"abc\",\"code\":\"closed\",\"time\":\"" TIME "\"}");
  ck_assert_int_ne(nep_refusal_verify(nep_buf_bytes(&envelope), key_hex, &refusal, &err), NEP_OK);
  ck_assert_str_eq(err.where, "statement");
  nep_buf_free(&envelope);
  nep_buf_free(&message);
}
END_TEST

START_TEST(a9_a_head_is_not_taken_for_a_receipt_nor_a_receipt_for_a_refusal)
{
  const nep_head head = {UUID, 3, HASH, 4096, TIME};
  nep_buf message = {0};
  nep_cast_receipt receipt;
  nep_refusal refusal;
  nep_error err = {0};
  nep_head_write(&head, &message);
  nep_buf envelope = sign(NEP_TAG_HEAD, message.data);
  ck_assert_int_eq(nep_cast_receipt_verify(nep_buf_bytes(&envelope), key_hex, &receipt, &err),
                   NEP_E_CHECK);
  ck_assert_int_eq(nep_refusal_verify(nep_buf_bytes(&envelope), key_hex, &refusal, &err),
                   NEP_E_CHECK);
  nep_buf_free(&envelope);
  /* Nor does the right purpose make another message's fields acceptable. */
  envelope = sign(NEP_TAG_CAST_RECEIPT, message.data);
  ck_assert_int_ne(nep_cast_receipt_verify(nep_buf_bytes(&envelope), key_hex, &receipt, &err),
                   NEP_OK);
  nep_buf_free(&envelope);
  nep_buf_free(&message);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/receipt");
  TCase *tc = tcase_create("receipts");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a_cast_receipt_reads_back_as_written);
  tcase_add_test(tc, each_ill_formed_field_of_a_cast_receipt_is_refused);
  tcase_add_test(tc, a_registration_receipt_reads_back_as_written);
  tcase_add_test(tc, a_registration_receipt_of_no_or_too_many_elections_is_refused);
  tcase_add_test(tc, a_refusal_and_a_head_read_back_as_written);
  tcase_add_test(tc, a_refusal_may_leave_out_the_statement_and_not_garble_it);
  tcase_add_test(tc, a9_a_head_is_not_taken_for_a_receipt_nor_a_receipt_for_a_refusal);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
