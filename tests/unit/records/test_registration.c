#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "records/idtoken.h"
#include "records/registration.h"
#include "records/sign_in.h"
#include "tests/support/run.h"

#define EVENT "Bầu cử \"2026\""
#define SALT "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define UUID1 "11111111111111"
#define UUID2 "22222222222222"
#define CRED1 "e8b04c2622aafeb122b19dd9fbb24ddfe2b34c9b95fc1abd7c68638c821e5348"
#define CRED2 "6666666666666666666666666666666666666666666666666666666666666658"
/* Of the text below, computed with another program's SHA-256. */
#define NONCE "zxdZ2AMhocChxeaAgZZ5v9CRziAj2xYPS3vuy__xBkU"
#define NONCE_REPLACING "Zak13acu6ntSh4hV1dwzlhTf9IkJjkp10JmZR82tJUQ"

/* Of "NEP-1-sign-in", 00 and NONCE, likewise. */
#define NONCE_SIGNING_IN "06IlHzWoB-osA_sYO7XOeYt9eI-rklRJL8ZKODFi88I"

static const char *const uuids[] = {UUID1, UUID2}, *const credentials[] = {CRED1, CRED2};

START_TEST(the_nonce_is_the_hash_of_the_documented_text)
{
  static const char text[] =
      "NEP-1-registration\0{\"event\":\"Bầu cử \\\"2026\\\"\",\"salt\":\"" SALT
      "\",\"replaces\":null,\"credentials\":[{\"uuid\":\"" UUID1 "\",\"credential\":\"" CRED1
      "\"},{\"uuid\":\"" UUID2 "\",\"credential\":\"" CRED2 "\"}]}";
  unsigned char hash[32];
  char expected[44], nonce[NEP_NONCE_LENGTH + 1];
  crypto_hash_sha256(hash, (const unsigned char *)text, sizeof text - 1);
  nep_base64url(hash, sizeof hash, expected);
  nep_registration_nonce(EVENT, SALT, NULL, uuids, credentials, 2, nonce);
  ck_assert_str_eq(nonce, expected);
  ck_assert_str_eq(nonce, NONCE);
  nep_registration_nonce(EVENT, SALT, NONCE, uuids, credentials, 2, nonce);
  ck_assert_str_eq(nonce, NONCE_REPLACING);
}
END_TEST

START_TEST(the_nonce_depends_on_every_part)
{
  static const char *const swapped[] = {CRED2, CRED1}, *const other[] = {UUID1, "22222222222223"};
  char nonce[NEP_NONCE_LENGTH + 1];
  nep_registration_nonce("Bầu cử 2027", SALT, NULL, uuids, credentials, 2, nonce);
  ck_assert_str_ne(nonce, NONCE);
  nep_registration_nonce(EVENT, CRED1, NULL, uuids, credentials, 2, nonce);
  ck_assert_str_ne(nonce, NONCE);
  nep_registration_nonce(EVENT, SALT, NULL, other, credentials, 2, nonce);
  ck_assert_str_ne(nonce, NONCE);
  nep_registration_nonce(EVENT, SALT, NULL, uuids, swapped, 2, nonce);
  ck_assert_str_ne(nonce, NONCE);
  nep_registration_nonce(EVENT, SALT, NULL, uuids, credentials, 1, nonce);
  ck_assert_str_ne(nonce, NONCE);
}
END_TEST

START_TEST(a17_a_sign_in_with_the_nonce_of_a_registration_asks_for_another_token)
{
  char nonce[NEP_NONCE_LENGTH + 1];
  nep_sign_in_nonce(nep_str_bytes(NONCE), nonce);
  ck_assert_str_eq(nonce, NONCE_SIGNING_IN);
}
END_TEST

static nep_buf body(const char *replaces)
{
  static const char *const proofs[] = {"{\"challenge\":\"1\",\"response\":\"2\"}",
                                       "{\"challenge\":\"3\",\"response\":\"4\"}"};
  nep_buf b = {0};
  nep_registration_write(EVENT, SALT, replaces, uuids, credentials, proofs, 2, "a.b.c", &b);
  return b;
}

START_TEST(a_registration_reads_back_as_written)
{
  nep_buf b = body(NULL);
  nep_registration *r = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_registration_parse(nep_buf_bytes(&b), &r, &err), NEP_OK);
  ck_assert_str_eq(r->event, EVENT);
  ck_assert_str_eq(r->salt, SALT);
  ck_assert_ptr_null(r->replaces);
  ck_assert_uint_eq(r->n_credentials, 2);
  ck_assert_str_eq(r->credentials[1].uuid, UUID2);
  ck_assert_str_eq(r->credentials[1].credential, CRED2);
  ck_assert_str_eq(json_string_value(json_object_get(r->credentials[1].proof, "response")), "4");
  ck_assert_str_eq(r->id_token, "a.b.c");
  ck_assert_str_eq(r->nonce, NONCE);
  nep_registration_free(r);
  nep_buf_free(&b);
}
END_TEST

START_TEST(a_replacement_names_the_nonce_before)
{
  nep_buf b = body(NONCE);
  nep_registration *r = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_registration_parse(nep_buf_bytes(&b), &r, &err), NEP_OK);
  ck_assert_str_eq(r->replaces, NONCE);
  ck_assert_str_eq(r->nonce, NONCE_REPLACING);
  nep_registration_free(r);
  nep_buf_free(&b);
}
END_TEST

/* `from` occurs in the good body; with `to` in its place the body must be refused. */
static void expect_refusal(const char *from, const char *to, const char *where)
{
  nep_buf b = body(NULL);
  char *at = strstr(b.data, from);
  nep_registration *r = NULL;
  nep_error err = {0};
  ck_assert_ptr_nonnull(at);
  char *text = nep_sprintf("%.*s%s%s", (int)(at - b.data), b.data, to, at + strlen(from));
  ck_assert_msg(nep_registration_parse(nep_str_bytes(text), &r, &err) == NEP_E_INPUT,
                "accepted: %s", text);
  ck_assert_ptr_null(r);
  ck_assert_msg(strstr(err.where, where) != NULL, "%s: named \"%s\", not \"%s\"", text, err.where,
                where);
  free(text);
  nep_buf_free(&b);
}

START_TEST(each_ill_formed_field_is_refused_and_named)
{
  expect_refusal("\"event\":\"Bầu", "\"event\":7,\"x\":\"", "");
  expect_refusal("Bầu cử \\\"2026\\\"", "", "event");
  expect_refusal("Bầu", "B\\u0007", "event");
  expect_refusal("\"salt\":\"00", "\"salt\":\"", "salt");
  expect_refusal("1e1f\"", "1E1F\"", "salt");
  expect_refusal("\"replaces\":null", "\"replaces\":\"short\"", "replaces");
  expect_refusal("\"replaces\":null", "\"replaces\":7", "replaces");
  expect_refusal("\"replaces\":null,", "", "");
  expect_refusal("\"uuid\":\"" UUID1, "\"uuid\":\"1", "credentials[0].uuid");
  expect_refusal("\"uuid\":\"" UUID2, "\"uuid\":\"" UUID1, "credentials");         /* twice */
  expect_refusal("\"uuid\":\"" UUID1, "\"uuid\":\"33333333333333", "credentials"); /* unsorted */
  expect_refusal("\"credential\":\"e8", "\"credential\":\"E8", "credentials[0].credential");
  expect_refusal("\"credential\":\"" CRED1, "\"credential\":\"", "credentials[0].credential");
  expect_refusal("{\"challenge\":\"3\",\"response\":\"4\"}", "[]", "credentials[1].proof");
  expect_refusal("\"id_token\":\"a.b.c\"", "\"id_token\":\"\"", "id_token");
  expect_refusal("\"id_token\":\"a.b.c\"", "\"id_token\":\"a.b.c\",\"more\":1", "");
  expect_refusal("\"salt\"", "\"event\":\"x\",\"salt\"", ""); /* doubled key */
}
END_TEST

START_TEST(no_elections_too_many_and_an_oversize_token_are_refused)
{
  const char *many[NEP_REGISTRATION_ELECTIONS_MAX + 1],
      *elements[NEP_REGISTRATION_ELECTIONS_MAX + 1], *proofs[NEP_REGISTRATION_ELECTIONS_MAX + 1];
  char names[NEP_REGISTRATION_ELECTIONS_MAX + 1][15];
  char *token = nep_alloc(NEP_IDTOKEN_MAX + 2, 1);
  nep_registration *r = NULL;
  nep_error err = {0};
  nep_buf b = {0};
  for (size_t i = 0; i <= NEP_REGISTRATION_ELECTIONS_MAX; i++) {
    memcpy(names[i], "11111111111111", 15);
    names[i][13] = NEP_BASE58[i];
    many[i] = names[i];
    elements[i] = CRED1;
    proofs[i] = "{}";
  }
  memset(token, 'a', NEP_IDTOKEN_MAX + 1);
  nep_registration_write(EVENT, SALT, NULL, many, elements, proofs, 0, "a", &b);
  ck_assert_int_eq(nep_registration_parse(nep_buf_bytes(&b), &r, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.where, "credentials");
  nep_buf_clear(&b);
  nep_registration_write(EVENT, SALT, NULL, many, elements, proofs,
                         NEP_REGISTRATION_ELECTIONS_MAX + 1, "a", &b);
  ck_assert_int_eq(nep_registration_parse(nep_buf_bytes(&b), &r, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.where, "credentials");
  nep_buf_clear(&b);
  nep_registration_write(EVENT, SALT, NULL, many, elements, proofs, 1, token, &b);
  ck_assert_int_eq(nep_registration_parse(nep_buf_bytes(&b), &r, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.where, "id_token");
  nep_buf_clear(&b);
  nep_registration_write(EVENT, SALT, NULL, many, elements, proofs, NEP_REGISTRATION_ELECTIONS_MAX,
                         token + 1, &b);
  ck_assert_int_eq(nep_registration_parse(nep_buf_bytes(&b), &r, &err), NEP_OK);
  nep_registration_free(r);
  nep_buf_free(&b);
  free(token);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
  nep_buf b = body(NULL);
  for (size_t len = 0; len < b.len; len++) {
    nep_registration *r = NULL;
    nep_error err = {0};
    ck_assert_int_ne(nep_registration_parse((nep_bytes){b.data, len}, &r, &err), NEP_OK);
  }
  nep_buf_free(&b);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/registration");
  TCase *tc = tcase_create("registration");
  tcase_add_test(tc, the_nonce_is_the_hash_of_the_documented_text);
  tcase_add_test(tc, the_nonce_depends_on_every_part);
  tcase_add_test(tc, a17_a_sign_in_with_the_nonce_of_a_registration_asks_for_another_token);
  tcase_add_test(tc, a_registration_reads_back_as_written);
  tcase_add_test(tc, a_replacement_names_the_nonce_before);
  tcase_add_test(tc, each_ill_formed_field_is_refused_and_named);
  tcase_add_test(tc, no_elections_too_many_and_an_oversize_token_are_refused);
  tcase_add_test(tc, every_truncation_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
