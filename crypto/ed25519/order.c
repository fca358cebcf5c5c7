#include "crypto/ed25519/order.h"

#include <sodium.h>
#include <string.h>

#include "base/memory.h"

enum { BYTES = crypto_core_ed25519_SCALARBYTES };

const uint64_t nep_order_q[NEP_ORDER_LIMBS] = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0,
                                               0x1000000000000000};

static void store(nep_scalar *s, const uint8_t le[BYTES])
{
  *s = (nep_scalar){{0}};
  memcpy(s->limb, le, BYTES);
}

/* Horner's rule over pieces of 32 bytes: each step reduces (value so far) * 2^256 + piece. */
void nep_order_reduce(const nep_group *g, nep_scalar *s, const uint8_t *be, size_t len)
{
  (void)g;
  uint8_t wide[2 * BYTES] = {0}; /* little-endian: piece, then the value so far */
  for (size_t at = 0; at < len;) {
    size_t take = (len - at) % BYTES ? (len - at) % BYTES : BYTES;
    memset(wide, 0, BYTES);
    for (size_t i = 0; i < take; i++)
      wide[i] = be[at + take - 1 - i];
    crypto_core_ed25519_scalar_reduce(wide + BYTES, wide);
    at += take;
  }
  store(s, wide + BYTES);
  nep_wipe(wide, sizeof wide);
}

void nep_order_mul(const nep_group *g, nep_scalar *r, const nep_scalar *a, const nep_scalar *b)
{
  (void)g;
  uint8_t product[BYTES];
  crypto_core_ed25519_scalar_mul(product, (const uint8_t *)a->limb, (const uint8_t *)b->limb);
  store(r, product);
  nep_wipe(product, sizeof product);
}

void nep_order_invert_var(const nep_group *g, nep_scalar *r, const nep_scalar *a)
{
  (void)g;
  uint8_t inverse[BYTES] = {0};
  /* Only zero has no inverse, and callers promise that it is not zero; then the result is 0. */
  if (crypto_core_ed25519_scalar_invert(inverse, (const uint8_t *)a->limb) != 0)
    memset(inverse, 0, sizeof inverse);
  store(r, inverse);
}
