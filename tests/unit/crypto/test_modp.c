/* The integer groups: parameters (A6), axioms, edge values, membership (A7), and each fast or
   constant-time path against GMP's plain one. */
#include "crypto/modp/modp.h"

#include "base/random.h"
#include "tests/unit/crypto/support.h"

enum { FIRST = 1, LAST = 3 }; /* the integer groups are numbers 1 and 2 */

static void element_to_mpz(mpz_t z, const nep_element *e)
{
  mpz_import(z, NEP_LIMBS, -1, sizeof e->limb[0], 0, 0, e->limb);
}

static void scalar_to_mpz(mpz_t z, const nep_scalar *s)
{
  mpz_import(z, NEP_LIMBS, -1, sizeof s->limb[0], 0, 0, s->limb);
}

static void element_from_mpz(nep_element *e, const mpz_t z)
{
  memset(e, 0, sizeof *e);
  mpz_export(e->limb, NULL, -1, sizeof e->limb[0], 0, 0, z);
}

static void scalar_from_mpz(nep_scalar *s, const mpz_t z)
{
  nep_scalar_zero(s);
  mpz_export(s->limb, NULL, -1, sizeof s->limb[0], 0, 0, z);
}

/* Parameters as GMP integers. */
typedef struct parameters {
  const nep_group *g;
  mpz_t p, q, cofactor;
} parameters;

static parameters parameters_of(int i)
{
  parameters m = {.g = group_number(i)};
  mpz_inits(m.p, m.q, m.cofactor, NULL);
  mpz_import(m.p, NEP_LIMBS, -1, sizeof(uint64_t), 0, 0, nep_modp_of(m.g)->p);
  mpz_import(m.q, m.g->q_limbs, -1, sizeof(uint64_t), 0, 0, m.g->q);
  mpz_sub_ui(m.cofactor, m.p, 1);
  mpz_divexact(m.cofactor, m.cofactor, m.q);
  return m;
}

static void parameters_end(parameters *m)
{
  mpz_clears(m->p, m->q, m->cofactor, NULL);
}

static void random_member(const nep_group *g, nep_element *e)
{
  nep_scalar s;
  nep_scalar_random(g, &s);
  nep_element_exp_g(g, e, &s);
}

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

START_TEST(group_axioms_hold)
{
  const nep_group *g = group_number(_i);
  nep_element a, b, c, left, right, one, inverse;
  nep_element_one(g, &one);
  for (int round = 0; round < 5; round++) {
    random_member(g, &a);
    random_member(g, &b);
    random_member(g, &c);
    nep_element_mul(g, &left, &a, &b);
    nep_element_mul(g, &right, &b, &a);
    ck_assert(nep_element_equal(g, &left, &right));
    nep_element_mul(g, &left, &left, &c);
    nep_element_mul(g, &right, &b, &c);
    nep_element_mul(g, &right, &a, &right);
    ck_assert(nep_element_equal(g, &left, &right));
    nep_element_mul(g, &left, &a, &one);
    ck_assert(nep_element_equal(g, &left, &a));
    nep_element_inv(g, &inverse, &a);
    nep_element_mul(g, &left, &a, &inverse);
    ck_assert(nep_element_is_one(g, &left));
    nep_element_div(g, &left, &b, &a);
    nep_element_mul(g, &left, &left, &a);
    ck_assert(nep_element_equal(g, &left, &b));
    ck_assert(nep_element_is_member_var(g, &left));
    ck_assert(!nep_element_equal(g, &a, &b));
  }
}
END_TEST

START_TEST(products_and_inverses_agree_with_gmp)
{
  parameters m = parameters_of(_i);
  nep_element a, b, r, expected;
  mpz_t x, y;
  mpz_inits(x, y, NULL);
  for (int round = 0; round < 20; round++) {
    random_member(m.g, &a);
    random_member(m.g, &b);
    element_to_mpz(x, &a);
    element_to_mpz(y, &b);
    mpz_mul(y, x, y);
    mpz_mod(y, y, m.p);
    element_from_mpz(&expected, y);
    nep_element_mul(m.g, &r, &a, &b);
    ck_assert(nep_element_equal(m.g, &r, &expected));
    ck_assert(mpz_invert(y, x, m.p) != 0);
    element_from_mpz(&expected, y);
    nep_element_inv(m.g, &r, &a);
    ck_assert(nep_element_equal(m.g, &r, &expected));
  }
  mpz_clears(x, y, NULL);
  parameters_end(&m);
}
END_TEST

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

START_TEST(the_identity_and_the_results_place_are_allowed_everywhere)
{
  const nep_group *g = group_number(_i);
  nep_element one, e, kept, got;
  nep_scalar s;
  nep_element_one(g, &one);
  nep_scalar_random(g, &s);
  nep_element_exp(g, &got, &one, &s);
  ck_assert(nep_element_is_one(g, &got));
  nep_element_exp_var(g, &got, &one, &s);
  ck_assert(nep_element_is_one(g, &got));
  nep_element_inv(g, &got, &one);
  ck_assert(nep_element_is_one(g, &got));
  random_member(g, &e);
  kept = e;
  nep_element_exp(g, &got, &e, &s);
  nep_element_exp(g, &e, &e, &s);
  ck_assert(nep_element_equal(g, &e, &got));
  e = kept;
  nep_element_exp_var(g, &e, &e, &s);
  ck_assert(nep_element_equal(g, &e, &got));
  e = kept;
  nep_element_mul(g, &got, &e, &e);
  nep_element_mul(g, &e, &e, &e);
  ck_assert(nep_element_equal(g, &e, &got));
  nep_element_inv(g, &e, &e);
  nep_element_mul(g, &e, &e, &got);
  ck_assert(nep_element_is_one(g, &e));
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

START_TEST(texts_read_back_and_agree_with_gmp)
{
  parameters m = parameters_of(_i);
  nep_element e, again;
  char text[NEP_ELEMENT_TEXT_MAX];
  mpz_t x;
  mpz_init(x);
  for (int round = 0; round < 20; round++) {
    random_member(m.g, &e);
    element_to_mpz(x, &e);
    char *expected = mpz_get_str(NULL, 10, x);
    size_t len = nep_element_text(m.g, &e, text);
    ck_assert_str_eq(text, expected);
    ck_assert_uint_eq(len, strlen(expected));
    ck_assert_int_eq(nep_element_parse_member(m.g, &again, text, len, false, NULL), NEP_OK);
    ck_assert(nep_element_equal(m.g, &e, &again));
    free(expected);
  }
  mpz_clear(x);
  parameters_end(&m);
}
END_TEST

static nep_status parse_mpz(const nep_group *g, nep_element *e, const mpz_t z)
{
  char *text = mpz_get_str(NULL, 10, z);
  nep_error err;
  nep_status status = nep_element_parse(g, e, text, strlen(text), &err);
  free(text);
  return status;
}

START_TEST(a7_numbers_from_p_on_are_refused)
{
  parameters m = parameters_of(_i);
  nep_element e;
  mpz_t z;
  mpz_init(z);
  mpz_sub_ui(z, m.p, 1);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_OK);
  for (unsigned i = 0; i < 3; i++) { /* p, p+1, p+2: the last two would be 1 and 2 modulo p */
    mpz_add_ui(z, m.p, i);
    ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  }
  nep_element_generator(m.g, &e);
  element_to_mpz(z, &e);
  mpz_add(z, z, m.p);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  mpz_ui_pow_ui(z, 2, 2048);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  mpz_add_ui(z, z, 1);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  mpz_neg(z, m.q);
  ck_assert_int_eq(parse_mpz(m.g, &e, z), NEP_E_INPUT);
  mpz_clear(z);
  parameters_end(&m);
}
END_TEST

START_TEST(a7_other_forms_of_a_number_are_refused)
{
  const nep_group *g = group_number(_i);
  static const char *const bad[] = {"",    "00",  "01", "+1", "-1", " 1", "1 ", "0x1", "1_0", "1.0",
                                    "1e1", "1\n", "١",  "a",  "1,", "/",  ":",  "1:1", "null"};
  nep_element e;
  nep_error err;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    ck_assert_msg(nep_element_parse(g, &e, bad[i], strlen(bad[i]), &err) == NEP_E_INPUT, "%s",
                  bad[i]);
  ck_assert_int_eq(nep_element_parse(g, &e, "1\0", 2, &err), NEP_E_INPUT);
  char text[1000];
  memset(text, '9', sizeof text);
  ck_assert_int_eq(nep_element_parse(g, &e, text, sizeof text, &err), NEP_E_INPUT);
}
END_TEST

START_TEST(a7_zero_and_elements_outside_the_subgroup_are_refused)
{
  parameters m = parameters_of(_i);
  nep_element e, member;
  char text[NEP_ELEMENT_TEXT_MAX];
  mpz_t z;
  mpz_init(z);
  random_member(m.g, &member);
  ck_assert_int_eq(nep_element_parse_member(m.g, &e, "0", 1, true, NULL), NEP_E_CHECK);
  ck_assert_int_eq(nep_element_parse_member(m.g, &e, "1", 1, true, NULL), NEP_OK);
  ck_assert_int_eq(nep_element_parse_member(m.g, &e, "1", 1, false, NULL), NEP_E_CHECK);
  mpz_sub_ui(z, m.p, 1); /* order 2 */
  element_from_mpz(&e, z);
  ck_assert(!nep_element_is_member_var(m.g, &e));
  nep_element_mul(m.g, &e, &e, &member); /* a member with a component of order 2 */
  ck_assert(!nep_element_is_member_var(m.g, &e));
  size_t len = nep_element_text(m.g, &e, text);
  ck_assert_int_eq(nep_element_parse_member(m.g, &e, text, len, true, NULL), NEP_E_CHECK);
  mpz_set_ui(z, 1); /* a q-th power other than 1 has an order that divides the cofactor */
  for (unsigned long x = 2; mpz_cmp_ui(z, 1) == 0; x++) {
    mpz_set_ui(z, x);
    mpz_powm(z, z, m.q, m.p);
  }
  element_from_mpz(&e, z);
  ck_assert(!nep_element_is_member_var(m.g, &e));
  nep_element_mul(m.g, &e, &e, &member);
  ck_assert(!nep_element_is_member_var(m.g, &e));
  mpz_clear(z);
  parameters_end(&m);
}
END_TEST

START_TEST(membership_is_the_power_q_for_small_numbers)
{
  parameters m = parameters_of(_i);
  int members = 0;
  mpz_t z;
  mpz_init(z);
  for (uint64_t x = 0; x < 40; x++) {
    nep_element e = {.limb = {x}};
    mpz_set_ui(z, x);
    mpz_powm(z, z, m.q, m.p);
    bool expected = mpz_cmp_ui(z, 1) == 0;
    ck_assert_int_eq(nep_element_is_member_var(m.g, &e), expected);
    members += expected;
  }
  ck_assert_int_gt(members, 0); /* 1 at least */
  ck_assert_int_lt(members, 39);
  mpz_clear(z);
  parameters_end(&m);
}
END_TEST

START_TEST(elements_are_ordered_as_integers)
{
  const nep_group *g = group_number(_i);
  nep_element small = {.limb = {UINT64_MAX}}, large = {.limb = {0, 1}};
  ck_assert_int_lt(nep_element_compare_var(g, &small, &large), 0);
  ck_assert_int_gt(nep_element_compare_var(g, &large, &small), 0);
  ck_assert_int_eq(nep_element_compare_var(g, &large, &large), 0);
}
END_TEST

START_TEST(logarithm_keys_of_small_powers_differ)
{
  const nep_group *g = group_number(_i);
  enum { MANY = 500 };
  static nep_element e[MANY];
  static uint64_t key[MANY];
  nep_element_one(g, &e[0]);
  for (size_t i = 1; i < MANY; i++) {
    e[i] = e[i - 1];
    times_g(g, &e[i]);
  }
  g->dlog_keys(g, e, MANY, key);
  for (size_t i = 0; i < MANY; i++)
    for (size_t j = 0; j < i; j++)
      ck_assert(key[i] != key[j]);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("integer groups");
  TCase *t = tcase_create("integer groups");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, a6_parameters_are_the_published_ones, FIRST, LAST);
  tcase_add_loop_test(t, a6_parameters_are_sound, FIRST, LAST);
  tcase_add_loop_test(t, montgomery_constants_follow_from_p, FIRST, LAST);
  tcase_add_test(t, a6_other_names_are_no_groups);
  tcase_add_loop_test(t, group_axioms_hold, FIRST, LAST);
  tcase_add_loop_test(t, products_and_inverses_agree_with_gmp, FIRST, LAST);
  tcase_add_loop_test(t, every_exponentiation_agrees_with_gmp, FIRST, LAST);
  tcase_add_loop_test(t, the_identity_and_the_results_place_are_allowed_everywhere, FIRST, LAST);
  tcase_add_loop_test(t, commitments_of_many_branches_agree_with_the_plain_formula, FIRST, LAST);
  tcase_add_loop_test(t, scalars_agree_with_gmp, FIRST, LAST);
  tcase_add_loop_test(t, reduction_of_every_length_agrees_with_gmp, FIRST, LAST);
  tcase_add_loop_test(t, texts_read_back_and_agree_with_gmp, FIRST, LAST);
  tcase_add_loop_test(t, a7_numbers_from_p_on_are_refused, FIRST, LAST);
  tcase_add_loop_test(t, a7_other_forms_of_a_number_are_refused, FIRST, LAST);
  tcase_add_loop_test(t, a7_zero_and_elements_outside_the_subgroup_are_refused, FIRST, LAST);
  tcase_add_loop_test(t, membership_is_the_power_q_for_small_numbers, FIRST, LAST);
  tcase_add_loop_test(t, elements_are_ordered_as_integers, FIRST, LAST);
  tcase_add_loop_test(t, logarithm_keys_of_small_powers_differ, FIRST, LAST);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
