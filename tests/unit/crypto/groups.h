/* Shared by the tests of groups: small helpers that fail the test when something is odd. */
#ifndef NEP_TESTS_UNIT_CRYPTO_GROUPS_H
#define NEP_TESTS_UNIT_CRYPTO_GROUPS_H

#include <string.h>

#include "base/random.h"
#include "crypto/group.h"
#include "tests/support/run.h"

enum { NEP_TEST_GROUPS = 3 };

static inline nep_scalar test_small(const nep_group *g, uint64_t value)
{
  nep_scalar s;
  nep_scalar_set(g, &s, value);
  return s;
}

/* -value modulo q */
static inline nep_scalar test_minus(const nep_group *g, uint64_t value)
{
  nep_scalar s = test_small(g, value), zero;
  nep_scalar_zero(&zero);
  nep_scalar_sub(g, &s, &zero, &s);
  return s;
}

static inline nep_scalar test_random_scalar(const nep_group *g)
{
  nep_scalar s;
  nep_scalar_random(g, &s);
  return s;
}

static inline nep_element test_one(const nep_group *g)
{
  nep_element e;
  nep_element_one(g, &e);
  return e;
}

static inline nep_element test_generator(const nep_group *g)
{
  nep_element e;
  nep_element_generator(g, &e);
  return e;
}

static inline nep_element test_random_element(const nep_group *g)
{
  nep_scalar s = test_random_scalar(g);
  nep_element e;
  nep_element_exp_g(g, &e, &s);
  return e;
}

static inline nep_element test_mul(const nep_group *g, nep_element a, nep_element b)
{
  nep_element_mul(g, &a, &a, &b);
  return a;
}

/* Edge scalars first, then random ones. */
static inline nep_scalar test_scalar(const nep_group *g, size_t i)
{
  switch (i) {
  case 0:
    return test_small(g, 0);
  case 1:
    return test_small(g, 1);
  case 2:
    return test_minus(g, 1);
  case 3:
    return test_small(g, 2);
  case 4:
    return test_minus(g, 2);
  case 5:
    return test_small(g, UINT64_MAX);
  case 6:
    return test_small(g, 128);
  case 7:
    return test_minus(g, UINT64_MAX);
  default:
    return test_random_scalar(g);
  }
}
enum { NEP_TEST_SCALARS = 11 };

static inline nep_element test_element(const nep_group *g, size_t i)
{
  switch (i) {
  case 0:
    return test_one(g);
  case 1:
    return test_generator(g);
  case 2: {
    nep_element e = test_generator(g);
    nep_element_inv(g, &e, &e);
    return e;
  }
  default:
    return test_random_element(g);
  }
}
enum { NEP_TEST_ELEMENTS = 5 };

static inline void test_same(const nep_group *g, const nep_element *a, const nep_element *b)
{
  char x[NEP_ELEMENT_TEXT_MAX], y[NEP_ELEMENT_TEXT_MAX];
  ck_assert(nep_element_equal(g, a, b));
  ck_assert_uint_eq(nep_element_text(g, a, x), nep_element_text(g, b, y));
  ck_assert_str_eq(x, y);
}

#endif
