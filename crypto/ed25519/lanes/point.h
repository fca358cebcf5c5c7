/* Points of edwards25519 eight at a time, with the complete formulas of crypto/ed25519/point.h: no
   pair of points is an exception, so no lane ever needs another path than its neighbours. All
   coordinates of points are tight; what is added to them, cached or affine, is made of factors. */
#ifndef NEP_CRYPTO_ED25519_LANES_POINT_H
#define NEP_CRYPTO_ED25519_LANES_POINT_H

#include "crypto/ed25519/lanes/field.h"
#include "crypto/ed25519/point.h"

typedef struct nep_point8 {
  nep_fe8 x, y, z, t;
} nep_point8;

typedef struct nep_cached8 {
  nep_fe8 plus, minus, z2, t2d;
} nep_cached8;

typedef struct nep_affine8 {
  nep_fe8 plus, minus, t2d;
} nep_affine8;

void nep_point8_identity(nep_point8 *p);
void nep_point8_cached(nep_cached8 *out, const nep_point8 *p);

/* p = 2^times p; times > 0. */
void nep_point8_double_times(nep_point8 *p, unsigned times);

/* r = p + q, and p - q in the lanes of `minus`. r may be p. */
void nep_point8_add(nep_point8 *r, const nep_point8 *p, const nep_cached8 *q, __mmask8 minus);
void nep_point8_add_affine(nep_point8 *r, const nep_point8 *p, const nep_affine8 *q,
                           __mmask8 minus);
void nep_point8_add_point(nep_point8 *r, const nep_point8 *p, const nep_point8 *q);

/* Bit l: whether point l is the identity. */
__mmask8 nep_point8_is_identity(const nep_point8 *p);

#endif
