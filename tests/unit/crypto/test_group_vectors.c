/* Values that other programs computed: tests/vectors/vectors.txt and the self-test's known answers.
 */
#include <stdio.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/group_ops.h"
#include "crypto/hash.h"
#include "crypto/selftest.h"
#include "crypto/tags.h"
#include "tests/unit/crypto/groups.h"

/* The value on the line that begins with "<group> <name> "; to be freed. */
static char *vector(const char *group, const char *name)
{
  FILE *f = fopen(NEP_TEST_VECTORS "/vectors.txt", "r");
  ck_assert_ptr_nonnull(f);
  char *prefix = nep_sprintf("%s %s ", group, name);
  char *line = NULL, *found = NULL;
  size_t cap = 0;
  while (!found && getline(&line, &cap, f) >= 0)
    if (strncmp(line, prefix, strlen(prefix)) == 0)
      found = nep_strndup(line + strlen(prefix), strcspn(line + strlen(prefix), "\n"));
  ck_assert_msg(found != NULL, "no line \"%s\" in vectors.txt", prefix);
  free(line);
  free(prefix);
  fclose(f);
  return found;
}

static void expect_scalar(const nep_group *g, const char *name, const nep_scalar *s)
{
  char *want = vector(nep_group_name(g), name), text[NEP_SCALAR_TEXT_MAX];
  nep_scalar_text(g, s, text);
  ck_assert_str_eq(text, want);
  free(want);
}

START_TEST(credential_key_and_its_public_key)
{
  const nep_group *g = nep_group_at((size_t)_i);
  nep_scalar key;
  nep_hash_to_field(g, NEP_TAG_DERIVE_CREDENTIAL,
                    nep_str_bytes("11111111111111|11111-222222-33333-444444"), 1, &key);
  expect_scalar(g, "derive_credential", &key);
  if (_i == 2)
    return; /* vectors.txt holds no public key for this group: the known answers below do */
  nep_element e, parsed;
  nep_element_exp_g(g, &e, &key);
  char *want = vector(nep_group_name(g), "public");
  ck_assert_int_eq(nep_element_parse_member(g, &parsed, want, strlen(want), false, NULL), NEP_OK);
  test_same(g, &parsed, &e);
  free(want);
}
END_TEST

START_TEST(challenge_of_two_elements)
{
  const nep_group *g = nep_group_at((size_t)_i);
  nep_element e[2];
  e[0] = test_generator(g);
  e[1] = test_mul(g, e[0], e[0]);
  nep_challenge c;
  nep_scalar s;
  nep_challenge_start(&c, g, NEP_TAG_PROVE);
  nep_challenge_text(&c, nep_str_bytes("abc|"));
  nep_challenge_elements(&c, e, 2);
  nep_challenge_end(&c, &s);
  expect_scalar(g, "HashGroup(prove,'abc|',(g,g*g))", &s);
}
END_TEST

/* The last line of vectors.txt: "g H  g^2 H  1 H  g^-1 H". */
START_TEST(curve_points_of_the_last_line)
{
  const nep_group *g = nep_group_find("Ed25519", 7);
  char *line = vector("g", "66666666666666666666666666666666666666666666666666666666666666"
                           "58 ");
  char square[65], one[65], inverse[65];
  ck_assert_int_eq(sscanf(line, "g^2 %64s 1 %64s g^-1 %64s", square, one, inverse), 3);
  free(line);
  nep_element e = test_generator(g), r;
  char text[NEP_ELEMENT_TEXT_MAX];
  r = test_mul(g, e, e);
  nep_element_text(g, &r, text);
  ck_assert_str_eq(text, square);
  r = test_one(g);
  nep_element_text(g, &r, text);
  ck_assert_str_eq(text, one);
  nep_element_inv(g, &r, &e);
  nep_element_text(g, &r, text);
  ck_assert_str_eq(text, inverse);
}
END_TEST

START_TEST(the_self_test_passes)
{
  nep_error err;
  ck_assert_int_eq(nep_group_self_test(&err), NEP_OK);
}
END_TEST

static void expect_failure(const nep_group *g, const nep_known *known, const char *what)
{
  nep_error err;
  ck_assert_int_eq(nep_group_check(g, known, &err), NEP_E_INTERNAL);
  ck_assert_str_eq(err.code, "self-test");
  ck_assert_str_eq(err.where, nep_group_name(g));
  ck_assert_msg(strstr(err.reason, what) != NULL, "%s in: %s", what, err.reason);
}

START_TEST(each_known_answer_is_compared)
{
  const nep_group *g = nep_group_at((size_t)_i);
  const nep_known *good = nep_known_at((size_t)_i);
  const char *other = "0000000000000000000000000000000000000000000000000000000000000001";
  nep_known k = *good;
  k.group = "other";
  expect_failure(g, &k, "name");
  k = *good;
  k.last_scalar = other;
  expect_failure(g, &k, "order");
  k = *good;
  k.generator = other;
  expect_failure(g, &k, "generator");
  k = *good;
  k.credential_key = other;
  expect_failure(g, &k, "credential");
  k = *good;
  k.credential = other;
  expect_failure(g, &k, "credential");
  k = *good;
  k.challenge = other;
  expect_failure(g, &k, "challenge");
  k = *good;
  k.outsider = "1";
  expect_failure(g, &k, "membership test");
}
END_TEST

static void generator_squared(const nep_group *g, nep_element *e)
{
  const nep_group *honest = nep_group_find(g->name, strlen(g->name));
  honest->generator(honest, e);
  honest->mul(honest, e, e, e);
}

static bool everybody_is_member(const nep_group *g, const nep_element *a)
{
  (void)g;
  (void)a;
  return true;
}

START_TEST(a6_weak_parameters_are_noticed)
{
  const nep_known *known = nep_known_at((size_t)_i);
  nep_group g = *nep_group_at((size_t)_i);
  g.generator = generator_squared;
  expect_failure(&g, known, "generator");

  g = *nep_group_at((size_t)_i);
  uint64_t q[NEP_LIMBS];
  memcpy(q, g.q, g.q_limbs * sizeof q[0]);
  q[0] ^= 2;
  g.q = q;
  expect_failure(&g, known, "order");

  g = *nep_group_at((size_t)_i);
  g.is_member_var = everybody_is_member;
  expect_failure(&g, known, "membership test");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("crypto/vectors");
  TCase *tc = tcase_create("vectors");
  tcase_add_loop_test(tc, credential_key_and_its_public_key, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, challenge_of_two_elements, 0, NEP_TEST_GROUPS);
  tcase_add_test(tc, curve_points_of_the_last_line);
  tcase_add_test(tc, the_self_test_passes);
  tcase_add_loop_test(tc, each_known_answer_is_compared, 0, NEP_TEST_GROUPS);
  tcase_add_loop_test(tc, a6_weak_parameters_are_noticed, 0, NEP_TEST_GROUPS);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
