/* What the tests of crypto/ share. */
#ifndef NEP_TESTS_UNIT_CRYPTO_SUPPORT_H
#define NEP_TESTS_UNIT_CRYPTO_SUPPORT_H

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/keys.h"
#include "crypto/proof.h"
#include "tests/support/run.h"

enum { GROUPS = 3 }; /* loop tests run once for each group, number _i */

static inline const nep_group *group_number(int i)
{
  const nep_group *g = nep_group_at((size_t)i);
  ck_assert_ptr_nonnull(g);
  return g;
}

/* What vectors.txt says after "GROUP NAME "; free() it. The test fails when the line is missing. */
static inline char *vector_value(const nep_group *g, const char *name)
{
  char *key = nep_sprintf("%s %s ", nep_group_name(g), name), *line = NULL, *value = NULL;
  size_t room = 0;
  FILE *f = fopen(NEP_TEST_VECTORS "/vectors.txt", "r");
  ck_assert_ptr_nonnull(f);
  while (!value && getline(&line, &room, f) > 0)
    if (strncmp(line, key, strlen(key)) == 0)
      value = nep_strndup(line + strlen(key), strcspn(line + strlen(key), "\n"));
  ck_assert_msg(value != NULL, "no vector %s", key);
  fclose(f);
  free(line);
  free(key);
  return value;
}

static inline void assert_scalar(const nep_group *g, const nep_scalar *s, const char *expected)
{
  char text[NEP_SCALAR_TEXT_MAX];
  (void)nep_scalar_text(g, s, text);
  ck_assert_str_eq(text, expected);
}

static inline void add_one(const nep_group *g, nep_scalar *s)
{
  nep_scalar one;
  nep_scalar_set(g, &one, 1);
  nep_scalar_add(g, s, s, &one);
}

static inline void times_g(const nep_group *g, nep_element *e)
{
  nep_element generator;
  nep_element_generator(g, &generator);
  nep_element_mul(g, e, e, &generator);
}

/* A random secret key with its public one. */
typedef struct key_pair {
  nep_scalar x;
  nep_element y;
  nep_key *key;
} key_pair;

static inline key_pair key_pair_new(const nep_group *g)
{
  key_pair k;
  nep_scalar_random(g, &k.x);
  nep_element_exp_g(g, &k.y, &k.x);
  k.key = nep_key_new(g, &k.y);
  return k;
}

/* Encryption of any number m, which nep_encrypt would not be asked for. */
static inline void encrypt_number(const nep_group *g, const key_pair *k, nep_ciphertext *c,
                                  const nep_scalar *r, uint64_t m)
{
  nep_scalar plain;
  nep_element g_m;
  nep_scalar_set(g, &plain, m);
  nep_element_exp_g(g, &g_m, &plain);
  nep_element_exp_g(g, &c->alpha, r);
  nep_element_exp(g, &c->beta, &k->y, r);
  nep_element_mul(g, &c->beta, &c->beta, &g_m);
}

#endif
