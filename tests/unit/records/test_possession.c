#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/keys.h"
#include "protocol/json.h"
#include "protocol/values.h"
#include "records/registration.h"
#include "records/tags.h"
#include "tests/support/run.h"

#define UUID "11111111111111"
#define NONCE "zxdZ2AMhocChxeaAgZZ5v9CRziAj2xYPS3vuy__xBkU"

/* A credential of the group and its proof, as they arrive. */
typedef struct made {
  char element[NEP_ELEMENT_TEXT_MAX];
  nep_scalar key;
  nep_registered_credential credential;
} made;

static void make(const nep_group *g, made *m)
{
  char private[NEP_CREDENTIAL_LENGTH + 1];
  nep_element e;
  nep_buf proof = {0};
  nep_error err = {0};
  nep_credential_new(private);
  nep_credential_key(g, UUID, private, &m->key);
  nep_element_exp_g(g, &e, &m->key);
  nep_element_text(g, &e, m->element);
  nep_possession_make(g, &m->key, UUID, NONCE, &proof);
  m->credential = (nep_registered_credential){NULL, m->element, NULL};
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(&proof), &m->credential.proof, &err), NEP_OK);
  nep_buf_free(&proof);
}

static void unmake(made *m)
{
  json_decref(m->credential.proof);
}

static nep_status verify(const nep_group *g, const made *m, const char *uuid, const char *nonce,
                         nep_error *err)
{
  *err = (nep_error){0};
  return nep_possession_verify(g, uuid, nonce, &m->credential, err);
}

START_TEST(a_proof_of_possession_holds_in_every_group)
{
  const nep_group *g = nep_group_at((size_t)_i);
  made m;
  nep_error err;
  make(g, &m);
  ck_assert_int_eq(verify(g, &m, UUID, NONCE, &err), NEP_OK);
  unmake(&m);
}
END_TEST

START_TEST(another_election_nonce_or_credential_is_refused)
{
  const nep_group *g = nep_group_at((size_t)_i);
  made m, other;
  nep_error err;
  make(g, &m);
  make(g, &other);
  ck_assert_int_eq(verify(g, &m, "11111111111112", NONCE, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "possession");
  ck_assert_int_eq(verify(g, &m, UUID, "Zak13acu6ntSh4hV1dwzlhTf9IkJjkp10JmZR82tJUQ", &err),
                   NEP_E_CHECK);
  m.credential.credential = other.element;
  ck_assert_int_eq(verify(g, &m, UUID, NONCE, &err), NEP_E_CHECK);
  unmake(&m);
  unmake(&other);
}
END_TEST

START_TEST(an_altered_challenge_or_response_is_refused)
{
  const nep_group *g = nep_group_at((size_t)_i);
  static const char *const parts[] = {"challenge", "response"};
  made m;
  nep_error err;
  make(g, &m);
  for (size_t i = 0; i < 2; i++) {
    json_t *before = json_incref(json_object_get(m.credential.proof, parts[i]));
    nep_scalar s, one;
    char text[NEP_SCALAR_TEXT_MAX];
    nep_scalar_set(g, &one, 1);
    ck_assert_int_eq(
        nep_scalar_parse(g, &s, json_string_value(before), json_string_length(before), &err),
        NEP_OK);
    nep_scalar_add(g, &s, &s, &one);
    nep_scalar_text(g, &s, text);
    json_object_set_new(m.credential.proof, parts[i], json_string(text));
    ck_assert_int_eq(verify(g, &m, UUID, NONCE, &err), NEP_E_CHECK);
    json_object_set_new(m.credential.proof, parts[i], json_string("01"));
    ck_assert_int_eq(verify(g, &m, UUID, NONCE, &err), NEP_E_INPUT);
    json_object_set_new(m.credential.proof, parts[i], before);
  }
  ck_assert_int_eq(verify(g, &m, UUID, NONCE, &err), NEP_OK);
  unmake(&m);
}
END_TEST

START_TEST(a7_the_identity_and_small_order_points_are_no_credentials)
{
  const nep_group *g = nep_group_find("Ed25519", 7);
  /* The identity; the point of order 2; a point of order 8. */
  static char *const bad[] = {"0000000000000000000000000000000000000000000000000000000000000001",
                              "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
                              "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7"};
  made m;
  nep_error err;
  make(g, &m);
  for (size_t i = 0; i < 3; i++) {
    m.credential.credential = bad[i];
    ck_assert_int_eq(verify(g, &m, UUID, NONCE, &err), NEP_E_INPUT);
    ck_assert_str_eq(err.code, "credential");
  }
  unmake(&m);
}
END_TEST

START_TEST(a9_a_signature_with_the_tag_of_ballots_shows_no_possession)
{
  const nep_group *g = nep_group_find("Ed25519", 7);
  static const char message[] = "{\"uuid\":\"" UUID "\",\"nonce\":\"" NONCE "\"}";
  made m;
  nep_proof proof;
  nep_buf text = {0};
  nep_error err = {0};
  make(g, &m);
  json_decref(m.credential.proof);
  nep_sign(g, "BELENIOS-V2-ballot", &m.key, nep_str_bytes(message), &proof);
  nep_proof_write(g, &text, &proof);
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(&text), &m.credential.proof, &err), NEP_OK);
  ck_assert_int_eq(verify(g, &m, UUID, NONCE, &err), NEP_E_CHECK);
  unmake(&m);
  /* The same message with our own tag does: so the tag alone made the difference. */
  nep_buf_clear(&text);
  nep_sign(g, NEP_TAG_POSSESSION, &m.key, nep_str_bytes(message), &proof);
  nep_proof_write(g, &text, &proof);
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(&text), &m.credential.proof, &err), NEP_OK);
  ck_assert_int_eq(verify(g, &m, UUID, NONCE, &err), NEP_OK);
  unmake(&m);
  nep_buf_free(&text);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/possession");
  TCase *tc = tcase_create("possession");
  tcase_add_loop_test(tc, a_proof_of_possession_holds_in_every_group, 0, 3);
  tcase_add_loop_test(tc, another_election_nonce_or_credential_is_refused, 0, 3);
  tcase_add_loop_test(tc, an_altered_challenge_or_response_is_refused, 0, 3);
  tcase_add_test(tc, a7_the_identity_and_small_order_points_are_no_credentials);
  tcase_add_test(tc, a9_a_signature_with_the_tag_of_ballots_shows_no_possession);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
