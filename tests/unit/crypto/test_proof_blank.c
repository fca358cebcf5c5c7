/* The two proofs of elections that allow a blank vote (protocol.md §9). */
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "tests/unit/crypto/support.h"

enum { MIN = 1, MAX = 3, OVERALL = MAX - MIN + 2 };
#define S2 "phi|credential|alpha1,beta1,alpha2"

typedef struct blank_case {
  const nep_group *g;
  key_pair k;
  nep_ciphertext c0, cs;
  nep_scalar r0, rs;
  nep_proof blank_proof[2];
  nep_proof overall[OVERALL];
} blank_case;

/* Encrypts m0 and ms and proves as if the vote were `blank` with the given sum. */
static blank_case blank_new(const nep_group *g, unsigned m0, unsigned ms, unsigned blank)
{
  blank_case t = {.g = g, .k = key_pair_new(g)};
  nep_scalar_random(g, &t.r0);
  nep_scalar_random(g, &t.rs);
  encrypt_number(g, &t.k, &t.c0, &t.r0, m0);
  encrypt_number(g, &t.k, &t.cs, &t.rs, ms);
  nep_blank_prove(t.k.key, nep_str_bytes(S2), &t.c0, &t.cs, blank, ms, &t.r0, &t.rs, NULL,
                  t.blank_proof);
  nep_blank_overall_prove(t.k.key, nep_str_bytes(S2), &t.c0, &t.cs, MIN, MAX, blank, ms, &t.r0,
                          &t.rs, NULL, t.overall);
  return t;
}

static bool blank_verifies(const blank_case *t, const char *s2)
{
  return nep_blank_verify_var(t->k.key, nep_str_bytes(s2), &t->c0, &t->cs, t->blank_proof);
}

static bool overall_verifies(const blank_case *t, const char *s2)
{
  return nep_blank_overall_verify_var(t->k.key, nep_str_bytes(s2), &t->c0, &t->cs, MIN, MAX,
                                      t->overall);
}

START_TEST(blank_votes_and_every_allowed_sum_are_proved_and_verified)
{
  const nep_group *g = group_number(_i);
  blank_case t = blank_new(g, 1, 0, 1);
  ck_assert(blank_verifies(&t, S2) && overall_verifies(&t, S2));
  nep_key_free(t.k.key);
  for (unsigned sum = MIN; sum <= MAX; sum++) {
    t = blank_new(g, 0, sum, 0);
    ck_assert_msg(blank_verifies(&t, S2) && overall_verifies(&t, S2), "sum %u", sum);
    nep_key_free(t.k.key);
  }
}
END_TEST

START_TEST(a_blank_vote_with_a_choice_is_refused)
{
  for (unsigned claimed = 0; claimed <= 1; claimed++) {
    blank_case t = blank_new(group_number(_i), 1, 2, claimed);
    ck_assert(!blank_verifies(&t, S2));
    nep_key_free(t.k.key);
  }
}
END_TEST

START_TEST(a_sum_outside_the_limits_without_blank_is_refused)
{
  static const unsigned sums[] = {MIN - 1, MAX + 1};
  for (size_t i = 0; i < 2; i++)
    for (unsigned claimed = 0; claimed <= 1; claimed++) {
      blank_case t = blank_new(group_number(_i), 0, sums[i], claimed);
      ck_assert(!overall_verifies(&t, S2));
      nep_key_free(t.k.key);
    }
}
END_TEST

START_TEST(proofs_with_any_scalar_altered_are_refused)
{
  blank_case t = blank_new(group_number(_i), 0, 2, 0);
  for (size_t j = 0; j < 2 + OVERALL; j++) {
    nep_proof *p = j < 2 ? &t.blank_proof[j] : &t.overall[j - 2];
    nep_proof kept = *p;
    add_one(t.g, &p->challenge);
    ck_assert_int_eq(blank_verifies(&t, S2) + overall_verifies(&t, S2), 1);
    *p = kept;
    add_one(t.g, &p->response);
    ck_assert_int_eq(blank_verifies(&t, S2) + overall_verifies(&t, S2), 1);
    *p = kept;
  }
  ck_assert(blank_verifies(&t, S2) && overall_verifies(&t, S2));
  nep_key_free(t.k.key);
}
END_TEST

START_TEST(proofs_for_other_ciphertexts_or_another_ballot_are_refused)
{
  blank_case t = blank_new(group_number(_i), 0, 2, 0);
  nep_element *const fields[] = {&t.c0.alpha, &t.c0.beta, &t.cs.alpha, &t.cs.beta};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    nep_element kept = *fields[i];
    times_g(t.g, fields[i]);
    ck_assert(!blank_verifies(&t, S2) && !overall_verifies(&t, S2));
    *fields[i] = kept;
  }
  ck_assert(!blank_verifies(&t, S2 "|") && !overall_verifies(&t, S2 "|"));
  ck_assert(blank_verifies(&t, S2) && overall_verifies(&t, S2));
  nep_key_free(t.k.key);
}
END_TEST

START_TEST(branches_and_ciphertexts_in_another_order_are_refused)
{
  blank_case t = blank_new(group_number(_i), 0, 2, 0);
  nep_proof first = t.blank_proof[0];
  t.blank_proof[0] = t.blank_proof[1];
  t.blank_proof[1] = first;
  ck_assert(!blank_verifies(&t, S2));
  t.blank_proof[1] = t.blank_proof[0];
  t.blank_proof[0] = first;
  first = t.overall[0];
  t.overall[0] = t.overall[OVERALL - 1];
  t.overall[OVERALL - 1] = first;
  ck_assert(!overall_verifies(&t, S2));
  nep_ciphertext c0 = t.c0;
  t.c0 = t.cs;
  t.cs = c0;
  ck_assert(!blank_verifies(&t, S2));
  nep_key_free(t.k.key);
}
END_TEST

START_TEST(one_proof_does_not_stand_for_the_other)
{
  /* min = max = 1: both proofs have two branches, told apart by tag and statements only */
  const nep_group *g = group_number(_i);
  blank_case t = blank_new(g, 0, 1, 0);
  nep_proof overall[2];
  nep_blank_overall_prove(t.k.key, nep_str_bytes(S2), &t.c0, &t.cs, 1, 1, 0, 1, &t.r0, &t.rs, NULL,
                          overall);
  ck_assert(nep_blank_overall_verify_var(t.k.key, nep_str_bytes(S2), &t.c0, &t.cs, 1, 1, overall));
  ck_assert(!nep_blank_verify_var(t.k.key, nep_str_bytes(S2), &t.c0, &t.cs, overall));
  ck_assert(
      !nep_blank_overall_verify_var(t.k.key, nep_str_bytes(S2), &t.c0, &t.cs, 1, 1, t.blank_proof));
  ck_assert(!nep_blank_overall_verify_var(t.k.key, nep_str_bytes(S2), &t.c0, &t.cs, 2, 1, overall));
  nep_key_free(t.k.key);
}
END_TEST

/* A commitment pair by the plain formula: g^z alpha^c and y^z (beta/g^shift)^c. */
static void append_commitments(const blank_case *t, const nep_ciphertext *c, unsigned shift,
                               const nep_proof *p, nep_buf *out)
{
  nep_scalar number;
  nep_element e[2], power;
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_scalar_set(t->g, &number, shift);
  nep_element_exp_g_var(t->g, &power, &number);
  nep_element_div(t->g, &power, &c->beta, &power);
  nep_element_exp_var(t->g, &power, &power, &p->challenge);
  nep_element_exp_var(t->g, &e[1], &t->k.y, &p->response);
  nep_element_mul(t->g, &e[1], &e[1], &power);
  nep_element_exp_var(t->g, &power, &c->alpha, &p->challenge);
  nep_element_exp_g_var(t->g, &e[0], &p->response);
  nep_element_mul(t->g, &e[0], &e[0], &power);
  for (size_t i = 0; i < 2; i++) {
    (void)nep_element_text(t->g, &e[i], text);
    nep_buf_printf(out, "%s%s", out->len > strlen(S2) ? "," : "", text);
  }
}

START_TEST(honest_proofs_satisfy_the_formula_of_the_protocol)
{
  blank_case t = blank_new(group_number(_i), 1, 0, 1);
  nep_scalar expected, sum;
  nep_buf message = {0};
  nep_buf_str(&message, S2);
  append_commitments(&t, &t.c0, 1, &t.overall[0], &message);
  for (unsigned k = MIN; k <= MAX; k++)
    append_commitments(&t, &t.cs, k, &t.overall[1 + k - MIN], &message);
  char *tag = nep_sprintf("BELENIOS-V2-bproof1-group_hash-%s", nep_group_name(t.g));
  nep_hash_to_field(t.g, tag, nep_buf_bytes(&message), 1, &expected);
  nep_scalar_zero(&sum);
  for (size_t j = 0; j < OVERALL; j++)
    nep_scalar_add(t.g, &sum, &sum, &t.overall[j].challenge);
  ck_assert(nep_scalar_equal(&sum, &expected));
  free(tag);
  nep_buf_clear(&message);
  nep_buf_str(&message, S2);
  append_commitments(&t, &t.c0, 0, &t.blank_proof[0], &message);
  append_commitments(&t, &t.cs, 0, &t.blank_proof[1], &message);
  tag = nep_sprintf("BELENIOS-V2-bproof0-group_hash-%s", nep_group_name(t.g));
  nep_hash_to_field(t.g, tag, nep_buf_bytes(&message), 1, &expected);
  nep_scalar_add(t.g, &sum, &t.blank_proof[0].challenge, &t.blank_proof[1].challenge);
  ck_assert(nep_scalar_equal(&sum, &expected));
  free(tag);
  nep_buf_free(&message);
  nep_key_free(t.k.key);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("blank proofs");
  TCase *t = tcase_create("blank proofs");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, blank_votes_and_every_allowed_sum_are_proved_and_verified, 0, GROUPS);
  tcase_add_loop_test(t, a_blank_vote_with_a_choice_is_refused, 0, GROUPS);
  tcase_add_loop_test(t, a_sum_outside_the_limits_without_blank_is_refused, 0, GROUPS);
  tcase_add_loop_test(t, proofs_with_any_scalar_altered_are_refused, 0, GROUPS);
  tcase_add_loop_test(t, proofs_for_other_ciphertexts_or_another_ballot_are_refused, 0, GROUPS);
  tcase_add_loop_test(t, branches_and_ciphertexts_in_another_order_are_refused, 0, GROUPS);
  tcase_add_loop_test(t, one_proof_does_not_stand_for_the_other, 0, GROUPS);
  tcase_add_loop_test(t, honest_proofs_satisfy_the_formula_of_the_protocol, 0, GROUPS);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
