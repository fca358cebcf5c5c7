/* The fast arithmetic of the integer groups against GMP's plain one, many times over, on random and
   on edge inputs. */
#include "base/random.h"
#include "tests/unit/crypto/modp_gmp.h"

/* Cases in a group. A product takes microseconds; a membership 0.35 ms where it is a power; a job
   of three commitments and a membership 7 ms, or 30 ms where exponents have 2,047 bits, most of it
   GMP's. So of those there are as many as fit into twelve seconds, and six minutes of a long run
   (NEP_TEST_LONG); under sanitizers, which see into little of it, fewer. */
typedef struct counts {
  size_t products, memberships, jobs;
} counts;
#ifdef __SANITIZE_ADDRESS__
static const counts SHORT_RUN[] = {{10000, 4000, 100}, {10000, 10000, 100}},
                    LONG_RUN[] = {{1000000, 100000, 4000}, {1000000, 1000000, 4000}};
#else
static const counts SHORT_RUN[] = {{10000, 10000, 240}, {10000, 10000, 120}},
                    LONG_RUN[] = {{1000000, 200000, 6000}, {1000000, 1000000, 5000}};
#endif
static const counts *cases = SHORT_RUN; /* of group FIRST first */

/* Residues where carries and subtractions of p go wrong first, half of them; members otherwise. */
static void residue_at(const parameters *m, mpz_t z, gmp_randstate_t random, size_t i)
{
  switch (i % 16) {
  case 0:
    mpz_set_ui(z, (unsigned long)(i / 16 % 3)); /* 0, 1, 2 */
    break;
  case 1:
    mpz_sub_ui(z, m->p, 1 + (unsigned long)(i / 16 % 3));
    break;
  case 2: /* 2^k */
    mpz_ui_pow_ui(z, 2, (unsigned long)(i / 16 % 2047));
    break;
  case 3: /* 2^k - 1 */
    mpz_ui_pow_ui(z, 2, (unsigned long)(i / 16 % 2047));
    mpz_sub_ui(z, z, 1);
    break;
  case 4: /* limbs of ones and zeros */
    mpz_rrandomb(z, random, 2047);
    break;
  case 5: /* p - 2^k */
    mpz_ui_pow_ui(z, 2, (unsigned long)(i / 16 % 2047));
    mpz_sub(z, m->p, z);
    break;
  default:
    mpz_urandomm(z, random, m->p);
  }
  mpz_mod(z, z, m->p);
}

static void start_random(gmp_randstate_t random)
{
  uint32_t seed;
  nep_random_bytes(&seed, sizeof seed);
  gmp_randinit_mt(random);
  gmp_randseed_ui(random, seed);
}

/* A product and a square of Montgomery form, in and out of it. */
static void check_product(const parameters *m, const mpz_t x, const mpz_t y)
{
  const nep_modp *p = nep_modp_of(m->g);
  nep_element a, b, got, want;
  mpz_t z;
  mpz_init(z);
  element_from_mpz(&a, x);
  element_from_mpz(&b, y);
  nep_mont_enter_var(p, a.limb, a.limb);
  nep_mont_enter_var(p, b.limb, b.limb);
  nep_mont_mul_var(p, b.limb, a.limb, b.limb);
  nep_mont_leave_var(p, got.limb, b.limb);
  mpz_mul(z, x, y);
  mpz_mod(z, z, m->p);
  element_from_mpz(&want, z);
  ck_assert_mem_eq(got.limb, want.limb, sizeof want.limb);
  nep_mont_square_var(p, a.limb, a.limb);
  nep_mont_leave_var(p, got.limb, a.limb);
  mpz_mul(z, x, x);
  mpz_mod(z, z, m->p);
  element_from_mpz(&want, z);
  ck_assert_mem_eq(got.limb, want.limb, sizeof want.limb);
  mpz_clear(z);
}

START_TEST(products_agree_with_gmp)
{
  parameters m = parameters_of(_i);
  gmp_randstate_t random;
  mpz_t x, y;
  mpz_inits(x, y, NULL);
  start_random(random);
  for (size_t i = 0; i < cases[_i - FIRST].products; i++) {
    residue_at(&m, x, random, i);
    residue_at(&m, y, random, i / 16);
    check_product(&m, x, y);
  }
  mpz_clears(x, y, NULL);
  gmp_randclear(random);
  parameters_end(&m);
}
END_TEST

/* Exponents with zeros, ones and long carries at either end. */
static void exponent_at(const parameters *m, mpz_t z, gmp_randstate_t random, size_t i)
{
  size_t bits = mpz_sizeinbase(m->q, 2);
  switch (i % 6) {
  case 0:
    mpz_sub_ui(z, m->q, 1 + (unsigned long)(i / 6 % 4));
    break;
  case 1:
    mpz_set_ui(z, (unsigned long)(i / 6 % 4));
    break;
  case 2:
    mpz_rrandomb(z, random, bits);
    break;
  default:
    mpz_urandomm(z, random, m->q);
  }
  mpz_mod(z, z, m->q);
}

/* fixed^response (e / g^shift)^challenge by GMP. */
static void plain_commitment(const parameters *m, mpz_t z, const nep_commit_job *job, size_t k)
{
  const nep_commit_branch *b = &job->branches[k];
  nep_element g;
  mpz_t e, exponent, factor;
  mpz_inits(e, exponent, factor, NULL);
  nep_element_generator(m->g, &g);
  element_to_mpz(e, &g);
  mpz_powm_ui(e, e, (unsigned long)b->shift, m->p);
  ck_assert(mpz_invert(e, e, m->p) != 0);
  element_to_mpz(factor, job->e);
  mpz_mul(e, e, factor);
  scalar_to_mpz(exponent, &b->proof->challenge);
  mpz_powm(e, e, exponent, m->p);
  element_to_mpz(factor, nep_base_element(job->fixed));
  scalar_to_mpz(exponent, &b->proof->response);
  mpz_powm(factor, factor, exponent, m->p);
  mpz_mul(z, e, factor);
  mpz_mod(z, z, m->p);
  mpz_clears(e, exponent, factor, NULL);
}

static bool is_member(const parameters *m, const mpz_t x)
{
  mpz_t z;
  mpz_init(z);
  mpz_powm(z, x, m->q, m->p);
  bool member = mpz_cmp_ui(z, 1) == 0;
  mpz_clear(z);
  return member;
}

/* Not 1, and its order divides the cofactor: what it is multiplied with leaves the group. */
static void stranger(const parameters *m, mpz_t z, gmp_randstate_t random)
{
  do {
    mpz_urandomm(z, random, m->p);
    mpz_powm(z, z, m->q, m->p);
  } while (mpz_cmp_ui(z, 1) <= 0);
}

/* A walk through the group, whose elements are members because their factors are; every second one
   is taken out of it, by -1 or by a stranger. */
START_TEST(memberships_are_those_of_how_elements_were_made)
{
  parameters m = parameters_of(_i);
  gmp_randstate_t random;
  nep_element e;
  mpz_t x, factor, other, z;
  mpz_inits(x, factor, other, z, NULL);
  start_random(random);
  random_member(m.g, &e);
  element_to_mpz(factor, &e);
  mpz_set_ui(x, 1);
  stranger(&m, other, random);
  for (size_t i = 0; i < cases[_i - FIRST].memberships; i++) {
    mpz_mul(x, x, factor);
    mpz_mod(x, x, m.p);
    if (i % 4 == 1)
      mpz_sub(z, m.p, x);
    else
      mpz_mul(z, x, other);
    mpz_mod(z, i % 2 ? z : x, m.p);
    element_from_mpz(&e, z);
    ck_assert_int_eq(nep_element_is_member_var(m.g, &e), i % 2 == 0);
  }
  mpz_clears(x, factor, other, z, NULL);
  gmp_randclear(random);
  parameters_end(&m);
}
END_TEST

enum { BRANCHES = 3 };

static void check_job(const parameters *m, const nep_base *fixed, gmp_randstate_t random, size_t i)
{
  nep_proof proof[BRANCHES];
  nep_element e, out[BRANCHES], want;
  nep_commit_branch branch[BRANCHES];
  mpz_t x, z;
  mpz_inits(x, z, NULL);
  do { /* 0 has no powers that could be compared when divided */
    residue_at(m, x, random, i++);
  } while (mpz_sgn(x) == 0);
  if (i % 2 == 0) /* into the group */
    mpz_powm(x, x, m->cofactor, m->p);
  element_from_mpz(&e, x);
  for (size_t k = 0; k < BRANCHES; k++) {
    exponent_at(m, z, random, i * BRANCHES + k);
    scalar_from_mpz(&proof[k].challenge, z);
    exponent_at(m, z, random, i + 5 * k);
    scalar_from_mpz(&proof[k].response, z);
    branch[k] = (nep_commit_branch){.proof = &proof[k], .shift = (i + k) % 4, .out = &out[k]};
  }
  nep_commit_job job = {
      .fixed = fixed, .e = &e, .branches = branch, .n = BRANCHES, .test_member = true};
  nep_commit_many_var(m->g, &job, 1);
  ck_assert_int_eq(job.is_member, is_member(m, x));
  ck_assert_int_eq(job.is_member, nep_element_is_member_var(m->g, &e));
  for (size_t k = 0; k < BRANCHES; k++) {
    plain_commitment(m, z, &job, k);
    element_from_mpz(&want, z);
    ck_assert_msg(nep_element_equal(m->g, &out[k], &want), "job %zu, branch %zu", i, k);
  }
  mpz_clears(x, z, NULL);
}

START_TEST(commitments_and_memberships_agree_with_gmp)
{
  parameters m = parameters_of(_i);
  gmp_randstate_t random;
  nep_element y;
  start_random(random);
  random_member(m.g, &y);
  nep_base *fixed = nep_base_new(m.g, &y);
  for (size_t i = 0; i < cases[_i - FIRST].jobs; i++)
    check_job(&m, i % 3 ? fixed : nep_base_generator(m.g), random, i);
  nep_base_free(fixed);
  gmp_randclear(random);
  parameters_end(&m);
}
END_TEST

int main(void)
{
  if (nep_test_long())
    cases = LONG_RUN;
  Suite *suite = suite_create("modp, many");
  TCase *tc = tcase_create("modp, many");
  tcase_set_timeout(tc, 3600);
  tcase_add_loop_test(tc, products_agree_with_gmp, FIRST, LAST);
  tcase_add_loop_test(tc, memberships_are_those_of_how_elements_were_made, FIRST, LAST);
  tcase_add_loop_test(tc, commitments_and_memberships_agree_with_gmp, FIRST, LAST);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
