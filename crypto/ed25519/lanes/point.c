#include "crypto/ed25519/lanes/point.h"

/* What a sum or a doubling gives before its last multiplications: X = E F, Y = G H, Z = F G,
   T = E H. Wide. */
typedef struct completed8 {
  nep_fe8 e, f, g, h;
} completed8;

void nep_point8_identity(nep_point8 *p)
{
  p->x = p->t = nep_fe8_all(nep_fe_small(0));
  p->y = p->z = nep_fe8_all(nep_fe_small(1));
}

/* Factors of a sum and of a difference of tight values. */
NEP_LANES_INLINE nep_fe8 add_factor(nep_fe8 a, nep_fe8 b)
{
  return nep_fe8_factor(nep_fe8_sum(a, b));
}

NEP_LANES_INLINE nep_fe8 sub_factor(nep_fe8 a, nep_fe8 b)
{
  return nep_fe8_factor(nep_fe8_difference(a, b, NEP_BIAS_TIGHT));
}

void nep_point8_cached(nep_cached8 *out, const nep_point8 *p)
{
  out->plus = add_factor(p->y, p->x);
  out->minus = sub_factor(p->y, p->x);
  out->z2 = add_factor(p->z, p->z);
  out->t2d = nep_fe8_factor(nep_fe8_mul_wide(p->t, nep_fe8_all(nep_curve_2d)));
}

NEP_LANES_INLINE completed8 factors(completed8 c)
{
  return (completed8){nep_fe8_factor(c.e), nep_fe8_factor(c.f), nep_fe8_factor(c.g),
                      nep_fe8_factor(c.h)};
}

NEP_LANES_INLINE void finish(nep_point8 *r, completed8 c)
{
  c = factors(c);
  r->x = nep_fe8_mul(c.e, c.f);
  r->y = nep_fe8_mul(c.g, c.h);
  r->z = nep_fe8_mul(c.f, c.g);
  r->t = nep_fe8_mul(c.e, c.h);
}

/* E = -2 X Y, F = 2 Z^2 + G, G = X^2 - Y^2, H = X^2 + Y^2. A square in place of the product,
   E = H - (X + Y)^2, would cost a sum and its carry. */
NEP_LANES_INLINE completed8 doubled(nep_fe8 x, nep_fe8 y, nep_fe8 z)
{
  nep_fe8 xx = nep_fe8_sqr_wide(x);
  nep_fe8 yy = nep_fe8_sqr_wide(y);
  nep_fe8 zz = nep_fe8_sqr_wide(z);
  nep_fe8 xy = nep_fe8_mul_wide(x, y);
  completed8 c;
  c.g = nep_fe8_difference(xx, yy, NEP_BIAS_WIDE);
  c.f = nep_fe8_sum(nep_fe8_sum(zz, zz), c.g);
  c.h = nep_fe8_sum(xx, yy);
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    c.e.v[i] =
        _mm512_sub_epi64(nep_fe8_bias(i, NEP_BIAS_TWO_WIDE), _mm512_add_epi64(xy.v[i], xy.v[i]));
  return c;
}

/* Between doublings X, Y and Z are only multiplied, and T is not needed. */
void nep_point8_double_times(nep_point8 *p, unsigned times)
{
  nep_fe8 x = p->x, y = p->y, z = p->z;
  for (unsigned i = 1; i < times; i++) {
    completed8 c = factors(doubled(x, y, z));
    x = nep_fe8_factor(nep_fe8_mul_wide(c.e, c.f));
    y = nep_fe8_factor(nep_fe8_mul_wide(c.g, c.h));
    z = nep_fe8_factor(nep_fe8_mul_wide(c.f, c.g));
  }
  finish(p, doubled(x, y, z));
}

/* a = (Y1-X1)(Y2-X2), b = (Y1+X1)(Y2+X2), c = T1 2d T2, d = 2 Z1 Z2, all wide. The opposite of the
   second point swaps its Y+X with its Y-X and negates c. */
NEP_LANES_INLINE void add_prepared(nep_point8 *r, const nep_point8 *p, nep_fe8 plus, nep_fe8 minus,
                                   nep_fe8 t2d, nep_fe8 d, __mmask8 negative)
{
  nep_fe8 a = nep_fe8_mul_wide(sub_factor(p->y, p->x), nep_fe8_select(minus, plus, negative));
  nep_fe8 b = nep_fe8_mul_wide(add_factor(p->y, p->x), nep_fe8_select(plus, minus, negative));
  nep_fe8 c = nep_fe8_mul_wide(p->t, t2d);
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    c.v[i] = _mm512_mask_sub_epi64(c.v[i], negative, nep_fe8_bias(i, NEP_BIAS_WIDE), c.v[i]);
  completed8 sum;
  sum.e = nep_fe8_difference(b, a, NEP_BIAS_WIDE);
  sum.f = nep_fe8_difference(d, c, NEP_BIAS_TWO_WIDE);
  sum.g = nep_fe8_sum(d, c);
  sum.h = nep_fe8_sum(b, a);
  finish(r, sum);
}

void nep_point8_add(nep_point8 *r, const nep_point8 *p, const nep_cached8 *q, __mmask8 minus)
{
  nep_fe8 d = nep_fe8_mul_wide(p->z, q->z2);
  add_prepared(r, p, q->plus, q->minus, q->t2d, d, minus);
}

void nep_point8_add_affine(nep_point8 *r, const nep_point8 *p, const nep_affine8 *q, __mmask8 minus)
{
  add_prepared(r, p, q->plus, q->minus, q->t2d, nep_fe8_sum(p->z, p->z), minus);
}

void nep_point8_add_point(nep_point8 *r, const nep_point8 *p, const nep_point8 *q)
{
  nep_cached8 prepared;
  nep_point8_cached(&prepared, q);
  nep_point8_add(r, p, &prepared, 0);
}

__mmask8 nep_point8_is_identity(const nep_point8 *p)
{
  return (__mmask8)(nep_fe8_is_zero(p->x) & nep_fe8_equal(p->y, p->z));
}
