/* Powers of a public point, several of one base at a small extra price (Straus). */
#ifndef NEP_CRYPTO_ED25519_POWER_H
#define NEP_CRYPTO_ED25519_POWER_H

#include "crypto/ed25519/point.h"

enum { NEP_POWER_PARTS = 4, NEP_POWER_WIDTH = 5, NEP_POWER_ODD = 8 };

/* The base's odd multiples 1, 3, .. 15, and with 4 parts those of 2^64, 2^128 and 2^192 times the
   base too: then an exponent is four of 64 bits, whose doublings are shared. */
typedef struct nep_power {
  size_t parts; /* 1 or 4 */
  nep_cached odd[NEP_POWER_PARTS][NEP_POWER_ODD];
} nep_power;

/* For `uses` exponents. */
void nep_power_prepare_var(nep_power *power, const nep_point *base, size_t uses);

/* limb * base: the integer itself, not reduced, so it holds for points outside the subgroup too. */
nep_point nep_power_var(const nep_power *power, const uint64_t limb[4]);

#endif
