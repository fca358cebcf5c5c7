#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "records/signed.h"
#include "records/tags.h"
#include "tests/support/run.h"

#define MESSAGE "{\"uuid\":\"11111111111111\",\"n\":7,\"name\":\"Nguyễn\"}"

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

static nep_buf envelope(const char *tag)
{
  nep_buf b = {0};
  nep_envelope_make(key, tag, nep_str_bytes(MESSAGE), &b);
  return b;
}

static nep_status verify(nep_bytes text, const char *tag, const char *public_hex, nep_error *err)
{
  json_t *message = NULL;
  nep_status status = nep_envelope_verify(text, tag, public_hex, &message, NULL, err);
  ck_assert(status == NEP_OK ? message != NULL : message == NULL);
  json_decref(message);
  return status;
}

START_TEST(a_signed_message_is_verified_and_names_its_key)
{
  nep_buf b = envelope(NEP_TAG_HEAD);
  json_t *message = NULL;
  char named[NEP_PUBLIC_KEY_HEX + 1];
  nep_error err = {0};
  ck_assert_int_eq(
      nep_envelope_verify(nep_buf_bytes(&b), NEP_TAG_HEAD, NULL, &message, named, &err), NEP_OK);
  ck_assert_str_eq(named, key_hex);
  ck_assert_int_eq(json_integer_value(json_object_get(message, "n")), 7);
  json_decref(message);
  ck_assert_int_eq(verify(nep_buf_bytes(&b), NEP_TAG_HEAD, key_hex, &err), NEP_OK);
  nep_buf_free(&b);
}
END_TEST

START_TEST(every_change_of_one_byte_is_refused)
{
  nep_buf b = envelope(NEP_TAG_HEAD);
  for (size_t i = 0; i < b.len; i++) {
    for (unsigned bit = 0; bit < 8; bit++) {
      nep_error err = {0};
      b.data[i] = (char)(b.data[i] ^ (1 << bit));
      ck_assert_msg(verify(nep_buf_bytes(&b), NEP_TAG_HEAD, NULL, &err) != NEP_OK,
                    "byte %zu, bit %u: accepted", i, bit);
      b.data[i] = (char)(b.data[i] ^ (1 << bit));
    }
  }
  nep_buf_free(&b);
}
END_TEST

START_TEST(every_truncation_and_every_byte_behind_is_refused)
{
  nep_buf b = envelope(NEP_TAG_HEAD);
  nep_error err = {0};
  for (size_t len = 0; len < b.len; len++)
    ck_assert_int_ne(verify((nep_bytes){b.data, len}, NEP_TAG_HEAD, NULL, &err), NEP_OK);
  nep_buf_char(&b, ' ');
  ck_assert_int_eq(verify(nep_buf_bytes(&b), NEP_TAG_HEAD, NULL, &err), NEP_E_INPUT);
  nep_buf_free(&b);
}
END_TEST

START_TEST(a9_a_signature_for_one_purpose_does_not_serve_another)
{
  static const char *const tags[] = {NEP_TAG_REGISTRATION_RECEIPT, NEP_TAG_CAST_RECEIPT,
                                     NEP_TAG_REFUSAL, NEP_TAG_HEAD, NEP_TAG_ACT};
  size_t n = sizeof tags / sizeof *tags;
  for (size_t i = 0; i < n; i++) {
    nep_buf b = envelope(tags[i]);
    for (size_t j = 0; j < n; j++) {
      nep_error err = {0};
      nep_status status = verify(nep_buf_bytes(&b), tags[j], key_hex, &err);
      ck_assert_int_eq(status, i == j ? NEP_OK : NEP_E_CHECK);
      if (i != j)
        ck_assert_str_eq(err.code, "signature");
    }
    nep_buf_free(&b);
  }
}
END_TEST

START_TEST(another_key_is_refused_and_named)
{
  nep_buf b = envelope(NEP_TAG_HEAD);
  nep_signing_key *other = nep_signing_key_new();
  char other_hex[NEP_PUBLIC_KEY_HEX + 1];
  nep_error err = {0};
  nep_signing_key_public(other, other_hex);
  ck_assert_int_eq(verify(nep_buf_bytes(&b), NEP_TAG_HEAD, other_hex, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.where, "key");
  ck_assert_ptr_nonnull(strstr(err.reason, other_hex));
  nep_signing_key_free(other);
  nep_buf_free(&b);
}
END_TEST

START_TEST(a_key_of_small_order_signs_nothing)
{
  /* With the identity as key and as R, s = 0 would satisfy the bare equation for every message. */
  char *text =
      nep_sprintf("{\"message\":%s,\"key\":\"01%062d\",\"signature\":\"AQ%084d\"}", MESSAGE, 0, 0);
  for (char *p = strstr(text, "\"AQ") + 3; *p == '0'; p++)
    *p = 'A';
  nep_error err = {0};
  ck_assert_int_eq(verify(nep_str_bytes(text), NEP_TAG_HEAD, NULL, &err), NEP_E_CHECK);
  free(text);
}
END_TEST

START_TEST(missing_doubled_and_unknown_fields_are_refused)
{
  static const char *const bad[] = {
      "[]",
      "{}",
      "{\"message\":{}}",
      "{\"message\":{},\"key\":\"00\",\"signature\":\"AA\"}",
      "{\"message\":[],\"key\":\"00\",\"signature\":\"AA\"}",
      "{\"message\":{},\"message\":{},\"key\":\"00\",\"signature\":\"AA\"}",
      "{\"key\":\"00\",\"message\":{},\"signature\":\"AA\"}",
      "{\"message\":{},\"key\":\"00\",\"signature\":\"AA\",\"more\":1}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_error err = {0};
    ck_assert_msg(verify(nep_str_bytes(bad[i]), NEP_TAG_HEAD, NULL, &err) == NEP_E_INPUT,
                  "accepted: %s", bad[i]);
    ck_assert_str_eq(err.code, "envelope");
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/signed");
  TCase *tc = tcase_create("envelopes");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a_signed_message_is_verified_and_names_its_key);
  tcase_add_test(tc, every_change_of_one_byte_is_refused);
  tcase_add_test(tc, every_truncation_and_every_byte_behind_is_refused);
  tcase_add_test(tc, a9_a_signature_for_one_purpose_does_not_serve_another);
  tcase_add_test(tc, another_key_is_refused_and_named);
  tcase_add_test(tc, a_key_of_small_order_signs_nothing);
  tcase_add_test(tc, missing_doubled_and_unknown_fields_are_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
