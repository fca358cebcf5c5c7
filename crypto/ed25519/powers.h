/* Several powers of one public point, and its membership, which share the doublings (Yao's method):
   wherever the non-adjacent form of an exponent has a nonzero digit d, at place i, the point
   2^i base goes into the bucket of |d|, and in the end bucket d counts d fold. A power costs about
   49 additions beside the 252 doublings of all, [q] base about 28. All is done with integers, not
   modulo q, so it holds for points outside the subgroup too. */
#ifndef NEP_CRYPTO_ED25519_POWERS_H
#define NEP_CRYPTO_ED25519_POWERS_H

#include "crypto/ed25519/point.h"

enum { NEP_POWERS_TOGETHER = 16 };

/* out[k] = limb[k] * base for k < n, the exponents of 4 limbs each; 0 < n <= NEP_POWERS_TOGETHER.
   One power alone is cheaper by power.h. */
void nep_point_powers_var(nep_point *out, const nep_point *base, const uint64_t *const *limb,
                          size_t n);

#endif
