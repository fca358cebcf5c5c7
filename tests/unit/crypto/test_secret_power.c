/* Powers of fixed bases with secret exponents against libsodium and against the path for public
   exponents. A long run (NEP_TEST_LONG) has a hundred times as many cases. */
#include <pthread.h>
#include <string.h>

#include "tests/unit/crypto/curve.h"

static size_t cases = 10000;

/* Every nibble at the extremes of the digits, carries that run through, and single bits. */
static nep_scalar scalar_at(size_t i)
{
  static const uint64_t pattern[] = {0x8888888888888888, 0x7777777777777777, 0x8787878787878787,
                                     0x7878787878787878, 0xffffffffffffffff, 0xf0f0f0f0f0f0f0f0,
                                     0x0f0f0f0f0f0f0f0f, 0x8000000000000000, 0x9999999999999999};
  const nep_group *g = test_curve();
  enum { PATTERNS = sizeof pattern / sizeof pattern[0], BITS = 252 };
  nep_scalar s = {{0}};
  if (i < PATTERNS) {
    for (size_t w = 0; w < 4; w++)
      s.limb[w] = pattern[i];
    s.limb[3] &= 0x0fffffffffffffff;
    return s;
  }
  i -= PATTERNS;
  if (i < NEP_TEST_SCALARS)
    return test_scalar(g, i);
  i -= NEP_TEST_SCALARS;
  if (i < BITS) {
    s.limb[i / 64] = UINT64_C(1) << (i % 64);
    return s;
  }
  return test_random_scalar(g);
}

/* libsodium writes the identity for a zero exponent and answers -1. */
static void sodium_power(uint8_t out[32], const nep_base *b, const nep_scalar *s, bool generator)
{
  uint8_t base[32];
  if (generator) {
    (void)!crypto_scalarmult_ed25519_base_noclamp(out, (const uint8_t *)s->limb);
    return;
  }
  test_to_bytes(nep_base_element(b), base);
  (void)!crypto_scalarmult_ed25519_noclamp(out, (const uint8_t *)s->limb, base);
}

/* One in four on another base than the generator, for which libsodium takes longer. */
START_TEST(powers_of_fixed_bases_equal_libsodium)
{
  const nep_group *g = test_curve();
  nep_element y = test_random_element(g);
  nep_base *const other = nep_base_new(g, &y);
  for (size_t i = 0; i < cases; i++) {
    bool generator = i % 4 != 0;
    const nep_base *base = generator ? nep_base_generator(g) : other;
    nep_scalar s = scalar_at(i / 2);
    nep_element got, again;
    uint8_t want[32], bytes[32];
    nep_base_exp(base, &got, &s);
    nep_base_exp_var(base, &again, &s);
    test_same(g, &got, &again);
    sodium_power(want, base, &s, generator);
    test_to_bytes(&got, bytes);
    ck_assert_mem_eq(bytes, want, 32);
  }
  nep_base_free(other);
}
END_TEST

/* A base of any order: the digits' multiples are taken, not exponents modulo q. */
START_TEST(bases_outside_the_subgroup_and_the_identity)
{
  const nep_group *g = test_curve();
  for (unsigned t = 0; t < 2 * TEST_TORSION; t++) {
    nep_element e = test_torsion(t % TEST_TORSION);
    if (t >= TEST_TORSION)
      e = test_mul(g, e, test_random_element(g));
    nep_base *base = nep_base_new(g, &e);
    for (size_t i = 0; i < 60; i++) {
      nep_scalar s = scalar_at(i);
      nep_element got, want;
      nep_base_exp(base, &got, &s);
      nep_element_exp_var(g, &want, &e, &s);
      test_same(g, &got, &want);
    }
    nep_base_free(base);
  }
}
END_TEST

/* ---- a table of which only the first multiples are there ---- */

enum { THREADS = 4, POWERS = 60 };

typedef struct user {
  const nep_base *base;
  bool is_public; /* its exponents: the first of these has the table completed */
  size_t wrong;
} user;

static void *use(void *context)
{
  user *u = context;
  for (size_t i = 0; i < POWERS; i++) {
    nep_scalar s = scalar_at(i);
    nep_element got;
    uint8_t want[32], bytes[32];
    if (u->is_public)
      nep_base_exp_var(u->base, &got, &s);
    else
      nep_base_exp(u->base, &got, &s);
    test_to_bytes(&got, bytes);
    sodium_power(want, u->base, &s, false);
    u->wrong += memcmp(bytes, want, sizeof want) != 0;
  }
  return NULL;
}

START_TEST(secret_exponents_need_no_more_than_the_first_multiples)
{
  nep_element y = test_random_element(test_curve());
  nep_base *base = nep_base_new(test_curve(), &y);
  user alone = {.base = base};
  use(&alone);
  ck_assert_uint_eq(alone.wrong, 0);
  nep_base_free(base);
}
END_TEST

START_TEST(a_table_is_completed_while_others_read_it)
{
  for (unsigned round = 0; round < 5; round++) {
    nep_element y = test_random_element(test_curve());
    nep_base *base = nep_base_new(test_curve(), &y);
    user users[THREADS];
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
      users[i] = (user){.base = base, .is_public = i % 2 == 1};
      ck_assert_int_eq(pthread_create(&threads[i], NULL, use, &users[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
      pthread_join(threads[i], NULL);
    for (size_t i = 0; i < THREADS; i++)
      ck_assert_uint_eq(users[i].wrong, 0);
    nep_base_free(base);
  }
}
END_TEST

int main(void)
{
  if (nep_test_long())
    cases = 1000000;
  Suite *suite = suite_create("secret power");
  TCase *tc = tcase_create("secret power");
  tcase_set_timeout(tc, 1800);
  tcase_add_test(tc, secret_exponents_need_no_more_than_the_first_multiples);
  tcase_add_test(tc, a_table_is_completed_while_others_read_it);
  tcase_add_test(tc, powers_of_fixed_bases_equal_libsodium);
  tcase_add_test(tc, bases_outside_the_subgroup_and_the_identity);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
