/* The field of 2^255 - 19 eight elements at a time, on AVX-512 IFMA, in radix 2^51 as in
   crypto/ed25519/field.h: lane l of vector v[i] is limb i of element l. Constant time. Only files
   of this folder include it: they alone are compiled for such processors, and they run only where
   can_run_ifma in engine.c says so.

   Bounds. The multiplier sees the low 52 bits of its operands and drops the others silently, so
   every sum and difference is carried before it is multiplied. A *tight* value has limbs below
   2^51 + 2^17: what carry and mul give, and what mul and sqr take. A *wide* value, limbs below
   2^60 - 2^14, is a product that is not carried yet (498 * 2^50 and a little, below 2^59); sums of
   wide values are carried once, however many terms they have, which saves half of all carries in
   the formulas for points. */
#ifndef NEP_CRYPTO_ED25519_LANES_FIELD_H
#define NEP_CRYPTO_ED25519_LANES_FIELD_H

#include <immintrin.h>

#include "crypto/ed25519/field.h"

enum { NEP_LANES = 8, NEP_LANE_LIMBS = 5 };

typedef struct nep_fe8 {
  __m512i v[NEP_LANE_LIMBS];
} nep_fe8;

#define NEP_LANES_INLINE static inline __attribute__((always_inline))

NEP_LANES_INLINE __m512i nep_lanes_word(uint64_t word)
{
  return _mm512_set1_epi64((long long)word);
}

/* The same element in all lanes. */
NEP_LANES_INLINE nep_fe8 nep_fe8_all(nep_fe a)
{
  nep_fe8 r;
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    r.v[i] = nep_lanes_word(a.v[i]);
  return r;
}

/* times * p with each limb in its place: added so that no limb of a difference goes below zero. */
NEP_LANES_INLINE __m512i nep_fe8_bias(int limb, uint64_t times)
{
  return nep_lanes_word((((uint64_t)1 << 51) - (limb == 0 ? 19 : 1)) * times);
}
enum { NEP_BIAS_TIGHT = 4, NEP_BIAS_WIDE = 512, NEP_BIAS_TWO_WIDE = 1024 };

NEP_LANES_INLINE nep_fe8 nep_fe8_sum(nep_fe8 a, nep_fe8 b)
{
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    a.v[i] = _mm512_add_epi64(a.v[i], b.v[i]);
  return a;
}

/* a - b + times * p; b's limbs must be below those of times * p. */
NEP_LANES_INLINE nep_fe8 nep_fe8_difference(nep_fe8 a, nep_fe8 b, uint64_t times)
{
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    a.v[i] = _mm512_sub_epi64(_mm512_add_epi64(a.v[i], nep_fe8_bias(i, times)), b.v[i]);
  return a;
}

/* Any limbs below 2^63 to tight form: what is above 2^51 moves up by one place, 2^255 being 19. */
NEP_LANES_INLINE nep_fe8 nep_fe8_carry(nep_fe8 a)
{
  const __m512i mask = nep_lanes_word(NEP_FE_MASK);
  __m512i up[NEP_LANE_LIMBS];
  for (int i = 0; i < NEP_LANE_LIMBS; i++) {
    up[i] = _mm512_srli_epi64(a.v[i], 51);
    a.v[i] = _mm512_and_si512(a.v[i], mask);
  }
  for (int i = 1; i < NEP_LANE_LIMBS; i++)
    a.v[i] = _mm512_add_epi64(a.v[i], up[i - 1]);
  a.v[0] = _mm512_madd52lo_epu64(a.v[0], up[4], nep_lanes_word(19));
  return a;
}

NEP_LANES_INLINE nep_fe8 nep_fe8_add(nep_fe8 a, nep_fe8 b)
{
  return nep_fe8_carry(nep_fe8_sum(a, b));
}

NEP_LANES_INLINE nep_fe8 nep_fe8_sub(nep_fe8 a, nep_fe8 b)
{
  return nep_fe8_carry(nep_fe8_difference(a, b, NEP_BIAS_TIGHT));
}

NEP_LANES_INLINE nep_fe8 nep_fe8_neg(nep_fe8 a)
{
  return nep_fe8_sub(nep_fe8_all((nep_fe){{0}}), a);
}

/* Column sums of a product: `low` of the low 52 bits of the partial products, `high` of the bits
   above, which count double at the next place (2^52 = 2 * 2^51). Columns from 5 on come back 19
   fold. */
NEP_LANES_INLINE nep_fe8 nep_fe8_columns(const __m512i low[9], const __m512i high[9])
{
  const __m512i nineteen = nep_lanes_word(19);
  nep_fe8 r;
  for (int k = 0; k < NEP_LANE_LIMBS; k++) {
    __m512i above = _mm512_slli_epi64(high[k + 4], 1);
    if (k < 4)
      above = _mm512_add_epi64(above, low[k + 5]);
    r.v[k] = _mm512_add_epi64(low[k], _mm512_mullo_epi64(above, nineteen));
    if (k > 0)
      r.v[k] = _mm512_add_epi64(r.v[k], _mm512_slli_epi64(high[k - 1], 1));
  }
  return r;
}

#define NEP_FE8_TERM(i, j)                                                                         \
  low[(i) + (j)] = _mm512_madd52lo_epu64(low[(i) + (j)], a.v[i], b.v[j]),                          \
            high[(i) + (j)] = _mm512_madd52hi_epu64(high[(i) + (j)], a.v[i], b.v[j])
#define NEP_FE8_ROW(i)                                                                             \
  NEP_FE8_TERM(i, 0), NEP_FE8_TERM(i, 1), NEP_FE8_TERM(i, 2), NEP_FE8_TERM(i, 3), NEP_FE8_TERM(i, 4)

/* Tight factors, wide product. */
NEP_LANES_INLINE nep_fe8 nep_fe8_mul_wide(nep_fe8 a, nep_fe8 b)
{
  __m512i low[9], high[9];
  for (int k = 0; k < 9; k++)
    low[k] = high[k] = _mm512_setzero_si512();
  NEP_FE8_ROW(0);
  NEP_FE8_ROW(1);
  NEP_FE8_ROW(2);
  NEP_FE8_ROW(3);
  NEP_FE8_ROW(4);
  return nep_fe8_columns(low, high);
}

NEP_LANES_INLINE nep_fe8 nep_fe8_sqr_wide(nep_fe8 a)
{
  const nep_fe8 b = a;
  __m512i low[9], high[9];
  for (int k = 0; k < 9; k++)
    low[k] = high[k] = _mm512_setzero_si512();
  NEP_FE8_TERM(0, 1), NEP_FE8_TERM(0, 2), NEP_FE8_TERM(0, 3), NEP_FE8_TERM(0, 4);
  NEP_FE8_TERM(1, 2), NEP_FE8_TERM(1, 3), NEP_FE8_TERM(1, 4);
  NEP_FE8_TERM(2, 3), NEP_FE8_TERM(2, 4), NEP_FE8_TERM(3, 4);
  for (int k = 1; k < 8; k++) {
    low[k] = _mm512_slli_epi64(low[k], 1);
    high[k] = _mm512_slli_epi64(high[k], 1);
  }
  NEP_FE8_TERM(0, 0), NEP_FE8_TERM(1, 1), NEP_FE8_TERM(2, 2), NEP_FE8_TERM(3, 3);
  NEP_FE8_TERM(4, 4);
  return nep_fe8_columns(low, high);
}

#undef NEP_FE8_ROW
#undef NEP_FE8_TERM

NEP_LANES_INLINE nep_fe8 nep_fe8_mul(nep_fe8 a, nep_fe8 b)
{
  return nep_fe8_carry(nep_fe8_mul_wide(a, b));
}

NEP_LANES_INLINE nep_fe8 nep_fe8_sqr(nep_fe8 a)
{
  return nep_fe8_carry(nep_fe8_sqr_wide(a));
}

/* Lane by lane: where the mask's bit is 1 b, else a. */
NEP_LANES_INLINE nep_fe8 nep_fe8_select(nep_fe8 a, nep_fe8 b, __mmask8 pick_b)
{
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    a.v[i] = _mm512_mask_mov_epi64(a.v[i], pick_b, b.v[i]);
  return a;
}

/* Limbs below 2^51 of the values in 0..p-1. */
nep_fe8 nep_fe8_canonical(nep_fe8 a);
/* Bit l: whether element l is zero, odd, equal. */
__mmask8 nep_fe8_is_zero(nep_fe8 a);
__mmask8 nep_fe8_equal(nep_fe8 a, nep_fe8 b);
__mmask8 nep_fe8_is_odd(nep_fe8 a);

nep_fe8 nep_fe8_sqr_times(nep_fe8 a, unsigned times);
nep_fe8 nep_fe8_invert(nep_fe8 a);   /* a^(p-2): 0 gives 0 */
nep_fe8 nep_fe8_pow22523(nep_fe8 a); /* a^((p-5)/8) */

#endif
