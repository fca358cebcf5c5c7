/* Cast or challenge: a message is made of choices and a seed, and of nothing else. */
#include "crypto/keys.h"
#include "tests/unit/protocol/fixture.h"

#define ONE_QUESTION                                                                               \
  "[{\"type\":\"Homomorphic\",\"value\":{\"answers\":[\"A\",\"B\",\"C\"],\"blank\":true,"          \
  "\"min\":1,\"max\":2,\"question\":\"Q\"}}]"

static polling *p;
static uint8_t seed[NEP_BALLOT_SEED];

static void open_polling(void)
{
  p = polling_open(nep_group_at((size_t)0), ONE_QUESTION);
  nep_random_bytes(seed, sizeof seed);
}

static void close_polling(void)
{
  polling_close(p);
}

static nep_buf prepare(const char *credential, unsigned answer, const uint8_t *from)
{
  nep_choice choice = {0};
  nep_buf message = {0};
  nep_error err = {0};
  choice.chosen[answer] = 1;
  ck_assert_msg(nep_ballot_prepare(p->election, credential, &choice, from, &message, &err) ==
                    NEP_OK,
                "%s", err.reason);
  return message;
}

static bool equal(const nep_buf *a, const nep_buf *b)
{
  return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

START_TEST(one_seed_and_one_choice_give_one_message)
{
  nep_buf first = prepare(p->public_key[0], 1, seed), again = prepare(p->public_key[0], 1, seed);
  char code[44], code_again[44];
  ck_assert(equal(&first, &again));
  nep_ballot_code(nep_buf_bytes(&first), code);
  nep_ballot_code(nep_buf_bytes(&again), code_again);
  ck_assert_str_eq(code, code_again);
  ck_assert_uint_eq(strlen(code), 43);
  nep_buf_free(&first);
  nep_buf_free(&again);
}
END_TEST

START_TEST(another_seed_choice_or_credential_gives_another_code)
{
  uint8_t other_seed[NEP_BALLOT_SEED];
  memcpy(other_seed, seed, sizeof seed);
  other_seed[31] ^= 1;
  nep_buf messages[4] = {prepare(p->public_key[0], 1, seed), prepare(p->public_key[0], 2, seed),
                         prepare(p->public_key[1], 1, seed),
                         prepare(p->public_key[0], 1, other_seed)};
  char codes[4][44];
  for (size_t i = 0; i < 4; i++) {
    nep_ballot_code(nep_buf_bytes(&messages[i]), codes[i]);
    for (size_t j = 0; j < i; j++)
      ck_assert_str_ne(codes[i], codes[j]);
    nep_buf_free(&messages[i]);
  }
}
END_TEST

START_TEST(a_signed_message_is_a_ballot_that_verifies)
{
  nep_buf message = prepare(p->public_key[2], 0, seed), ballot = {0};
  nep_error err = {0};
  char codes[256];
  ck_assert_int_eq(
      nep_ballot_sign(p->election, p->credential[2], nep_buf_bytes(&message), &ballot, &err),
      NEP_OK);
  ck_assert_msg(verify_ballot(p->election, p->list, nep_buf_bytes(&ballot), codes), "%s", codes);
  nep_buf_free(&ballot);
  nep_buf_free(&message);
}
END_TEST

START_TEST(a26_a_message_alone_is_no_ballot)
{
  nep_buf message = prepare(p->public_key[0], 0, seed), forged = {0};
  char codes[256];
  nep_buf_printf(&forged, "{\"message\":%s,\"signature\":{\"challenge\":\"1\",\"response\":\"1\"}}",
                 message.data);
  ck_assert(!verify_ballot(p->election, p->list, nep_buf_bytes(&forged), codes));
  ck_assert_str_eq(codes, "ballot-signature");
  nep_buf_free(&forged);
  nep_buf_free(&message);
}
END_TEST

static void refuse_to_sign(const polling *where, const char *credential, nep_bytes message,
                           const char *code)
{
  nep_buf ballot = {0};
  nep_error err = {0};
  ck_assert_int_ne(nep_ballot_sign(where->election, credential, message, &ballot, &err), NEP_OK);
  ck_assert_str_eq(err.code, code);
  ck_assert_uint_eq(ballot.len, 0);
}

START_TEST(messages_for_others_are_not_signed)
{
  polling *elsewhere = polling_open(nep_group_at((size_t)0), ONE_QUESTION);
  nep_buf message = prepare(p->public_key[0], 0, seed);
  nep_bytes bytes = nep_buf_bytes(&message);
  refuse_to_sign(p, p->credential[1], bytes, "ballot-message");
  refuse_to_sign(elsewhere, p->credential[0], bytes, "ballot-message");
  refuse_to_sign(p, "11111-222222-33333-44444O", bytes, "credential");
  refuse_to_sign(p, p->credential[0], (nep_bytes){bytes.data, bytes.len - 1}, "json");
  refuse_to_sign(p, p->credential[0], nep_str_bytes("{}"), "ballot-message");
  nep_buf_free(&message);
  polling_close(elsewhere);
}
END_TEST

START_TEST(choices_and_credentials_are_checked_before_anything_is_made)
{
  nep_choice choice = {0};
  nep_buf message = {0};
  nep_error err = {0};
  ck_assert_int_ne(nep_ballot_prepare(p->election, p->public_key[0], &choice, seed, &message, &err),
                   NEP_OK);
  ck_assert_str_eq(err.code, "choice");
  choice.chosen[0] = 1;
  ck_assert_int_ne(nep_ballot_prepare(p->election, "00", &choice, seed, &message, &err), NEP_OK);
  ck_assert_uint_eq(message.len, 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/ballot prepare");
  TCase *tc = tcase_create("cast or challenge");
  tcase_add_checked_fixture(tc, open_polling, close_polling);
  tcase_add_test(tc, one_seed_and_one_choice_give_one_message);
  tcase_add_test(tc, another_seed_choice_or_credential_gives_another_code);
  tcase_add_test(tc, a_signed_message_is_a_ballot_that_verifies);
  tcase_add_test(tc, a26_a_message_alone_is_no_ballot);
  tcase_add_test(tc, messages_for_others_are_not_signed);
  tcase_add_test(tc, choices_and_credentials_are_checked_before_anything_is_made);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
