#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "records/idtoken.h"
#include "tests/issuer/token.h"
#include "tests/support/run.h"

#define NOW INT64_C(1795431600)
#define ISSUER "https://id.example.vn"
#define AUDIENCE "nep"
#define NONCE "zxdZ2AMhocChxeaAgZZ5v9CRziAj2xYPS3vuy__xBkU"

static nep_buf rsa, rsa_set, ec, ec_set, other, other_set;
static const nep_idtoken_policy policy = {ISSUER, AUDIENCE, "sub", 30, 600};

/* Keys are made once: the tests run in children of this process. */
static void make_keys(void)
{
  nep_error err = {0};
  if (nep_test_key_make("RSA", &rsa, &rsa_set, &err) != NEP_OK ||
      nep_test_key_make("EC", &ec, &ec_set, &err) != NEP_OK ||
      nep_test_key_make("RSA", &other, &other_set, &err) != NEP_OK)
    abort();
}

static void free_keys(void)
{
  nep_buf_wipe(&rsa);
  nep_buf_wipe(&ec);
  nep_buf_wipe(&other);
  nep_buf_free(&rsa_set);
  nep_buf_free(&ec_set);
  nep_buf_free(&other_set);
}

static nep_test_token good(void)
{
  return (nep_test_token){.issuer = ISSUER,
                          .audiences = {AUDIENCE},
                          .n_audiences = 1,
                          .subject = "001099000001",
                          .nonce = NONCE,
                          .now = NOW,
                          .expires_in = 300};
}

static nep_buf token(const nep_buf *key, const nep_test_token *t)
{
  nep_buf b = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_test_token_make(nep_buf_bytes(key), t, &b, &err), NEP_OK);
  return b;
}

static nep_status check(nep_bytes text, const nep_buf *set, const char *nonce, nep_error *err)
{
  nep_idtoken out;
  *err = (nep_error){0};
  nep_status status = nep_idtoken_check(text, nep_buf_bytes(set), &policy, nonce, NOW, &out, err);
  nep_idtoken_free(&out);
  return status;
}

static void expect(const nep_buf *key, const nep_buf *set, const nep_test_token *t,
                   const char *claim)
{
  nep_buf b = token(key, t);
  nep_error err;
  nep_status status = check(nep_buf_bytes(&b), set, NONCE, &err);
  if (claim == NULL)
    ck_assert_msg(status == NEP_OK, "refused: %s: %s", err.where, err.reason);
  else {
    ck_assert_int_eq(status, NEP_E_DENIED);
    ck_assert_str_eq(err.code, "id-token");
    ck_assert_str_eq(err.where, claim);
  }
  nep_buf_free(&b);
}

START_TEST(good_tokens_of_all_three_algorithms_are_accepted)
{
  nep_test_token t = good();
  expect(&rsa, &rsa_set, &t, NULL);
  t.algorithm = "PS256";
  expect(&rsa, &rsa_set, &t, NULL);
  t.algorithm = "ES256";
  expect(&ec, &ec_set, &t, NULL);
  t.kid = ""; /* the set's only key fits */
  expect(&ec, &ec_set, &t, NULL);
}
END_TEST

START_TEST(an_accepted_token_tells_who_it_is_for)
{
  nep_test_token t = good();
  nep_buf b;
  nep_idtoken out;
  nep_error err = {0};
  nep_idtoken_policy by_number = policy;
  by_number.roll_claim = "citizen_id";
  t.claim = "citizen_id";
  t.claim_value = "079200000042";
  b = token(&rsa, &t);
  ck_assert_int_eq(nep_idtoken_check(nep_buf_bytes(&b), nep_buf_bytes(&rsa_set), &by_number, NULL,
                                     NOW, &out, &err),
                   NEP_OK);
  ck_assert_str_eq(out.person, "079200000042");
  ck_assert_str_eq(out.subject, "001099000001");
  ck_assert_str_eq(out.nonce, NONCE);
  ck_assert_int_eq(out.issued, NOW);
  ck_assert_int_eq(out.expires, NOW + 300);
  nep_idtoken_free(&out);
  by_number.roll_claim = "email";
  ck_assert_int_eq(nep_idtoken_check(nep_buf_bytes(&b), nep_buf_bytes(&rsa_set), &by_number, NULL,
                                     NOW, &out, &err),
                   NEP_E_DENIED);
  ck_assert_str_eq(err.where, "email");
  nep_buf_free(&b);
}
END_TEST

START_TEST(no_signature_and_key_confusion_are_refused)
{
  nep_test_token t = good();
  nep_buf b;
  nep_error err;
  t.algorithm = "HS256";
  expect(&rsa, &rsa_set, &t, "alg");
  expect(&ec, &ec_set, &t, "alg");
  t.algorithm = "none";
  b = token(&rsa, &t);
  ck_assert_int_eq(check(nep_buf_bytes(&b), &rsa_set, NONCE, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.where, "signature");
  nep_buf_str(&b, "AAAA"); /* not even with something that looks like one */
  ck_assert_int_eq(check(nep_buf_bytes(&b), &rsa_set, NONCE, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.where, "alg");
  nep_buf_free(&b);
}
END_TEST

START_TEST(other_algorithms_of_the_same_key_are_refused)
{
  static const char *const algorithms[] = {"RS384", "RS512", "PS384", "PS512"};
  nep_test_token t = good();
  for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
    t.algorithm = algorithms[i];
    expect(&rsa, &rsa_set, &t, "alg");
  }
}
END_TEST

START_TEST(unknown_and_missing_keys_are_refused)
{
  nep_test_token t = good();
  nep_buf both = {0};
  nep_error err;
  expect(&other, &rsa_set, &t, "kid"); /* its own name, not in the set */
  t.kid = "nobody";
  expect(&rsa, &rsa_set, &t, "kid");
  t.kid = "";
  expect(&ec, &rsa_set, &t, "kid"); /* no EC key in the set */
  expect(&other, &rsa_set, &t, "signature");
  /* Two keys fit a token that names none. */
  size_t first = rsa_set.len - 2;
  nep_buf_add(&both, rsa_set.data, first);
  nep_buf_char(&both, ',');
  nep_buf_str(&both, other_set.data + strlen("{\"keys\":["));
  nep_buf b = token(&rsa, &t);
  ck_assert_int_eq(check(nep_buf_bytes(&b), &both, NONCE, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.where, "kid");
  nep_buf_free(&b);
  t.kid = NULL;
  expect(&rsa, &both, &t, NULL);
  expect(&other, &both, &t, NULL);
  nep_buf_free(&both);
}
END_TEST

START_TEST(critical_extensions_are_refused)
{
  nep_test_token t = good();
  t.crit = "b64";
  expect(&rsa, &rsa_set, &t, "crit");
}
END_TEST

START_TEST(wrong_issuer_audience_and_authorised_party_are_refused)
{
  nep_test_token t = good();
  t.issuer = ISSUER "/";
  expect(&rsa, &rsa_set, &t, "iss");
  t.issuer = NULL;
  expect(&rsa, &rsa_set, &t, "iss");
  t = good();
  t.audiences[0] = "another";
  expect(&rsa, &rsa_set, &t, "aud");
  t.n_audiences = 0;
  expect(&rsa, &rsa_set, &t, "aud");
  t = good();
  t.audiences[1] = "another";
  t.n_audiences = 2;
  expect(&rsa, &rsa_set, &t, "azp");
  t.azp = "another";
  expect(&rsa, &rsa_set, &t, "azp");
  t.azp = AUDIENCE;
  expect(&rsa, &rsa_set, &t, NULL);
  t = good();
  t.azp = "another";
  expect(&rsa, &rsa_set, &t, "azp");
}
END_TEST

START_TEST(times_are_held_against_the_clock_with_the_leeway)
{
  nep_test_token t = good();
  t.expires_in = -29;
  expect(&rsa, &rsa_set, &t, NULL);
  t.expires_in = -30;
  expect(&rsa, &rsa_set, &t, "exp");
  t = good();
  t.issued_in = 30;
  expect(&rsa, &rsa_set, &t, NULL);
  t.issued_in = 31;
  expect(&rsa, &rsa_set, &t, "iat");
  t.issued_in = -630;
  expect(&rsa, &rsa_set, &t, NULL);
  t.issued_in = -631;
  expect(&rsa, &rsa_set, &t, "iat");
  t = good();
  t.has_not_before = true;
  t.not_before_in = 30;
  expect(&rsa, &rsa_set, &t, NULL);
  t.not_before_in = 31;
  expect(&rsa, &rsa_set, &t, "nbf");
  t = good();
  t.expires_in = -NOW - 1;
  expect(&rsa, &rsa_set, &t, "exp");
}
END_TEST

START_TEST(another_or_no_nonce_and_no_subject_are_refused)
{
  nep_test_token t = good();
  t.nonce = "Zak13acu6ntSh4hV1dwzlhTf9IkJjkp10JmZR82tJUQ";
  expect(&rsa, &rsa_set, &t, "nonce");
  t.nonce = NULL;
  expect(&rsa, &rsa_set, &t, "nonce");
  t = good();
  t.subject = NULL;
  expect(&rsa, &rsa_set, &t, "sub");
  t.subject = "";
  expect(&rsa, &rsa_set, &t, "sub");
}
END_TEST

START_TEST(every_changed_character_and_every_truncation_is_refused)
{
  nep_test_token t = good();
  nep_buf b = token(&ec, &t);
  nep_error err;
  for (size_t i = 0; i < b.len; i++) {
    char before = b.data[i];
    b.data[i] = before == 'A' ? 'B' : 'A';
    ck_assert_msg(check(nep_buf_bytes(&b), &ec_set, NONCE, &err) != NEP_OK, "character %zu", i);
    b.data[i] = before;
    ck_assert_int_ne(check((nep_bytes){b.data, i}, &ec_set, NONCE, &err), NEP_OK);
  }
  ck_assert_int_eq(check(nep_buf_bytes(&b), &ec_set, NONCE, &err), NEP_OK);
  nep_buf_free(&b);
}
END_TEST

START_TEST(bytes_behind_more_parts_and_oversize_tokens_are_refused)
{
  static const char *const behind[] = {" ", "\n", "=", ".", ".AAAA", "A"};
  nep_test_token t = good();
  nep_buf b = token(&rsa, &t);
  size_t len = b.len;
  nep_error err;
  for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
    nep_buf_str(&b, behind[i]);
    ck_assert_msg(check(nep_buf_bytes(&b), &rsa_set, NONCE, &err) != NEP_OK, "\"%s\"", behind[i]);
    b.len = len;
  }
  while (b.len <= NEP_IDTOKEN_MAX)
    nep_buf_char(&b, 'A');
  ck_assert_int_eq(check(nep_buf_bytes(&b), &rsa_set, NONCE, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.where, "id_token");
  nep_buf_free(&b);
}
END_TEST

/* Replaces the header of a good token by another text. */
static nep_buf with_header(const char *header)
{
  nep_test_token t = good();
  nep_buf b = token(&rsa, &t), out = {0};
  nep_base64url(header, strlen(header), nep_buf_room(&out, 2 * strlen(header) + 4));
  out.len = strlen(out.data);
  nep_buf_str(&out, strchr(b.data, '.'));
  nep_buf_free(&b);
  return out;
}

START_TEST(headers_that_are_not_strict_json_are_refused)
{
  static const char *const bad[] = {"", "[]", "{\"alg\":\"RS256\"", "{\"alg\":\"RS256\"}x",
                                    "{\"alg\":\"none\",\"alg\":\"RS256\"}"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_buf b = with_header(bad[i]);
    nep_error err;
    ck_assert_msg(check(nep_buf_bytes(&b), &rsa_set, NONCE, &err) == NEP_E_INPUT, "%s", bad[i]);
    ck_assert_str_eq(err.where, "header");
    nep_buf_free(&b);
  }
}
END_TEST

START_TEST(unusable_key_sets_are_refused)
{
  /* The last one is an RSA key of 512 bits. */
  static const char *const bad[] = {
      "",
      "[]",
      "{}",
      "{\"keys\":{}}",
      "{\"keys\":[]}",
      "{\"keys\":[7]}",
      "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"}]}",
      "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"enc\"}]}",
      ("{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2"
       "aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc\"}]}")};
  nep_test_token t = good();
  t.kid = "";
  nep_buf b = token(&rsa, &t);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_buf set = {0};
    nep_error err;
    nep_buf_str(&set, bad[i]);
    ck_assert_msg(check(nep_buf_bytes(&b), &set, NONCE, &err) != NEP_OK, "%s", bad[i]);
    ck_assert_msg(strcmp(err.where, "jwks") == 0 || strcmp(err.where, "kid") == 0, "%s", err.where);
    nep_buf_free(&set);
  }
  nep_buf_free(&b);
}
END_TEST

int main(void)
{
  nep_random_start();
  make_keys();
  Suite *suite = suite_create("records/idtoken");
  TCase *tc = tcase_create("ID tokens");
  tcase_add_test(tc, good_tokens_of_all_three_algorithms_are_accepted);
  tcase_add_test(tc, an_accepted_token_tells_who_it_is_for);
  tcase_add_test(tc, no_signature_and_key_confusion_are_refused);
  tcase_add_test(tc, other_algorithms_of_the_same_key_are_refused);
  tcase_add_test(tc, unknown_and_missing_keys_are_refused);
  tcase_add_test(tc, critical_extensions_are_refused);
  tcase_add_test(tc, wrong_issuer_audience_and_authorised_party_are_refused);
  tcase_add_test(tc, times_are_held_against_the_clock_with_the_leeway);
  tcase_add_test(tc, another_or_no_nonce_and_no_subject_are_refused);
  tcase_add_test(tc, every_changed_character_and_every_truncation_is_refused);
  tcase_add_test(tc, bytes_behind_more_parts_and_oversize_tokens_are_refused);
  tcase_add_test(tc, headers_that_are_not_strict_json_are_refused);
  tcase_add_test(tc, unusable_key_sets_are_refused);
  suite_add_tcase(suite, tc);
  int result = nep_run_suite(suite);
  free_keys();
  return result;
}
