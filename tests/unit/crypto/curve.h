/* Shared by the tests of Ed25519: points between our form and libsodium's bytes, and torsion. */
#ifndef NEP_TESTS_UNIT_CRYPTO_CURVE_H
#define NEP_TESTS_UNIT_CRYPTO_CURVE_H

#include <sodium.h>

#include "base/encode.h"
#include "tests/unit/crypto/groups.h"

enum { TEST_TORSION = 8 };

static inline const nep_group *test_curve(void)
{
  const nep_group *g = nep_group_find("Ed25519", 7);
  ck_assert_ptr_nonnull(g);
  return g;
}

/* Text is the same bytes in reverse order. */
static inline void test_to_bytes(const nep_element *e, uint8_t le[32])
{
  char text[NEP_ELEMENT_TEXT_MAX];
  uint8_t be[32];
  ck_assert_uint_eq(nep_element_text(test_curve(), e, text), 64);
  ck_assert(nep_unhex(text, 64, be, 32));
  for (int i = 0; i < 32; i++)
    le[i] = be[31 - i];
}

static inline nep_status test_from_bytes(nep_element *e, const uint8_t le[32])
{
  uint8_t be[32];
  char text[65];
  for (int i = 0; i < 32; i++)
    be[i] = le[31 - i];
  nep_hex(be, 32, text);
  return nep_element_parse(test_curve(), e, text, 64, NULL);
}

/* The eight points of small order: multiples 0..7 of one of order 8. */
static inline nep_element test_torsion(unsigned k)
{
  static const char order_8[] = "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7";
  const nep_group *g = test_curve();
  nep_element point, sum = test_one(g);
  ck_assert_int_eq(nep_element_parse(g, &point, order_8, 64, NULL), NEP_OK);
  for (unsigned i = 0; i < k; i++)
    nep_element_mul(g, &sum, &sum, &point);
  return sum;
}

#endif
