/* A3: nothing in a published ballot tells 0 from 1. Two samples of proofs, one of each choice, are
   compared by a chi-square statistic over the leading and the trailing digit of each published
   scalar. The randomness is a fixed stream, so the outcome is the same at every run. */
#include <sodium.h>

#include "crypto/group_ops.h"
#include "crypto/tags.h"
#include "tests/unit/crypto/support.h"

enum { SAMPLE = 300, BUCKETS = 16, SCALARS = 4 };

/* With 15 degrees of freedom a value of 60 has a probability below 10^-6. */
static const double BOUND = 60.0;

static uint64_t stream_position;

static void stream_bytes(void *out, size_t len)
{
  uint8_t seed[randombytes_SEEDBYTES] = {0};
  memcpy(seed, &stream_position, sizeof stream_position);
  stream_position++;
  randombytes_buf_deterministic(out, len, seed);
}

static uint32_t stream_number(void)
{
  uint32_t number;
  stream_bytes(&number, sizeof number);
  return number;
}

static const char *stream_name(void)
{
  return "fixed stream";
}

static void use_fixed_stream(void)
{
  static randombytes_implementation fixed = {
      .implementation_name = stream_name, .random = stream_number, .buf = stream_bytes};
  ck_assert_int_eq(randombytes_set_implementation(&fixed), 0);
}

/* How often each digit was seen, by published scalar. */
typedef struct histogram {
  double leading[SCALARS][BUCKETS];
  double trailing[SCALARS][BUCKETS];
} histogram;

static void count(const nep_group *g, histogram *h, const nep_proof proofs[2])
{
  /* the leading digit in units of q/16, read off the highest limb of q */
  uint64_t unit = g->q[g->q_limbs - 1] / BUCKETS + 1;
  for (size_t k = 0; k < SCALARS; k++) {
    const nep_scalar *s = k % 2 == 0 ? &proofs[k / 2].challenge : &proofs[k / 2].response;
    h->leading[k][s->limb[g->q_limbs - 1] / unit]++;
    h->trailing[k][s->limb[0] % BUCKETS]++;
  }
}

/* Two samples of equal size: sum of (a-b)^2 / (a+b). */
static double chi_square(const double a[BUCKETS], const double b[BUCKETS])
{
  double sum = 0;
  for (size_t i = 0; i < BUCKETS; i++)
    if (a[i] + b[i] > 0)
      sum += (a[i] - b[i]) * (a[i] - b[i]) / (a[i] + b[i]);
  return sum;
}

static double largest_difference(const histogram *a, const histogram *b)
{
  double largest = 0;
  for (size_t k = 0; k < SCALARS; k++) {
    double leading = chi_square(a->leading[k], b->leading[k]);
    double trailing = chi_square(a->trailing[k], b->trailing[k]);
    largest = leading > largest ? leading : largest;
    largest = trailing > largest ? trailing : largest;
  }
  return largest;
}

/* `spoil` may make a proof what a careless prover would publish. */
static void sample(const nep_group *g, const key_pair *k, unsigned value,
                   void (*spoil)(const nep_group *, unsigned, nep_proof[2]), histogram *h)
{
  *h = (histogram){0};
  for (int i = 0; i < SAMPLE; i++) {
    nep_scalar r;
    nep_ciphertext c;
    nep_proof proofs[2];
    nep_scalar_random(g, &r);
    nep_encrypt(k->key, &c, &r, value);
    nep_interval_prove(k->key, NEP_TAG_PROVE, nep_str_bytes("S"), &c, 0, 1, value, &r, NULL,
                       proofs);
    if (spoil)
      spoil(g, value, proofs);
    count(g, h, proofs);
  }
}

START_TEST(a3_published_scalars_are_distributed_alike_for_0_and_1)
{
  const nep_group *g = group_number(_i);
  histogram zero, one;
  use_fixed_stream();
  key_pair k = key_pair_new(g);
  sample(g, &k, 0, NULL, &zero);
  sample(g, &k, 1, NULL, &one);
  double difference = largest_difference(&zero, &one);
  ck_assert_msg(difference < BOUND, "chi-square %f", difference);
  nep_key_free(k.key);
}
END_TEST

/* The simulated branch gets a challenge a sixteenth as long as it should be. */
static void short_challenge(const nep_group *g, unsigned value, nep_proof proofs[2])
{
  proofs[1 - value].challenge.limb[g->q_limbs - 1] /= BUCKETS;
}

/* The true branch's response always even. */
static void even_response(const nep_group *g, unsigned value, nep_proof proofs[2])
{
  (void)g;
  proofs[value].response.limb[0] &= ~(uint64_t)1;
}

START_TEST(a3_the_statistic_sees_a_prover_that_leaks)
{
  const nep_group *g = group_number(_i);
  static void (*const leaks[])(const nep_group *, unsigned, nep_proof[2]) = {short_challenge,
                                                                             even_response};
  use_fixed_stream();
  key_pair k = key_pair_new(g);
  for (size_t i = 0; i < sizeof leaks / sizeof leaks[0]; i++) {
    histogram zero, one;
    sample(g, &k, 0, leaks[i], &zero);
    sample(g, &k, 1, leaks[i], &one);
    ck_assert(largest_difference(&zero, &one) > BOUND);
  }
  nep_key_free(k.key);
}
END_TEST

/* c_0 = c of attack A3: a challenge that follows from the others must not be published, and in
   honest proofs the challenges of neither branch repeat or equal their sum. */
START_TEST(a3_no_challenge_is_redundant)
{
  const nep_group *g = group_number(_i);
  key_pair k = key_pair_new(g);
  for (unsigned value = 0; value <= 1; value++) {
    nep_scalar r, sum, zero;
    nep_ciphertext c;
    nep_proof proofs[2];
    nep_scalar_zero(&zero);
    nep_scalar_random(g, &r);
    nep_encrypt(k.key, &c, &r, value);
    nep_interval_prove(k.key, NEP_TAG_PROVE, nep_str_bytes("S"), &c, 0, 1, value, &r, NULL, proofs);
    nep_scalar_add(g, &sum, &proofs[0].challenge, &proofs[1].challenge);
    for (size_t j = 0; j < 2; j++) {
      ck_assert(!nep_scalar_equal(&proofs[j].challenge, &sum));
      ck_assert(!nep_scalar_equal(&proofs[j].challenge, &zero));
      ck_assert(!nep_scalar_equal(&proofs[j].response, &zero));
    }
  }
  nep_key_free(k.key);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("statistics of proofs");
  TCase *t = tcase_create("statistics of proofs");
  tcase_set_timeout(t, 120);
  /* the curve and one integer group: the prover is the same code for all */
  tcase_add_loop_test(t, a3_published_scalars_are_distributed_alike_for_0_and_1, 0, 2);
  tcase_add_loop_test(t, a3_the_statistic_sees_a_prover_that_leaks, 0, 1);
  tcase_add_loop_test(t, a3_no_challenge_is_redundant, 0, GROUPS);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
