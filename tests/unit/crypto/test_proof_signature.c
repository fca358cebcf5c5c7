/* Signatures (protocol.md §5). */
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "tests/unit/crypto/support.h"

#define MESSAGE "{\"election_uuid\":\"11111111111111\",\"answers\":[]}"

typedef struct signature_case {
  const nep_group *g;
  nep_scalar sk;
  nep_element public_key;
  nep_proof signature;
} signature_case;

static signature_case signature_new(const nep_group *g)
{
  signature_case t = {.g = g};
  nep_scalar_random(g, &t.sk);
  nep_element_exp_g(g, &t.public_key, &t.sk);
  nep_sign(g, NEP_TAG_BALLOT, &t.sk, nep_str_bytes(MESSAGE), &t.signature);
  return t;
}

static bool verifies(const signature_case *t, const char *tag, nep_bytes message)
{
  return nep_signature_verify_var(t->g, tag, &t->public_key, message, &t->signature);
}

START_TEST(a_signature_verifies_and_two_of_them_differ)
{
  signature_case t = signature_new(group_number(_i));
  nep_proof first = t.signature;
  ck_assert(verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(MESSAGE)));
  nep_sign(t.g, NEP_TAG_BALLOT, &t.sk, nep_str_bytes(MESSAGE), &t.signature);
  ck_assert(verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(MESSAGE)));
  ck_assert(!nep_scalar_equal(&first.challenge, &t.signature.challenge));
  ck_assert(!nep_scalar_equal(&first.response, &t.signature.response));
}
END_TEST

START_TEST(every_byte_and_every_truncation_of_the_message_is_covered)
{
  signature_case t = signature_new(group_number(0));
  char text[] = MESSAGE;
  for (size_t i = 0; i < strlen(MESSAGE); i++) {
    text[i] ^= 1;
    ck_assert(!verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(text)));
    text[i] ^= 1;
    ck_assert(!verifies(&t, NEP_TAG_BALLOT, (nep_bytes){text, i}));
  }
  ck_assert(verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(text)));
}
END_TEST

START_TEST(a_signature_with_a_scalar_altered_is_refused)
{
  signature_case t = signature_new(group_number(_i));
  nep_proof kept = t.signature;
  add_one(t.g, &t.signature.challenge);
  ck_assert(!verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(MESSAGE)));
  t.signature = kept;
  add_one(t.g, &t.signature.response);
  ck_assert(!verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(MESSAGE)));
  nep_scalar_zero(&t.signature.challenge);
  nep_scalar_zero(&t.signature.response);
  ck_assert(!verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(MESSAGE)));
}
END_TEST

START_TEST(a_signature_of_one_purpose_is_none_of_another)
{
  static const char *const others[] = {
      NEP_TAG_VERIFICATION_KEY,       NEP_TAG_OUTER_VERIFICATION_KEY, NEP_TAG_BASIC_CERT,
      NEP_TAG_PEDERSEN_CERT,          NEP_TAG_PEDERSEN_CERTS,         NEP_TAG_PARTIAL_DECRYPTION,
      NEP_TAG_CREDENTIALS_CERTIFICATE};
  signature_case t = signature_new(group_number(_i));
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    ck_assert(!verifies(&t, others[i], nep_str_bytes(MESSAGE)));
}
END_TEST

START_TEST(a_signature_verifies_under_its_own_key_only)
{
  signature_case t = signature_new(group_number(_i));
  times_g(t.g, &t.public_key); /* the key whose secret is one more */
  ck_assert(!verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(MESSAGE)));
  nep_element_one(t.g, &t.public_key);
  ck_assert(!verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(MESSAGE)));
}
END_TEST

/* Schnorr's related-key attack: from a signature for g^x one for g^(x+1) by z - c. The key is in
   the hash, so it is refused. */
START_TEST(a9_a_signature_cannot_be_moved_to_a_related_key)
{
  signature_case t = signature_new(group_number(_i));
  nep_scalar_sub(t.g, &t.signature.response, &t.signature.response, &t.signature.challenge);
  times_g(t.g, &t.public_key);
  ck_assert(!verifies(&t, NEP_TAG_BALLOT, nep_str_bytes(MESSAGE)));
}
END_TEST

START_TEST(a_signature_satisfies_the_formula_of_the_protocol)
{
  signature_case t = signature_new(group_number(_i));
  nep_scalar w, expected;
  nep_element e;
  char key[NEP_ELEMENT_TEXT_MAX], commitment[NEP_ELEMENT_TEXT_MAX];
  nep_scalar_mul(t.g, &w, &t.sk, &t.signature.challenge);
  nep_scalar_add(t.g, &w, &w, &t.signature.response);
  nep_element_exp_g_var(t.g, &e, &w);
  (void)nep_element_text(t.g, &e, commitment);
  (void)nep_element_text(t.g, &t.public_key, key);
  char *message = nep_sprintf("%s|" MESSAGE "%s", key, commitment);
  char *tag = nep_sprintf("BELENIOS-V2-ballot-group_hash-%s", nep_group_name(t.g));
  nep_hash_to_field(t.g, tag, nep_str_bytes(message), 1, &expected);
  ck_assert(nep_scalar_equal(&expected, &t.signature.challenge));
  free(message);
  free(tag);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("signatures");
  TCase *t = tcase_create("signatures");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, a_signature_verifies_and_two_of_them_differ, 0, GROUPS);
  tcase_add_test(t, every_byte_and_every_truncation_of_the_message_is_covered);
  tcase_add_loop_test(t, a_signature_with_a_scalar_altered_is_refused, 0, GROUPS);
  tcase_add_loop_test(t, a_signature_of_one_purpose_is_none_of_another, 0, GROUPS);
  tcase_add_loop_test(t, a_signature_verifies_under_its_own_key_only, 0, GROUPS);
  tcase_add_loop_test(t, a9_a_signature_cannot_be_moved_to_a_related_key, 0, GROUPS);
  tcase_add_loop_test(t, a_signature_satisfies_the_formula_of_the_protocol, 0, GROUPS);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
