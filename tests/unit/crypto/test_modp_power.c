/* Exponentiation, commitments and scalars of the integer groups: each fast or constant-time path
   against GMP's plain one. */
#include "base/random.h"
#include "tests/unit/crypto/modp_gmp.h"

/* Scalars where windows, carries and leading zeros go wrong first. */
static size_t edge_scalars(const parameters *m, nep_scalar out[12])
{
  mpz_t z;
  size_t n = 0;
  mpz_init(z);
  for (unsigned i = 0; i < 4; i++) /* 0, 1, 2, 3 */
    nep_scalar_set(m->g, &out[n++], i);
  for (unsigned i = 1; i < 4; i++) { /* q-1, q-2, q-3 */
    mpz_sub_ui(z, m->q, i);
    scalar_from_mpz(&out[n++], z);
  }
  mpz_fdiv_q_2exp(z, m->q, 1);
  scalar_from_mpz(&out[n++], z);
  mpz_ui_pow_ui(z, 2, 64);
  scalar_from_mpz(&out[n++], z);
  mpz_sub_ui(z, z, 1);
  scalar_from_mpz(&out[n++], z);
  nep_scalar_random(m->g, &out[n++]);
  nep_scalar_random(m->g, &out[n++]);
  mpz_clear(z);
  return n;
}

START_TEST(every_exponentiation_agrees_with_gmp)
{
  parameters m = parameters_of(_i);
  nep_scalar s[12];
  nep_element base, expected, got;
  mpz_t x, e;
  mpz_inits(x, e, NULL);
  random_member(m.g, &base);
  nep_base *table = nep_base_new(m.g, &base);
  size_t n = edge_scalars(&m, s);
  for (size_t i = 0; i < n; i++) {
    element_to_mpz(x, &base);
    scalar_to_mpz(e, &s[i]);
    mpz_powm(x, x, e, m.p);
    element_from_mpz(&expected, x);
    nep_element_exp(m.g, &got, &base, &s[i]);
    ck_assert_msg(nep_element_equal(m.g, &got, &expected), "constant time, scalar %zu", i);
    nep_element_exp_var(m.g, &got, &base, &s[i]);
    ck_assert_msg(nep_element_equal(m.g, &got, &expected), "variable time, scalar %zu", i);
    nep_base_exp_var(table, &got, &s[i]);
    ck_assert_msg(nep_element_equal(m.g, &got, &expected), "table, scalar %zu", i);
    nep_element_generator(m.g, &expected);
    nep_element_exp(m.g, &expected, &expected, &s[i]);
    nep_element_exp_g(m.g, &got, &s[i]);
    ck_assert(nep_element_equal(m.g, &got, &expected));
    nep_element_exp_g_var(m.g, &got, &s[i]);
    ck_assert(nep_element_equal(m.g, &got, &expected));
  }
  nep_base_free(table);
  mpz_clears(x, e, NULL);
  parameters_end(&m);
}
END_TEST

START_TEST(commitments_of_many_branches_agree_with_the_plain_formula)
{
  parameters m = parameters_of(_i);
  const nep_group *g = m.g;
  enum { MANY = 12 };
  nep_scalar r[MANY], c[MANY], shift[MANY];
  nep_element y, e, out[MANY], plain[MANY], expected, power;
  random_member(g, &y);
  random_member(g, &e);
  nep_base *fixed = nep_base_new(g, &y);
  (void)edge_scalars(&m, c);
  for (size_t k = 0; k < MANY; k++) {
    nep_scalar_set(g, &shift[k], k);
    r[k] = c[MANY - 1 - k];
  }
  nep_commit_var(fixed, &e, MANY, r, c, shift, out);
  nep_commit_var(fixed, &e, MANY, r, c, NULL, plain);
  for (size_t k = 0; k < MANY; k++) {
    nep_element_exp_g(g, &power, &shift[k]);
    nep_element_div(g, &power, &e, &power);
    nep_element_exp(g, &power, &power, &c[k]);
    nep_element_exp(g, &expected, &y, &r[k]);
    nep_element_mul(g, &expected, &expected, &power);
    ck_assert_msg(nep_element_equal(g, &out[k], &expected), "shifted branch %zu", k);
    nep_element_exp(g, &power, &e, &c[k]);
    nep_element_exp(g, &expected, &y, &r[k]);
    nep_element_mul(g, &expected, &expected, &power);
    ck_assert_msg(nep_element_equal(g, &plain[k], &expected), "plain branch %zu", k);
  }
  nep_base_free(fixed);
  nep_base_free(NULL);
  parameters_end(&m);
}
END_TEST

START_TEST(scalars_agree_with_gmp)
{
  parameters m = parameters_of(_i);
  nep_scalar s[12], r, expected;
  mpz_t x, y;
  mpz_inits(x, y, NULL);
  size_t n = edge_scalars(&m, s);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      scalar_to_mpz(x, &s[i]);
      scalar_to_mpz(y, &s[j]);
      mpz_mul(x, x, y);
      mpz_mod(x, x, m.q);
      scalar_from_mpz(&expected, x);
      nep_scalar_mul(m.g, &r, &s[i], &s[j]);
      ck_assert(nep_scalar_equal(&r, &expected));
      scalar_to_mpz(x, &s[i]);
      mpz_sub(x, x, y);
      mpz_mod(x, x, m.q);
      scalar_from_mpz(&expected, x);
      nep_scalar_sub(m.g, &r, &s[i], &s[j]);
      ck_assert(nep_scalar_equal(&r, &expected));
      nep_scalar_add(m.g, &r, &r, &s[j]);
      ck_assert(nep_scalar_equal(&r, &s[i]));
    }
  for (size_t i = 1; i < n; i++) {
    nep_scalar_invert_var(m.g, &r, &s[i]);
    nep_scalar_mul(m.g, &r, &r, &s[i]);
    nep_scalar_set(m.g, &expected, 1);
    ck_assert(nep_scalar_equal(&r, &expected));
  }
  mpz_clears(x, y, NULL);
  parameters_end(&m);
}
END_TEST

START_TEST(reduction_of_every_length_agrees_with_gmp)
{
  parameters m = parameters_of(_i);
  uint8_t bytes[512];
  nep_scalar r, expected;
  mpz_t x;
  mpz_init(x);
  for (size_t len = 0; len <= sizeof bytes; len++) {
    nep_random_bytes(bytes, len);
    if (len % 3 == 0)
      memset(bytes, 0xFF, len);
    mpz_import(x, len, 1, 1, 0, 0, bytes);
    mpz_mod(x, x, m.q);
    scalar_from_mpz(&expected, x);
    nep_scalar_reduce(m.g, &r, bytes, len);
    ck_assert_msg(nep_scalar_equal(&r, &expected), "%zu bytes", len);
  }
  mpz_clear(x);
  parameters_end(&m);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("arithmetic of the integer groups");
  TCase *t = tcase_create("arithmetic of the integer groups");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, every_exponentiation_agrees_with_gmp, FIRST, LAST);
  tcase_add_loop_test(t, commitments_of_many_branches_agree_with_the_plain_formula, FIRST, LAST);
  tcase_add_loop_test(t, scalars_agree_with_gmp, FIRST, LAST);
  tcase_add_loop_test(t, reduction_of_every_length_agrees_with_gmp, FIRST, LAST);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
