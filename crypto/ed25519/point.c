#include "crypto/ed25519/point.h"

/* d = -121665/121666 */
const nep_fe nep_curve_d = {
    {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};
const nep_fe nep_curve_2d = {
    {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};

const nep_point nep_point_identity = {{{0}}, {{1}}, {{1}}, {{0}}};

/* RFC 8032: y = 4/5, x even. */
const nep_point nep_point_generator = {
    {{0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d, 0x1ff60527118fe, 0x216936d3cd6e5}},
    {{0x6666666666658, 0x4cccccccccccc, 0x1999999999999, 0x3333333333333, 0x6666666666666}},
    {{1}},
    {{0x68ab3a5b7dda3, 0x00eea2a5eadbb, 0x2af8df483c27e, 0x332b375274732, 0x67875f0fd78b7}}};

nep_cached nep_point_cached(const nep_point *p)
{
  return (nep_cached){nep_fe_add(p->y, p->x), nep_fe_sub(p->y, p->x), nep_fe_add(p->z, p->z),
                      nep_fe_mul(p->t, nep_curve_2d)};
}

nep_affine nep_affine_of(nep_fe x, nep_fe y)
{
  return (nep_affine){nep_fe_canonical(nep_fe_add(y, x)), nep_fe_canonical(nep_fe_sub(y, x)),
                      nep_fe_canonical(nep_fe_mul(nep_fe_mul(x, y), nep_curve_2d))};
}

nep_completed nep_projective_double(const nep_projective *p)
{
  nep_fe a = nep_fe_sqr(p->x);
  nep_fe b = nep_fe_sqr(p->y);
  nep_fe zz = nep_fe_sqr(p->z);
  nep_fe h = nep_fe_add(a, b);
  nep_fe g = nep_fe_sub(a, b); /* < 2^53 + 2^51 + 2^13 */
  return (nep_completed){
      .e = nep_fe_sub(h, nep_fe_sqr(nep_fe_add(p->x, p->y))),
      .f = nep_fe_add(nep_fe_add(zz, zz), g), /* < 2^53 + 3 (2^51 + 2^13) */
      .g = g,
      .h = h,
  };
}

/* a = (Y1-X1)(Y2-X2), b = (Y1+X1)(Y2+X2), c = T1 2d T2, d = 2 Z1 Z2 */
static inline nep_completed sum_of(nep_fe a, nep_fe b, nep_fe c, nep_fe d)
{
  return (nep_completed){nep_fe_sub(b, a), nep_fe_sub(d, c), nep_fe_add(d, c), nep_fe_add(b, a)};
}

nep_completed nep_cached_add(const nep_point *p, const nep_cached *q)
{
  return sum_of(nep_fe_mul(nep_fe_sub(p->y, p->x), q->minus),
                nep_fe_mul(nep_fe_add(p->y, p->x), q->plus), nep_fe_mul(p->t, q->t2d),
                nep_fe_mul(p->z, q->z2));
}

/* The opposite of q swaps Y+X with Y-X and negates T, which swaps f with g. */
nep_completed nep_cached_sub(const nep_point *p, const nep_cached *q)
{
  nep_fe a = nep_fe_mul(nep_fe_sub(p->y, p->x), q->plus);
  nep_fe b = nep_fe_mul(nep_fe_add(p->y, p->x), q->minus);
  nep_fe c = nep_fe_mul(p->t, q->t2d);
  nep_fe d = nep_fe_mul(p->z, q->z2);
  return (nep_completed){nep_fe_sub(b, a), nep_fe_add(d, c), nep_fe_sub(d, c), nep_fe_add(b, a)};
}

nep_completed nep_affine_add(const nep_point *p, const nep_affine *q)
{
  return sum_of(nep_fe_mul(nep_fe_sub(p->y, p->x), q->minus),
                nep_fe_mul(nep_fe_add(p->y, p->x), q->plus), nep_fe_mul(p->t, q->t2d),
                nep_fe_add(p->z, p->z));
}

nep_completed nep_affine_sub(const nep_point *p, const nep_affine *q)
{
  nep_fe a = nep_fe_mul(nep_fe_sub(p->y, p->x), q->plus);
  nep_fe b = nep_fe_mul(nep_fe_add(p->y, p->x), q->minus);
  nep_fe c = nep_fe_mul(p->t, q->t2d);
  nep_fe d = nep_fe_add(p->z, p->z);
  return (nep_completed){nep_fe_sub(b, a), nep_fe_add(d, c), nep_fe_sub(d, c), nep_fe_add(b, a)};
}

nep_point nep_point_add(const nep_point *p, const nep_point *q)
{
  nep_cached prepared = nep_point_cached(q);
  nep_completed sum = nep_cached_add(p, &prepared);
  return nep_completed_point(&sum);
}

nep_point nep_point_double(const nep_point *p)
{
  return nep_point_double_times(p, 1);
}

nep_point nep_point_double_times(const nep_point *p, unsigned times)
{
  nep_projective run = nep_point_projective(p);
  for (unsigned i = 1; i < times; i++) {
    nep_completed twice = nep_projective_double(&run);
    run = nep_completed_projective(&twice);
  }
  nep_completed last = nep_projective_double(&run);
  return nep_completed_point(&last);
}

nep_point nep_point_neg(const nep_point *p)
{
  return (nep_point){nep_fe_neg(p->x), p->y, p->z, nep_fe_neg(p->t)};
}

uint64_t nep_point_equal(const nep_point *p, const nep_point *q)
{
  uint64_t same_x = nep_fe_equal(nep_fe_mul(p->x, q->z), nep_fe_mul(q->x, p->z));
  uint64_t same_y = nep_fe_equal(nep_fe_mul(p->y, q->z), nep_fe_mul(q->y, p->z));
  return same_x & same_y;
}

/* inverse[i] first holds z[0] .. z[i-1], then the inverse of all is peeled from the end. */
void nep_fe_invert_many(nep_fe *inverse, const nep_fe *z, size_t n)
{
  nep_fe run = nep_fe_small(1);
  for (size_t i = 0; i < n; i++) {
    inverse[i] = run;
    run = nep_fe_mul(run, z[i]);
  }
  run = nep_fe_invert(run);
  for (size_t i = n; i-- > 0;) {
    inverse[i] = nep_fe_mul(inverse[i], run);
    run = nep_fe_mul(run, z[i]);
  }
}
