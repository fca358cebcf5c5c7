/* Interval proofs: complete, refused when anything is altered, and attacks A1 and A3. */
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "tests/unit/crypto/support.h"

enum { BRANCHES_MAX = 8 };

/* A ciphertext of `value` with a proof that it is in min..max. */
typedef struct interval_case {
  const nep_group *g;
  key_pair k;
  nep_ciphertext c;
  nep_scalar r;
  unsigned min, max;
  nep_proof proofs[BRANCHES_MAX];
} interval_case;

#define S_TEXT "phi|credential"

static bool verifies_as(const interval_case *t, const char *tag, const char *s, unsigned min,
                        unsigned max)
{
  return nep_interval_verify_var(t->k.key, tag, nep_str_bytes(s), &t->c, min, max, t->proofs);
}

static bool verifies(const interval_case *t)
{
  return verifies_as(t, NEP_TAG_PROVE, S_TEXT, t->min, t->max);
}

/* The prover is told `claimed`; the ciphertext holds `value`. */
static interval_case interval_new(const nep_group *g, unsigned min, unsigned max, uint64_t value,
                                  unsigned claimed)
{
  interval_case t = {.g = g, .k = key_pair_new(g), .min = min, .max = max};
  nep_scalar_random(g, &t.r);
  encrypt_number(g, &t.k, &t.c, &t.r, value);
  nep_interval_prove(t.k.key, NEP_TAG_PROVE, nep_str_bytes(S_TEXT), &t.c, min, max, claimed, &t.r,
                     NULL, t.proofs);
  return t;
}

START_TEST(nep_encrypt_encrypts_0_and_1)
{
  const nep_group *g = group_number(_i);
  key_pair k = key_pair_new(g);
  for (unsigned m = 0; m <= 1; m++) {
    nep_ciphertext got, expected;
    nep_scalar r;
    nep_scalar_random(g, &r);
    nep_encrypt(k.key, &got, &r, m);
    encrypt_number(g, &k, &expected, &r, m);
    ck_assert(nep_element_equal(g, &got.alpha, &expected.alpha));
    ck_assert(nep_element_equal(g, &got.beta, &expected.beta));
  }
  ck_assert_ptr_eq(nep_key_group(k.key), g);
  ck_assert(nep_element_equal(g, nep_key_element(k.key), &k.y));
  nep_key_free(k.key);
  nep_key_free(NULL);
}
END_TEST

START_TEST(ciphertexts_add_subtract_and_weigh)
{
  const nep_group *g = group_number(_i);
  key_pair k = key_pair_new(g);
  nep_scalar r[2], sum;
  nep_ciphertext a, b, got, expected;
  nep_scalar_random(g, &r[0]);
  nep_scalar_random(g, &r[1]);
  encrypt_number(g, &k, &a, &r[0], 3);
  encrypt_number(g, &k, &b, &r[1], 4);
  nep_scalar_add(g, &sum, &r[0], &r[1]);
  encrypt_number(g, &k, &expected, &sum, 7);
  nep_ciphertext_mul(g, &got, &a, &b);
  ck_assert(nep_element_equal(g, &got.beta, &expected.beta));
  nep_ciphertext_div(g, &got, &got, &b);
  ck_assert(nep_element_equal(g, &got.alpha, &a.alpha));
  ck_assert(nep_element_equal(g, &got.beta, &a.beta));
  nep_ciphertext_one(g, &expected);
  for (uint64_t weight = 0; weight <= 3; weight++) {
    nep_ciphertext_exp_var(g, &got, &a, weight);
    ck_assert(nep_element_equal(g, &got.alpha, &expected.alpha));
    ck_assert(nep_element_equal(g, &got.beta, &expected.beta));
    nep_ciphertext_mul(g, &expected, &expected, &a);
  }
  nep_key_free(k.key);
}
END_TEST

START_TEST(every_value_of_an_interval_is_proved_and_verified)
{
  const nep_group *g = group_number(_i);
  static const unsigned intervals[][2] = {{0, 0}, {0, 1}, {1, 1}, {0, 3}, {2, 4}};
  for (size_t k = 0; k < sizeof intervals / sizeof intervals[0]; k++)
    for (unsigned v = intervals[k][0]; v <= intervals[k][1]; v++) {
      interval_case t = interval_new(g, intervals[k][0], intervals[k][1], v, v);
      ck_assert_msg(verifies(&t), "%u of %u..%u", v, t.min, t.max);
      nep_key_free(t.k.key);
    }
}
END_TEST

START_TEST(a_value_outside_its_interval_cannot_be_claimed_inside)
{
  const nep_group *g = group_number(_i);
  static const unsigned lies[][2] = {{2, 0}, {2, 1}, {1, 0}, {0, 1}}; /* encrypted, claimed */
  for (size_t k = 0; k < sizeof lies / sizeof lies[0]; k++) {
    interval_case t = interval_new(g, 0, 1, lies[k][0], lies[k][1]);
    ck_assert(!verifies(&t));
    nep_key_free(t.k.key);
  }
}
END_TEST

START_TEST(a_proof_with_any_scalar_altered_is_refused)
{
  interval_case t = interval_new(group_number(_i), 0, 2, 1, 1);
  for (size_t j = 0; j <= 2; j++) {
    nep_proof kept = t.proofs[j];
    add_one(t.g, &t.proofs[j].challenge);
    ck_assert(!verifies(&t));
    t.proofs[j] = kept;
    add_one(t.g, &t.proofs[j].response);
    ck_assert(!verifies(&t));
    nep_scalar_zero(&t.proofs[j].response);
    ck_assert(!verifies(&t));
    t.proofs[j] = kept;
  }
  ck_assert(verifies(&t));
  nep_key_free(t.k.key);
}
END_TEST

START_TEST(a_proof_with_branches_swapped_or_challenges_shifted_is_refused)
{
  interval_case t = interval_new(group_number(_i), 0, 1, 1, 1);
  nep_proof kept[2] = {t.proofs[0], t.proofs[1]};
  nep_scalar one;
  t.proofs[0] = kept[1];
  t.proofs[1] = kept[0];
  ck_assert(!verifies(&t));
  t.proofs[0] = kept[0];
  t.proofs[1] = kept[1];
  nep_scalar_set(t.g, &one, 1); /* the sum stays what it was */
  nep_scalar_add(t.g, &t.proofs[0].challenge, &t.proofs[0].challenge, &one);
  nep_scalar_sub(t.g, &t.proofs[1].challenge, &t.proofs[1].challenge, &one);
  ck_assert(!verifies(&t));
  nep_key_free(t.k.key);
}
END_TEST

START_TEST(a_proof_for_another_statement_is_refused)
{
  interval_case t = interval_new(group_number(_i), 0, 1, 1, 1);
  nep_ciphertext kept = t.c;
  ck_assert(verifies(&t));
  times_g(t.g, &t.c.alpha);
  ck_assert(!verifies(&t));
  t.c = kept;
  times_g(t.g, &t.c.beta);
  ck_assert(!verifies(&t));
  t.c = kept;
  ck_assert(!verifies_as(&t, NEP_TAG_BLANK_PROOF, S_TEXT, 0, 1));
  ck_assert(!verifies_as(&t, NEP_TAG_PROVE, "phi|other", 0, 1));
  ck_assert(!verifies_as(&t, NEP_TAG_PROVE, "", 0, 1));
  ck_assert(!verifies_as(&t, NEP_TAG_PROVE, S_TEXT, 1, 2));
  ck_assert(!verifies_as(&t, NEP_TAG_PROVE, S_TEXT, 0, 0));
  ck_assert(!verifies_as(&t, NEP_TAG_PROVE, S_TEXT, 1, 0));
  key_pair other = key_pair_new(t.g);
  ck_assert(!nep_interval_verify_var(other.key, NEP_TAG_PROVE, nep_str_bytes(S_TEXT), &t.c, 0, 1,
                                     t.proofs));
  nep_key_free(other.key);
  nep_key_free(t.k.key);
}
END_TEST

/* The commitments that a proof implies, by the plain formula of protocol.md §9. */
static void commitments_of(const interval_case *t, nep_element *out)
{
  nep_element shifted = t->c.beta, generator, power;
  nep_element_generator(t->g, &generator);
  for (size_t j = 0; j < 2; j++) {
    const nep_proof *p = &t->proofs[j];
    nep_element_exp_g_var(t->g, &out[2 * j], &p->response);
    nep_element_exp_var(t->g, &power, &t->c.alpha, &p->challenge);
    nep_element_mul(t->g, &out[2 * j], &out[2 * j], &power);
    nep_element_exp_var(t->g, &out[2 * j + 1], &t->k.y, &p->response);
    nep_element_exp_var(t->g, &power, &shifted, &p->challenge);
    nep_element_mul(t->g, &out[2 * j + 1], &out[2 * j + 1], &power);
    nep_element_div(t->g, &shifted, &shifted, &generator);
  }
}

/* Weak Fiat-Shamir: the challenge covers the commitments and nothing of the statement. */
static void weak_challenge(const nep_group *g, const nep_element *commitments, nep_scalar *out)
{
  nep_challenge hash;
  nep_challenge_start(&hash, g, NEP_TAG_PROVE);
  nep_challenge_elements(&hash, commitments, 4);
  nep_challenge_end(&hash, out);
}

static bool weak_verifies(const interval_case *t)
{
  nep_element commitments[4];
  nep_scalar sum, expected;
  commitments_of(t, commitments);
  weak_challenge(t->g, commitments, &expected);
  nep_scalar_add(t->g, &sum, &t->proofs[0].challenge, &t->proofs[1].challenge);
  return nep_scalar_equal(&sum, &expected);
}

/* Commits to A_j = g^a_j, B_0 = y^a_0 g^b, B_1 = y^a_1, learns the challenge c, and only then picks
   the statement: plaintext m = b / c. With c_0 = c, c_1 = 0, z_0 = a_0 - r c, z_1 = a_1 both
   branches hold, although m is neither 0 nor 1. */
START_TEST(a1_a_statement_chosen_after_the_challenge_is_refused)
{
  const nep_group *g = group_number(_i);
  interval_case t = {.g = g, .k = key_pair_new(g), .max = 1};
  nep_scalar a[2], b, c, m;
  nep_element commitments[4], g_m;
  nep_scalar_random(g, &t.r);
  nep_scalar_random(g, &b);
  for (size_t j = 0; j < 2; j++) {
    nep_scalar_random(g, &a[j]);
    nep_element_exp_g(g, &commitments[2 * j], &a[j]);
    nep_element_exp(g, &commitments[2 * j + 1], &t.k.y, &a[j]);
  }
  nep_element_exp_g(g, &g_m, &b);
  nep_element_mul(g, &commitments[1], &commitments[1], &g_m);
  weak_challenge(g, commitments, &c);
  nep_scalar_invert_var(g, &m, &c);
  nep_scalar_mul(g, &m, &m, &b);
  encrypt_number(g, &t.k, &t.c, &t.r, 0);
  nep_element_exp_g(g, &g_m, &m);
  nep_element_mul(g, &t.c.beta, &t.c.beta, &g_m);
  t.proofs[0].challenge = c;
  nep_scalar_mul(g, &t.proofs[0].response, &t.r, &c);
  nep_scalar_sub(g, &t.proofs[0].response, &a[0], &t.proofs[0].response);
  nep_scalar_zero(&t.proofs[1].challenge);
  t.proofs[1].response = a[1];
  ck_assert(weak_verifies(&t)); /* the forgery is good against the weak hash .. */
  ck_assert(!verifies(&t));     /* .. and worthless against ours */
  nep_key_free(t.k.key);
}
END_TEST

/* Each branch of a vote of 1000 simulated by itself, as a verifier that never adds up the
   challenges would accept it; then with the sum forced after the hash is known. */
START_TEST(a3_a_simulated_proof_for_a_vote_of_1000_is_refused)
{
  const nep_group *g = group_number(_i);
  interval_case t = interval_new(g, 0, 1, 1000, 1);
  ck_assert(!verifies(&t));
  for (size_t j = 0; j < 2; j++) {
    nep_scalar_random(g, &t.proofs[j].challenge);
    nep_scalar_random(g, &t.proofs[j].response);
  }
  ck_assert(!verifies(&t));
  nep_element commitments[4];
  char alpha[NEP_ELEMENT_TEXT_MAX], beta[NEP_ELEMENT_TEXT_MAX];
  nep_challenge hash;
  nep_scalar c;
  commitments_of(&t, commitments);
  (void)nep_element_text(g, &t.c.alpha, alpha);
  (void)nep_element_text(g, &t.c.beta, beta);
  char *message = nep_sprintf(S_TEXT "|%s,%s|", alpha, beta);
  nep_challenge_start(&hash, g, NEP_TAG_PROVE);
  nep_challenge_text(&hash, nep_str_bytes(message));
  nep_challenge_elements(&hash, commitments, 4);
  nep_challenge_end(&hash, &c);
  nep_scalar_sub(g, &t.proofs[1].challenge, &c, &t.proofs[0].challenge);
  ck_assert(!verifies(&t));
  free(message);
  nep_key_free(t.k.key);
}
END_TEST

/* The same message and formulas by hand: an honest proof satisfies protocol.md §9 as written, so
   prover and verifier cannot agree on something else. */
START_TEST(an_honest_proof_satisfies_the_formula_of_the_protocol)
{
  interval_case t = interval_new(group_number(_i), 0, 1, 1, 1);
  nep_element commitments[4];
  char alpha[NEP_ELEMENT_TEXT_MAX], beta[NEP_ELEMENT_TEXT_MAX];
  nep_scalar c, sum;
  nep_buf message = {0};
  commitments_of(&t, commitments);
  (void)nep_element_text(t.g, &t.c.alpha, alpha);
  (void)nep_element_text(t.g, &t.c.beta, beta);
  nep_buf_printf(&message, "%s|%s,%s|", S_TEXT, alpha, beta);
  for (size_t k = 0; k < 4; k++) {
    (void)nep_element_text(t.g, &commitments[k], alpha);
    nep_buf_printf(&message, "%s%s", k > 0 ? "," : "", alpha);
  }
  char *tag = nep_sprintf("BELENIOS-V2-prove-group_hash-%s", nep_group_name(t.g));
  nep_hash_to_field(t.g, tag, nep_buf_bytes(&message), 1, &c);
  nep_scalar_add(t.g, &sum, &t.proofs[0].challenge, &t.proofs[1].challenge);
  ck_assert(nep_scalar_equal(&sum, &c));
  free(tag);
  nep_buf_free(&message);
  nep_key_free(t.k.key);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("interval proofs");
  TCase *t = tcase_create("interval proofs");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, nep_encrypt_encrypts_0_and_1, 0, GROUPS);
  tcase_add_loop_test(t, ciphertexts_add_subtract_and_weigh, 0, GROUPS);
  tcase_add_loop_test(t, every_value_of_an_interval_is_proved_and_verified, 0, GROUPS);
  tcase_add_loop_test(t, a_value_outside_its_interval_cannot_be_claimed_inside, 0, GROUPS);
  tcase_add_loop_test(t, a_proof_with_any_scalar_altered_is_refused, 0, GROUPS);
  tcase_add_loop_test(t, a_proof_with_branches_swapped_or_challenges_shifted_is_refused, 0, GROUPS);
  tcase_add_loop_test(t, a_proof_for_another_statement_is_refused, 0, GROUPS);
  tcase_add_loop_test(t, a1_a_statement_chosen_after_the_challenge_is_refused, 0, GROUPS);
  tcase_add_loop_test(t, a3_a_simulated_proof_for_a_vote_of_1000_is_refused, 0, GROUPS);
  tcase_add_loop_test(t, an_honest_proof_satisfies_the_formula_of_the_protocol, 0, GROUPS);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
