/* One power of a public point, by signed windows. For several of the same point: powers.h. */
#ifndef NEP_CRYPTO_ED25519_POWER_H
#define NEP_CRYPTO_ED25519_POWER_H

#include "crypto/ed25519/point.h"

/* limb * base: the integer itself, not reduced, so it holds for points outside the subgroup too. */
nep_point nep_point_power_var(const nep_point *base, const uint64_t limb[4]);

#endif
