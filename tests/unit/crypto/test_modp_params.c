/* The integer groups' parameters (A6). */
#include "tests/unit/crypto/modp_gmp.h"

/* The decimal text of a parameter in groups.json; the test fails when it is missing. */
static void published(const nep_group *g, const char *name, mpz_t out)
{
  FILE *f = fopen(NEP_TEST_VECTORS "/groups.json", "r");
  ck_assert_ptr_nonnull(f);
  char text[8192];
  size_t len = fread(text, 1, sizeof text - 1, f);
  fclose(f);
  text[len] = '\0';
  char *group_key = nep_sprintf("\"%s\"", nep_group_name(g)),
       *key = nep_sprintf("\"%s\": \"", name);
  char *at = strstr(text, group_key);
  ck_assert_ptr_nonnull(at);
  at = strstr(at, key);
  ck_assert_ptr_nonnull(at);
  at += strlen(key);
  at[strcspn(at, "\"")] = '\0';
  if (strcmp(at, "None") == 0) { /* protocol.md §1: q = (p-1)/2 */
    published(g, "p", out);
    mpz_fdiv_q_2exp(out, out, 1);
  } else {
    ck_assert_int_eq(mpz_set_str(out, at, 10), 0);
  }
  free(group_key);
  free(key);
}

START_TEST(a6_parameters_are_the_published_ones)
{
  parameters m = parameters_of(_i);
  mpz_t z, generator;
  nep_element e;
  mpz_inits(z, generator, NULL);
  published(m.g, "p", z);
  ck_assert_int_eq(mpz_cmp(z, m.p), 0);
  published(m.g, "q", z);
  ck_assert_int_eq(mpz_cmp(z, m.q), 0);
  published(m.g, "g", z);
  nep_element_generator(m.g, &e);
  element_to_mpz(generator, &e);
  ck_assert_int_eq(mpz_cmp(z, generator), 0);
  mpz_clears(z, generator, NULL);
  parameters_end(&m);
}
END_TEST

static size_t digits_of(const mpz_t z)
{
  char *text = mpz_get_str(NULL, 10, z);
  size_t digits = strlen(text);
  free(text);
  return digits;
}

START_TEST(a6_parameters_are_sound)
{
  parameters m = parameters_of(_i);
  const nep_modp *own = nep_modp_of(m.g);
  mpz_t z;
  nep_element e;
  mpz_init(z);
  ck_assert_int_ne(mpz_probab_prime_p(m.p, 30), 0);
  ck_assert_int_ne(mpz_probab_prime_p(m.q, 30), 0);
  ck_assert_uint_eq(mpz_sizeinbase(m.p, 2), 2048);
  ck_assert_uint_eq(mpz_sizeinbase(m.q, 2), own->q_bits);
  mpz_sub_ui(z, m.p, 1);
  ck_assert(mpz_divisible_p(z, m.q));
  ck_assert_int_eq(own->q_is_half, mpz_cmp_ui(m.cofactor, 2) == 0);
  nep_element_generator(m.g, &e);
  element_to_mpz(z, &e);
  ck_assert_int_gt(mpz_cmp_ui(z, 1), 0);
  mpz_powm(z, z, m.q, m.p);
  ck_assert_int_eq(mpz_cmp_ui(z, 1), 0);
  mpz_sub_ui(z, m.p, 1);
  ck_assert_uint_eq(m.g->element_chars, digits_of(z));
  mpz_sub_ui(z, m.q, 1);
  ck_assert_uint_eq(m.g->scalar_digits, digits_of(z));
  mpz_clear(z);
  parameters_end(&m);
}
END_TEST

START_TEST(montgomery_constants_follow_from_p)
{
  parameters m = parameters_of(_i);
  const nep_modp *own = nep_modp_of(m.g);
  mpz_t z;
  nep_element e;
  mpz_init(z);
  mpz_ui_pow_ui(z, 2, 2048);
  mpz_mod(z, z, m.p);
  element_from_mpz(&e, z);
  ck_assert_mem_eq(e.limb, own->one_mont, sizeof e.limb);
  mpz_ui_pow_ui(z, 2, 4096);
  mpz_mod(z, z, m.p);
  element_from_mpz(&e, z);
  ck_assert_mem_eq(e.limb, own->square_mont, sizeof e.limb);
  ck_assert(own->p[0] * own->minus_p_inverse == UINT64_MAX);
  mpz_clear(z);
  parameters_end(&m);
}
END_TEST

START_TEST(a6_other_names_are_no_groups)
{
  static const char *const names[] = {"",
                                      "belenios-2048",
                                      "BELENIOS-1024",
                                      "BELENIOS-2048 ",
                                      "RFC-3526-204",
                                      "RFC-3526-2048x",
                                      "ed25519"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    ck_assert_ptr_null(nep_group_find(names[i], strlen(names[i])));
  ck_assert_ptr_null(nep_group_find("BELENIOS-2048\0", 14));
  ck_assert_ptr_eq(nep_group_find("BELENIOS-2048", 13), nep_group_at(1));
  ck_assert_ptr_eq(nep_group_find("RFC-3526-2048", 13), nep_group_at(2));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("parameters of the integer groups");
  TCase *t = tcase_create("parameters of the integer groups");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, a6_parameters_are_the_published_ones, FIRST, LAST);
  tcase_add_loop_test(t, a6_parameters_are_sound, FIRST, LAST);
  tcase_add_loop_test(t, montgomery_constants_follow_from_p, FIRST, LAST);
  tcase_add_test(t, a6_other_names_are_no_groups);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
