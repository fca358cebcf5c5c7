/* Points of edwards25519, -x^2 + y^2 = 1 + d x^2 y^2, with complete formulas: they hold for all
   pairs of points, equal, opposite, of small order or the identity alike, and take constant time.
   Method: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (2008). */
#ifndef NEP_CRYPTO_ED25519_POINT_H
#define NEP_CRYPTO_ED25519_POINT_H

#include <string.h>

#include "crypto/ed25519/field.h"
#include "crypto/group.h"

/* Extended coordinates: x = X/Z, y = Y/Z, T = XY/Z; tight. */
typedef struct nep_point {
  nep_fe x, y, z, t;
} nep_point;

/* x = X/Z, y = Y/Z, for runs of doublings, which need no T. */
typedef struct nep_projective {
  nep_fe x, y, z;
} nep_projective;

/* What a sum or a doubling gives before its last multiplications: X = E F, Y = G H, Z = F G, T = E
 * H. */
typedef struct nep_completed {
  nep_fe e, f, g, h;
} nep_completed;

/* A point prepared for additions: Y+X, Y-X, 2Z, 2dT. */
typedef struct nep_cached {
  nep_fe plus, minus, z2, t2d;
} nep_cached;

/* The same of a point with Z = 1; limbs below 2^51. */
typedef struct nep_affine {
  nep_fe plus, minus, t2d;
} nep_affine;

extern const nep_fe nep_curve_d;
extern const nep_fe nep_curve_2d;
extern const nep_point nep_point_identity;
extern const nep_point nep_point_generator;

static inline nep_point nep_point_of(const nep_element *e)
{
  nep_point p;
  memcpy(&p, e->coord, sizeof p);
  return p;
}

static inline void nep_point_store(nep_element *e, const nep_point *p)
{
  memcpy(e->coord, p, sizeof *p);
}

static inline nep_point nep_completed_point(const nep_completed *c)
{
  return (nep_point){nep_fe_mul(c->e, c->f), nep_fe_mul(c->g, c->h), nep_fe_mul(c->f, c->g),
                     nep_fe_mul(c->e, c->h)};
}

static inline nep_projective nep_completed_projective(const nep_completed *c)
{
  return (nep_projective){nep_fe_mul(c->e, c->f), nep_fe_mul(c->g, c->h), nep_fe_mul(c->f, c->g)};
}

static inline nep_projective nep_point_projective(const nep_point *p)
{
  return (nep_projective){p->x, p->y, p->z};
}

nep_cached nep_point_cached(const nep_point *p);
nep_affine nep_affine_of(nep_fe x, nep_fe y);

nep_completed nep_projective_double(const nep_projective *p);
nep_completed nep_cached_add(const nep_point *p, const nep_cached *q);
nep_completed nep_cached_sub(const nep_point *p, const nep_cached *q);
nep_completed nep_affine_add(const nep_point *p, const nep_affine *q);
nep_completed nep_affine_sub(const nep_point *p, const nep_affine *q);

nep_point nep_point_add(const nep_point *p, const nep_point *q);
nep_point nep_point_double(const nep_point *p);
nep_point nep_point_neg(const nep_point *p);
/* 2^times p; times > 0. */
nep_point nep_point_double_times(const nep_point *p, unsigned times);
uint64_t nep_point_equal(const nep_point *p, const nep_point *q); /* 0 or 1 */

/* inverse[i] = 1/z[i] for n nonzero values with one inversion. */
void nep_fe_invert_many(nep_fe *inverse, const nep_fe *z, size_t n);

#endif
