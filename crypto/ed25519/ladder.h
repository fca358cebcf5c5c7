/* Several powers of one public point, and its membership, at the price of few additions each (Yao's
   method): the ladder holds the multiples by 16^i, made with 252 doublings once. An exponent is 64
   digits from -8 to 7; step i goes into the bucket of |digit i|, and in the end bucket d counts
   d fold. All is done with integers, not modulo q, so it holds for points outside the subgroup too.
 */
#ifndef NEP_CRYPTO_ED25519_LADDER_H
#define NEP_CRYPTO_ED25519_LADDER_H

#include "crypto/ed25519/point.h"

enum { NEP_LADDER_STEPS = 64, NEP_LADDER_BITS = 4, NEP_LADDER_DIGIT_MAX = 8 };

typedef struct nep_ladder {
  nep_point point[NEP_LADDER_STEPS];
  nep_cached step[NEP_LADDER_STEPS];
} nep_ladder;

void nep_ladder_make(nep_ladder *ladder, const nep_point *base);

/* limb * base, for a value below 2^255. */
nep_point nep_ladder_power_var(const nep_ladder *ladder, const uint64_t limb[4]);

/* Whether [q]base is the identity. */
bool nep_ladder_is_member_var(const nep_ladder *ladder);

#endif
