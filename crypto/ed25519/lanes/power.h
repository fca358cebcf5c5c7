/* Powers of eight points at once, any number of exponents each, and membership at the price of a
   few additions (Yao's method).

   The ladder of a point holds its multiples by 32^i: 250 doublings, made once. An exponent is 51
   digits from -16 to 16, and its power is the sum over d = 16 .. 1 of all steps whose digit has at
   least the size d. So each lane adds its steps in the order of their digits, largest first, in one
   running sum, and keeps what it is wherever the digits get smaller: 51 additions, then 15 of what
   was kept, no doubling, and no buckets to be read and written. Zero digits are not added. All is
   done with integers, not modulo q, so it holds for points outside the subgroup. */
#ifndef NEP_CRYPTO_ED25519_LANES_POWER_H
#define NEP_CRYPTO_ED25519_LANES_POWER_H

#include "crypto/ed25519/lanes/point.h"
#include "crypto/ed25519/lanes/rows.h"

enum { NEP_LADDER_STEPS = 51, NEP_LADDER_BITS = 5, NEP_LADDER_DIGIT_MAX = 16 };

/* 141 KiB: each step for all lanes together, and for each lane apart. */
typedef struct nep_ladder8 {
  nep_cached8 step[NEP_LADDER_STEPS];
  nep_row row[NEP_LADDER_STEPS][NEP_LANES];
} nep_ladder8;

void nep_ladder8_make(nep_ladder8 *ladder, const nep_point8 *base);

/* Lane l: limb[l] * base, for values below 2^254. */
void nep_ladder8_power_var(nep_point8 *r, const nep_ladder8 *ladder,
                           const uint64_t *const limb[NEP_LANES]);

/* Bit l: whether [q] base of lane l is the identity, exactly. */
__mmask8 nep_ladder8_is_member_var(const nep_ladder8 *ladder);

#endif
