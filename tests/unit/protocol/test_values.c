/* protocol.md §2: scalars, elements, proofs, ciphertexts and signed messages inside JSON. */
#include <stdlib.h>

#include "crypto/tags.h"
#include "tests/unit/protocol/fixture.h"

enum { GROUPS = 3 };

static const nep_group *group_number(int i)
{
  return nep_group_at((size_t)i);
}

static nep_status read_proof(const nep_group *g, const char *text, nep_error *err)
{
  nep_proof proof;
  json_t *value = parsed(nep_str_bytes(text));
  nep_status status = nep_proof_read(g, value, "proof", &proof, err);
  json_decref(value);
  return status;
}

START_TEST(proofs_and_ciphertexts_come_back_as_written)
{
  const nep_group *g = group_number(_i);
  nep_proof proof, again;
  nep_ciphertext c, same;
  nep_buf text = {0}, pair = {0}, second = {0};
  nep_scalar_random(g, &proof.challenge);
  nep_scalar_zero(&proof.response);
  nep_element_exp_g(g, &c.alpha, &proof.challenge);
  nep_element_one(g, &c.beta);
  nep_proof_write(g, &text, &proof);
  nep_ciphertext_write(g, &pair, &c);
  json_t *a = parsed(nep_buf_bytes(&text)), *b = parsed(nep_buf_bytes(&pair));
  ck_assert_int_eq(nep_proof_read(g, a, NULL, &again, NULL), NEP_OK);
  ck_assert(nep_scalar_equal(&again.challenge, &proof.challenge));
  ck_assert(nep_scalar_is_zero(&again.response));
  ck_assert_int_eq(nep_ciphertext_read(g, b, NULL, &same, NULL), NEP_OK);
  nep_ciphertext_write(g, &second, &same);
  ck_assert_str_eq(second.data, pair.data);
  ck_assert(nep_json_is_canonical(a, nep_buf_bytes(&text)));
  ck_assert(nep_json_is_canonical(b, nep_buf_bytes(&pair)));
  json_decref(b);
  json_decref(a);
  nep_buf_free(&second);
  nep_buf_free(&pair);
  nep_buf_free(&text);
}
END_TEST

START_TEST(scalars_that_are_not_canonical_are_refused)
{
  static const char *const bad[] = {"\"\"",   "\"01\"", "\"00\"",  "\"-1\"",  "\"+1\"",
                                    "\" 1\"", "\"1 \"", "\"0x1\"", "\"1_0\"", "\"1.0\"",
                                    "1",      "null",   "\"1e3\"", "[\"1\"]", "\"\xd9\xa1\""};
  const nep_group *g = group_number(_i);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    for (int second = 0; second <= 1; second++) {
      char *text = nep_sprintf("{\"challenge\":%s,\"response\":%s}", second ? "\"5\"" : bad[i],
                               second ? bad[i] : "\"5\"");
      nep_error err = {0};
      ck_assert_msg(read_proof(g, text, &err) != NEP_OK, "%s", text);
      ck_assert_str_eq(err.where, second ? "proof.response" : "proof.challenge");
      free(text);
    }
}
END_TEST

START_TEST(a_scalar_from_q_on_is_refused)
{
  const nep_group *g = group_number(_i);
  nep_scalar largest, one;
  char text[NEP_SCALAR_TEXT_MAX];
  nep_scalar_zero(&largest);
  nep_scalar_set(g, &one, 1);
  nep_scalar_sub(g, &largest, &largest, &one);
  size_t len = nep_scalar_text(g, &largest, text);
  char *below = nep_sprintf("{\"challenge\":\"%s\",\"response\":\"0\"}", text);
  ck_assert_int_eq(read_proof(g, below, NULL), NEP_OK);
  ck_assert_int_ne(text[len - 1], '9');
  text[len - 1]++; /* q itself */
  char *q = nep_sprintf("{\"challenge\":\"%s\",\"response\":\"0\"}", text);
  ck_assert_int_ne(read_proof(g, q, NULL), NEP_OK);
  free(q);
  free(below);
}
END_TEST

START_TEST(objects_of_another_shape_are_refused)
{
  static const char *const bad[] = {"{}",
                                    "[]",
                                    "null",
                                    "\"5\"",
                                    "{\"challenge\":\"5\"}",
                                    "{\"response\":\"5\",\"challenge\":\"5\"}",
                                    "{\"challenge\":\"5\",\"response\":\"5\",\"more\":\"5\"}",
                                    "{\"more\":\"5\",\"challenge\":\"5\",\"response\":\"5\"}",
                                    "{\"challenge\":\"5\",\"Response\":\"5\"}",
                                    "{\"alpha\":\"5\",\"beta\":\"5\"}"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_error err = {0};
    ck_assert_msg(read_proof(group_number(0), bad[i], &err) == NEP_E_INPUT, "%s", bad[i]);
    ck_assert_str_eq(err.code, "shape");
  }
}
END_TEST

/* What is no text of an element at all is refused on reading; what is one, but outside the group or
   the identity, is refused by parse_member, which keys and credentials go through. */
START_TEST(a7_every_bad_element_is_refused_as_key_and_none_slips_through_membership)
{
  const nep_group *g = group_number(_i);
  nep_scalar s;
  nep_element e;
  char good[NEP_ELEMENT_TEXT_MAX], *bad[BAD_ELEMENTS];
  nep_scalar_random(g, &s);
  nep_element_exp_g(g, &e, &s);
  nep_element_text(g, &e, good);
  ck_assert_int_eq(nep_element_parse_member(g, &e, good, strlen(good), false, NULL), NEP_OK);
  bad_elements(g, good, bad);
  for (size_t i = 0; bad[i]; i++) {
    json_t *o = json_pack("{s:s,s:s}", "alpha", good, "beta", bad[i]);
    nep_ciphertext c;
    nep_error err = {0};
    ck_assert_msg(nep_element_parse_member(g, &e, bad[i], strlen(bad[i]), false, &err) != NEP_OK,
                  "%s", bad[i]);
    if (nep_ciphertext_read(g, o, "c", &c, &err) == NEP_OK)
      ck_assert(!nep_element_is_member_var(g, &c.beta) || nep_element_is_one(g, &c.beta));
    else
      ck_assert_str_eq(err.where, "c.beta");
    json_decref(o);
    free(bad[i]);
  }
}
END_TEST

START_TEST(signatures_bind_message_key_and_purpose)
{
  const nep_group *g = group_number(_i);
  nep_scalar sk, other;
  nep_element vk, wrong;
  nep_proof signature;
  const json_t *message;
  nep_buf text = {0};
  nep_scalar_random(g, &sk);
  nep_scalar_random(g, &other);
  nep_element_exp_g(g, &vk, &sk);
  nep_element_exp_g(g, &wrong, &other);
  nep_signed_write(g, NEP_TAG_BASIC_CERT, &sk, nep_str_bytes("{\"a\":[1,\"é\"]}"), &text);
  json_t *value = parsed(nep_buf_bytes(&text)), *changed = parsed(nep_str_bytes("{\"a\":[2]}"));
  ck_assert_int_eq(nep_signed_read(g, value, NULL, &message, &signature, NULL), NEP_OK);
  ck_assert(nep_signed_verify_var(g, NEP_TAG_BASIC_CERT, &vk, message, &signature));
  ck_assert(!nep_signed_verify_var(g, NEP_TAG_PEDERSEN_CERT, &vk, message, &signature));
  ck_assert(!nep_signed_verify_var(g, NEP_TAG_BASIC_CERT, &wrong, message, &signature));
  ck_assert(!nep_signed_verify_var(g, NEP_TAG_BASIC_CERT, &vk, changed, &signature));
  json_decref(changed);
  json_decref(value);
  nep_buf_free(&text);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/values");
  TCase *tc = tcase_create("values");
  tcase_add_loop_test(tc, proofs_and_ciphertexts_come_back_as_written, 0, GROUPS);
  tcase_add_loop_test(tc, scalars_that_are_not_canonical_are_refused, 0, GROUPS);
  tcase_add_loop_test(tc, a_scalar_from_q_on_is_refused, 0, GROUPS);
  tcase_add_test(tc, objects_of_another_shape_are_refused);
  tcase_add_loop_test(tc, a7_every_bad_element_is_refused_as_key_and_none_slips_through_membership,
                      0, GROUPS);
  tcase_add_loop_test(tc, signatures_bind_message_key_and_purpose, 0, GROUPS);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
