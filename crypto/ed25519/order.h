/* Integers modulo q = 2^252 + 27742317777372353535851937790883648493, by libsodium. */
#ifndef NEP_CRYPTO_ED25519_ORDER_H
#define NEP_CRYPTO_ED25519_ORDER_H

#include "crypto/group.h"

enum { NEP_ORDER_LIMBS = 4 };
extern const uint64_t nep_order_q[NEP_ORDER_LIMBS];

void nep_order_reduce(const nep_group *g, nep_scalar *s, const uint8_t *be, size_t len);
void nep_order_mul(const nep_group *g, nep_scalar *r, const nep_scalar *a, const nep_scalar *b);
void nep_order_invert_var(const nep_group *g, nep_scalar *r, const nep_scalar *a);

#endif
