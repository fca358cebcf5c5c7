/* Powers of eight points at once, any number of exponents each, and membership at the price of a
   few additions (Yao's method).

   The ladder of a point holds its multiples by 16^i: 252 doublings, made once. An exponent is 64
   digits from -8 to 7; step i of the ladder is added to the bucket of |digit i|, and at the end
   bucket d counts d fold: about 78 additions, no doubling, and a table of one bucket for each
   digit, which stays in the first-level cache. Zero digits go to a bucket that is thrown away. All
   is done with integers, not modulo q, so it holds for points outside the subgroup. */
#ifndef NEP_CRYPTO_ED25519_LANES_POWER_H
#define NEP_CRYPTO_ED25519_LANES_POWER_H

#include "crypto/ed25519/lanes/point.h"
#include "crypto/ed25519/table.h"

enum { NEP_LADDER_STEPS = 64, NEP_LADDER_BITS = 4, NEP_LADDER_DIGIT_MAX = 8 };

/* 80 KiB */
typedef struct nep_ladder8 {
  nep_cached8 step[NEP_LADDER_STEPS];
} nep_ladder8;

void nep_ladder8_make(nep_ladder8 *ladder, const nep_point8 *base);

/* Lane l: limb[l] * base, for values below 2^254. */
void nep_ladder8_power_var(nep_point8 *r, const nep_ladder8 *ladder,
                           const uint64_t *const limb[NEP_LANES]);

/* Bit l: whether [q] base of lane l is the identity, exactly. */
__mmask8 nep_ladder8_is_member_var(const nep_ladder8 *ladder);

/* Lane l: p + limb[l] * (base of table[l]), for values below 2^254. */
void nep_table8_add_var(nep_point8 *p, const nep_table *const table[NEP_LANES],
                        const uint64_t *const limb[NEP_LANES]);

#endif
