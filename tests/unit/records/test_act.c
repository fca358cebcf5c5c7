#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/memory.h"
#include "records/act.h"
#include "records/tags.h"
#include "tests/support/run.h"

#define UUID "11111111111111"
#define BODY "identifier,name\n001099000001,Nguyễn Văn An\n"

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

static nep_buf make(nep_action action, const char *uuid)
{
  nep_buf header = {0};
  nep_act_make(key, "Trần Thị Bình", action, uuid, nep_str_bytes(BODY), &header);
  return header;
}

static nep_status verify(const nep_buf *header, nep_action action, const char *uuid,
                         const char *body, int64_t shift, nep_error *err)
{
  nep_act act;
  *err = (nep_error){0};
  return nep_act_verify(nep_buf_bytes(header), action, uuid, nep_str_bytes(body),
                        nep_clock_now() + shift, &act, err);
}

START_TEST(every_action_is_verified_for_what_it_was_signed_for)
{
  for (int a = 0; a < NEP_ACTION_COUNT; a++) {
    const char *uuid = a == NEP_ACT_CREATE ? "" : UUID;
    nep_buf header = make((nep_action)a, uuid);
    nep_act act;
    nep_error err = {0};
    ck_assert_int_eq(nep_act_verify(nep_buf_bytes(&header), (nep_action)a, uuid,
                                    nep_str_bytes(BODY), nep_clock_now(), &act, &err),
                     NEP_OK);
    ck_assert_str_eq(act.action, nep_action_name((nep_action)a));
    ck_assert_str_eq(act.uuid, uuid);
    ck_assert_str_eq(act.official, "Trần Thị Bình");
    ck_assert_str_eq(act.key, key_hex);
    ck_assert_uint_eq(strlen(act.nonce), 32);
    nep_buf_free(&header);
  }
}
END_TEST

START_TEST(another_action_election_or_body_is_denied)
{
  nep_buf header = make(NEP_ACT_ROLL, UUID);
  nep_error err;
  for (int a = 0; a < NEP_ACTION_COUNT; a++) {
    if (a == NEP_ACT_ROLL)
      continue;
    ck_assert_int_eq(verify(&header, (nep_action)a, UUID, BODY, 0, &err), NEP_E_DENIED);
    ck_assert_str_eq(err.where, "action");
  }
  ck_assert_int_eq(verify(&header, NEP_ACT_ROLL, "11111111111112", BODY, 0, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.where, "uuid");
  ck_assert_int_eq(verify(&header, NEP_ACT_ROLL, UUID, BODY " ", 0, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.where, "body");
  ck_assert_int_eq(verify(&header, NEP_ACT_ROLL, UUID, "", 0, &err), NEP_E_DENIED);
  ck_assert_int_eq(verify(&header, NEP_ACT_ROLL, UUID, BODY, 0, &err), NEP_OK);
  nep_buf_free(&header);
}
END_TEST

START_TEST(a_time_outside_the_window_is_denied_with_advice)
{
  nep_buf header = make(NEP_ACT_OPEN, UUID);
  nep_error err;
  ck_assert_int_eq(verify(&header, NEP_ACT_OPEN, UUID, BODY, NEP_ACT_WINDOW - 5, &err), NEP_OK);
  ck_assert_int_eq(verify(&header, NEP_ACT_OPEN, UUID, BODY, 5 - NEP_ACT_WINDOW, &err), NEP_OK);
  ck_assert_int_eq(verify(&header, NEP_ACT_OPEN, UUID, BODY, NEP_ACT_WINDOW + 5, &err),
                   NEP_E_DENIED);
  ck_assert_str_eq(err.code, "act-time");
  ck_assert_str_ne(err.advice, "");
  ck_assert_int_eq(verify(&header, NEP_ACT_OPEN, UUID, BODY, -NEP_ACT_WINDOW - 5, &err),
                   NEP_E_DENIED);
  nep_buf_free(&header);
}
END_TEST

START_TEST(two_acts_have_different_nonces)
{
  nep_buf a = make(NEP_ACT_OPEN, UUID), b = make(NEP_ACT_OPEN, UUID);
  nep_act first, second;
  nep_error err = {0};
  ck_assert_int_eq(nep_act_verify(nep_buf_bytes(&a), NEP_ACT_OPEN, UUID, nep_str_bytes(BODY),
                                  nep_clock_now(), &first, &err),
                   NEP_OK);
  ck_assert_int_eq(nep_act_verify(nep_buf_bytes(&b), NEP_ACT_OPEN, UUID, nep_str_bytes(BODY),
                                  nep_clock_now(), &second, &err),
                   NEP_OK);
  ck_assert_str_ne(first.nonce, second.nonce);
  nep_buf_free(&a);
  nep_buf_free(&b);
}
END_TEST

START_TEST(every_changed_character_of_the_header_is_refused)
{
  nep_buf header = make(NEP_ACT_CLOSE, UUID);
  nep_error err;
  for (size_t i = 0; i < header.len; i++) {
    char before = header.data[i];
    header.data[i] = before == 'A' ? 'B' : 'A';
    ck_assert_int_ne(verify(&header, NEP_ACT_CLOSE, UUID, BODY, 0, &err), NEP_OK);
    header.data[i] = before;
  }
  for (size_t len = 0; len < header.len; len++) {
    nep_buf cut = {header.data, len, 0};
    ck_assert_int_ne(verify(&cut, NEP_ACT_CLOSE, UUID, BODY, 0, &err), NEP_OK);
  }
  nep_buf_free(&header);
}
END_TEST

START_TEST(a_missing_header_says_that_requests_are_signed)
{
  nep_buf none = {0};
  nep_error err;
  ck_assert_int_eq(verify(&none, NEP_ACT_CLOSE, UUID, BODY, 0, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.where, "NEP-Act");
  for (size_t i = 0; i <= NEP_ACT_HEADER_MAX; i++)
    nep_buf_char(&none, 'A');
  ck_assert_int_eq(verify(&none, NEP_ACT_CLOSE, UUID, BODY, 0, &err), NEP_E_INPUT);
  nep_buf_free(&none);
}
END_TEST

/* Signs any message with the given tag and sends it as an act. */
static nep_status send_message(const char *tag, const char *message, nep_error *err)
{
  nep_buf envelope = {0}, header = {0};
  nep_envelope_make(key, tag, nep_str_bytes(message), &envelope);
  nep_base64url(envelope.data, envelope.len, nep_buf_room(&header, 2 * envelope.len));
  header.len = strlen(header.data);
  nep_status status = verify(&header, NEP_ACT_OPEN, UUID, "{}", 0, err);
  nep_buf_free(&envelope);
  nep_buf_free(&header);
  return status;
}

START_TEST(a9_other_purposes_and_ill_formed_acts_are_refused)
{
  static const char form[] = "{\"action\":\"%s\",\"uuid\":\"%s\",\"body\":\"%s\",\"nonce\":\"%s\","
                             "\"time\":\"%s\",\"official\":\"%s\"}";
  static const char hash[] = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
  static const char nonce[] = "000102030405060708090a0b0c0d0e0f";
  char now[21];
  nep_error err;
  nep_clock_text(nep_clock_now(), now);
  const char *good[] = {"open", UUID, hash, nonce, now, "An"};
  static const char *const bad[] = {"0123456789012345678901234567890123456789",
                                    ("0123456789012345678901234567890123456789"
                                     "0123456789012345678901234567890123456789"),
                                    "44",
                                    "000102030405060708090a0b0c0d0e0",
                                    "2026",
                                    ""};
  for (size_t i = 0; i <= 6; i++) {
    const char *f[6];
    memcpy(f, good, sizeof f);
    if (i < 6)
      f[i] = bad[i];
    char *message = nep_sprintf(form, f[0], f[1], f[2], f[3], f[4], f[5]);
    ck_assert_int_eq(send_message(NEP_TAG_ACT, message, &err), i == 6 ? NEP_OK : NEP_E_INPUT);
    ck_assert_int_eq(send_message(NEP_TAG_HEAD, message, &err), NEP_E_DENIED);
    ck_assert_str_eq(err.code, "signature");
    free(message);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/act");
  TCase *tc = tcase_create("acts");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, every_action_is_verified_for_what_it_was_signed_for);
  tcase_add_test(tc, another_action_election_or_body_is_denied);
  tcase_add_test(tc, a_time_outside_the_window_is_denied_with_advice);
  tcase_add_test(tc, two_acts_have_different_nonces);
  tcase_add_test(tc, every_changed_character_of_the_header_is_refused);
  tcase_add_test(tc, a_missing_header_says_that_requests_are_signed);
  tcase_add_test(tc, a9_other_purposes_and_ill_formed_acts_are_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
