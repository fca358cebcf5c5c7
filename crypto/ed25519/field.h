/* The field of 2^255 - 19 elements in radix 2^51: portable, constant time.

   Bounds. A *tight* value has limbs below 2^51 + 2^13: what mul, sqr and carry give. A *loose*
   value has limbs below 2^54: what mul and sqr take. add of two tight values stays below 2^53; sub
   takes a subtrahend whose limbs are below 2^53 - 76 (any tight value, or the sum of two) and adds
   less than 2^53 to the minuend. Every formula in point.c keeps to these. */
#ifndef NEP_CRYPTO_ED25519_FIELD_H
#define NEP_CRYPTO_ED25519_FIELD_H

#include <stdbool.h>
#include <stdint.h>

typedef struct nep_fe {
  uint64_t v[5]; /* value = sum of v[i] * 2^(51 i) modulo p */
} nep_fe;

typedef unsigned __int128 nep_u128;

#define NEP_FE_MASK ((UINT64_C(1) << 51) - 1)

static inline nep_fe nep_fe_small(uint64_t value) /* < 2^51 */
{
  return (nep_fe){{value, 0, 0, 0, 0}};
}

static inline nep_fe nep_fe_add(nep_fe a, nep_fe b)
{
  return (nep_fe){
      {a.v[0] + b.v[0], a.v[1] + b.v[1], a.v[2] + b.v[2], a.v[3] + b.v[3], a.v[4] + b.v[4]}};
}

/* a + 4p - b, so that no limb goes below zero. */
static inline nep_fe nep_fe_sub(nep_fe a, nep_fe b)
{
  const uint64_t p0 = (UINT64_C(1) << 53) - 76, p1 = (UINT64_C(1) << 53) - 4;
  return (nep_fe){{a.v[0] + p0 - b.v[0], a.v[1] + p1 - b.v[1], a.v[2] + p1 - b.v[2],
                   a.v[3] + p1 - b.v[3], a.v[4] + p1 - b.v[4]}};
}

/* Brings any value with limbs below 2^63 to tight form. */
static inline nep_fe nep_fe_carry(nep_fe a)
{
  return (nep_fe){{(a.v[0] & NEP_FE_MASK) + 19 * (a.v[4] >> 51),
                   (a.v[1] & NEP_FE_MASK) + (a.v[0] >> 51), (a.v[2] & NEP_FE_MASK) + (a.v[1] >> 51),
                   (a.v[3] & NEP_FE_MASK) + (a.v[2] >> 51),
                   (a.v[4] & NEP_FE_MASK) + (a.v[3] >> 51)}};
}

static inline nep_fe nep_fe_neg(nep_fe a) /* tight in, tight out */
{
  return nep_fe_carry(nep_fe_sub(nep_fe_small(0), a));
}

/* Column sums of a product, each below 2^115 for loose factors, to tight form. */
static inline nep_fe nep_fe_columns(nep_u128 t0, nep_u128 t1, nep_u128 t2, nep_u128 t3, nep_u128 t4)
{
  nep_fe r;
  t1 += (uint64_t)(t0 >> 51);
  t2 += (uint64_t)(t1 >> 51);
  t3 += (uint64_t)(t2 >> 51);
  t4 += (uint64_t)(t3 >> 51);
  uint64_t r0 = ((uint64_t)t0 & NEP_FE_MASK) + 19 * (uint64_t)(t4 >> 51);
  r.v[0] = r0 & NEP_FE_MASK;
  r.v[1] = ((uint64_t)t1 & NEP_FE_MASK) + (r0 >> 51);
  r.v[2] = (uint64_t)t2 & NEP_FE_MASK;
  r.v[3] = (uint64_t)t3 & NEP_FE_MASK;
  r.v[4] = (uint64_t)t4 & NEP_FE_MASK;
  return r;
}

static inline nep_fe nep_fe_mul(nep_fe a, nep_fe b)
{
  const uint64_t *x = a.v, *y = b.v;
  uint64_t y1 = 19 * y[1], y2 = 19 * y[2], y3 = 19 * y[3], y4 = 19 * y[4];
  nep_u128 t0 = (nep_u128)x[0] * y[0] + (nep_u128)x[1] * y4 + (nep_u128)x[2] * y3 +
                (nep_u128)x[3] * y2 + (nep_u128)x[4] * y1;
  nep_u128 t1 = (nep_u128)x[0] * y[1] + (nep_u128)x[1] * y[0] + (nep_u128)x[2] * y4 +
                (nep_u128)x[3] * y3 + (nep_u128)x[4] * y2;
  nep_u128 t2 = (nep_u128)x[0] * y[2] + (nep_u128)x[1] * y[1] + (nep_u128)x[2] * y[0] +
                (nep_u128)x[3] * y4 + (nep_u128)x[4] * y3;
  nep_u128 t3 = (nep_u128)x[0] * y[3] + (nep_u128)x[1] * y[2] + (nep_u128)x[2] * y[1] +
                (nep_u128)x[3] * y[0] + (nep_u128)x[4] * y4;
  nep_u128 t4 = (nep_u128)x[0] * y[4] + (nep_u128)x[1] * y[3] + (nep_u128)x[2] * y[2] +
                (nep_u128)x[3] * y[1] + (nep_u128)x[4] * y[0];
  return nep_fe_columns(t0, t1, t2, t3, t4);
}

static inline nep_fe nep_fe_sqr(nep_fe a)
{
  const uint64_t *x = a.v;
  uint64_t d0 = 2 * x[0], d1 = 2 * x[1], d2 = 2 * x[2];
  uint64_t x3 = 19 * x[3], x4 = 19 * x[4];
  nep_u128 t0 = (nep_u128)x[0] * x[0] + (nep_u128)d1 * x4 + (nep_u128)d2 * x3;
  nep_u128 t1 = (nep_u128)d0 * x[1] + (nep_u128)d2 * x4 + (nep_u128)x[3] * x3;
  nep_u128 t2 = (nep_u128)d0 * x[2] + (nep_u128)x[1] * x[1] + (nep_u128)(2 * x[3]) * x4;
  nep_u128 t3 = (nep_u128)d0 * x[3] + (nep_u128)d1 * x[2] + (nep_u128)x[4] * x4;
  nep_u128 t4 = (nep_u128)d0 * x[4] + (nep_u128)d1 * x[3] + (nep_u128)x[2] * x[2];
  return nep_fe_columns(t0, t1, t2, t3, t4);
}

/* r = pick_b ? b : a, without a branch; pick_b is 0 or 1. */
static inline nep_fe nep_fe_select(nep_fe a, nep_fe b, uint64_t pick_b)
{
  uint64_t mask = 0 - pick_b;
  for (int i = 0; i < 5; i++)
    a.v[i] ^= mask & (a.v[i] ^ b.v[i]);
  return a;
}

/* Limbs below 2^51 of the value in 0..p-1. */
nep_fe nep_fe_canonical(nep_fe a);
/* Little-endian bytes of the value in 0..p-1. */
void nep_fe_bytes(uint8_t out[32], nep_fe a);
/* The low 255 bits, modulo p. */
nep_fe nep_fe_from_bytes(const uint8_t in[32]);

uint64_t nep_fe_is_zero(nep_fe a);         /* 0 or 1 */
uint64_t nep_fe_equal(nep_fe a, nep_fe b); /* tight operands */
uint64_t nep_fe_is_odd(nep_fe a);          /* of the value in 0..p-1 */

nep_fe nep_fe_sqr_times(nep_fe a, unsigned times);
nep_fe nep_fe_invert(nep_fe a); /* a^(p-2): 0 gives 0 */
/* a^((p-5)/8) = a^(2^252 - 3), the core of square roots. */
nep_fe nep_fe_pow22523(nep_fe a);

/* Looks for g with den * g^2 = zeta * num, zeta one of 1, -1, i, -i, which always exists: returns
   g. *zeta_squared is 1 when zeta is 1 or -1, *zeta_minus when it is -1 or -i. num/den is a square
   exactly when the former is 1 or num is 0. den nonzero; operands tight. */
nep_fe nep_fe_root_candidate(nep_fe num, nep_fe den, uint64_t *zeta_squared, uint64_t *zeta_minus);

/* Square root of num/den where there is one (*is_square = 1). */
nep_fe nep_fe_root(nep_fe num, nep_fe den, uint64_t *is_square);

/* i with i^2 = -1. */
extern const nep_fe nep_fe_i;

#endif
