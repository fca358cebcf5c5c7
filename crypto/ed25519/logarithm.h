/* What discrete logarithms on the curve need (crypto/dlog.c, group_ops.h): keys of many points.

   The key of a point is taken from u of the Montgomery curve v^2 = u^3 + 486662 u^2 + u, to which
   edwards25519 maps (RFC 7748, 4.1); a point and its opposite have the same u. There C + P and C -
   P share one inversion, of u_C - u_P, and want 1M + 1S each besides, 1M more for v (the chord rule
   of any elliptic curve); inversions go in batches of 3M each: Montgomery, "Speeding the Pollard
   and elliptic curve methods of factorization" (1987), 10.3.1. Points of the prime-order subgroup
   only. */
#ifndef NEP_CRYPTO_ED25519_LOGARITHM_H
#define NEP_CRYPTO_ED25519_LOGARITHM_H

#include "crypto/group.h"

/* As the functions of group_ops.h that are named alike. */
void nep_curve_dlog_multiples_var(const nep_group *g, const nep_element *base, size_t n,
                                  uint64_t *key);
void *nep_curve_dlog_steps_new_var(const nep_group *g, size_t n);
void nep_curve_dlog_around_var(const nep_group *g, const void *steps, nep_element *run, size_t from,
                               size_t count, uint64_t *down, uint64_t *up);

#endif
