/* The field of 2^255 - 19 eight elements at a time, on AVX-512 IFMA, in radix 2^52: lane l of
   vector v[i] is limb i of element l. Constant time. Only files of this folder include it: they
   alone are compiled for such processors, and they run only where can_run_ifma in engine.c says so.

   The radix is the multiplier's: the high half of a product of two limbs belongs to the next limb
   as it is. The limbs have 260 bits, so that 2^260 is 608 = 32 * 19; the highest keeps 47 of them.

   Bounds. The multiplier sees the low 52 bits of its operands and drops the others silently, so
   every sum and difference is carried before it is multiplied. Limb 4 is said apart.
   - A *tight* value has limbs below 2^52, and below 2^47 + 2^12: what carry and mul give.
   - A *factor* is the same with anything above bit 52 in limbs 0 to 3, where the multiplier does
     not look: what mul and sqr take, good for nothing else. A tight value is a factor.
   - A *wide* value, all limbs below 2^56 - 2^9, is a product that is not carried yet (10 * 2^52
     and a little); sums of wide values are carried once, however many terms they have, which saves
     half of all carries in the formulas for points. */
#ifndef NEP_CRYPTO_ED25519_LANES_FIELD_H
#define NEP_CRYPTO_ED25519_LANES_FIELD_H

#include <immintrin.h>
#include <stddef.h>

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

#define NEP_FE8_MASK ((UINT64_C(1) << 52) - 1)
#define NEP_FE8_TOP_MASK ((UINT64_C(1) << 47) - 1)

/* Factors from limbs below 2^51 in radix 2^51 (crypto/ed25519/field.h). */
NEP_LANES_INLINE nep_fe8 nep_fe8_from_51(const __m512i a[NEP_LANE_LIMBS])
{
  nep_fe8 r;
  r.v[0] = _mm512_or_si512(a[0], _mm512_slli_epi64(a[1], 51));
  r.v[1] = _mm512_or_si512(_mm512_srli_epi64(a[1], 1), _mm512_slli_epi64(a[2], 50));
  r.v[2] = _mm512_or_si512(_mm512_srli_epi64(a[2], 2), _mm512_slli_epi64(a[3], 49));
  r.v[3] = _mm512_or_si512(_mm512_srli_epi64(a[3], 3), _mm512_slli_epi64(a[4], 48));
  r.v[4] = _mm512_srli_epi64(a[4], 4);
  return r;
}

/* The limbs of factors, without what is above bit 52. */
NEP_LANES_INLINE nep_fe8 nep_fe8_masked(nep_fe8 a)
{
  for (int i = 0; i < NEP_LANE_LIMBS - 1; i++)
    a.v[i] = _mm512_and_si512(a.v[i], nep_lanes_word(NEP_FE8_MASK));
  return a;
}

/* The same element in all lanes, from limbs below 2^51. */
NEP_LANES_INLINE nep_fe8 nep_fe8_all(nep_fe a)
{
  __m512i limb[NEP_LANE_LIMBS];
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    limb[i] = nep_lanes_word(a.v[i]);
  return nep_fe8_masked(nep_fe8_from_51(limb));
}

/* times * p with each limb in its place: added so that no limb of a difference goes below zero. */
NEP_LANES_INLINE __m512i nep_fe8_bias(int limb, uint64_t times)
{
  const uint64_t p = limb == 0                   ? NEP_FE8_MASK - 18
                     : limb < NEP_LANE_LIMBS - 1 ? NEP_FE8_MASK
                                                 : NEP_FE8_TOP_MASK;
  return nep_lanes_word(p * times);
}
enum { NEP_BIAS_TIGHT = 2, NEP_BIAS_WIDE = 512, NEP_BIAS_TWO_WIDE = 1024 };

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

/* Any limbs below 2^63 to factors: what is above 2^255 comes back 19 fold, then what is above a
   limb moves up, from the lowest limb to the highest, and stays where it was as well. */
NEP_LANES_INLINE nep_fe8 nep_fe8_factor(nep_fe8 a)
{
  __m512i above = _mm512_srli_epi64(a.v[4], 47);
  a.v[4] = _mm512_and_si512(a.v[4], nep_lanes_word(NEP_FE8_TOP_MASK));
  a.v[0] = _mm512_madd52lo_epu64(a.v[0], above, nep_lanes_word(19));
  for (int i = 1; i < NEP_LANE_LIMBS; i++)
    a.v[i] = _mm512_add_epi64(a.v[i], _mm512_srli_epi64(a.v[i - 1], 52));
  return a;
}

/* Any limbs below 2^63 to tight form. */
NEP_LANES_INLINE nep_fe8 nep_fe8_carry(nep_fe8 a)
{
  return nep_fe8_masked(nep_fe8_factor(a));
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

enum { NEP_LANE_COLUMNS = 10 };

/* The ten columns of a product to five: those from 5 on come back 608 fold, in two halves again.
   Column 9 is below 2^42 + 2^9, so that its product has no high half. */
NEP_LANES_INLINE nep_fe8 nep_fe8_fold(__m512i column[NEP_LANE_COLUMNS])
{
  const __m512i fold = nep_lanes_word(608);
  nep_fe8 r;
  for (int k = 0; k < NEP_LANE_LIMBS; k++) {
    __m512i *upper = &column[NEP_LANE_LIMBS + k];
    r.v[k] = _mm512_madd52lo_epu64(column[k], *upper, fold);
    if (k > 0)
      r.v[k] = _mm512_madd52hi_epu64(r.v[k], upper[-1], fold);
    if (k < NEP_LANE_LIMBS - 1)
      upper[1] = _mm512_add_epi64(upper[1], _mm512_srli_epi64(*upper, 52));
  }
  return r;
}

#define NEP_FE8_TERM(i, j)                                                                         \
  c[(i) + (j)] = _mm512_madd52lo_epu64(c[(i) + (j)], a.v[i], b.v[j]),                              \
          c[(i) + (j) + 1] = _mm512_madd52hi_epu64(c[(i) + (j) + 1], a.v[i], b.v[j])
#define NEP_FE8_ROW(i)                                                                             \
  NEP_FE8_TERM(i, 0), NEP_FE8_TERM(i, 1), NEP_FE8_TERM(i, 2), NEP_FE8_TERM(i, 3), NEP_FE8_TERM(i, 4)

/* Factors, wide product. */
NEP_LANES_INLINE nep_fe8 nep_fe8_mul_wide(nep_fe8 a, nep_fe8 b)
{
  __m512i c[NEP_LANE_COLUMNS];
  for (int k = 0; k < NEP_LANE_COLUMNS; k++)
    c[k] = _mm512_setzero_si512();
  NEP_FE8_ROW(0);
  NEP_FE8_ROW(1);
  NEP_FE8_ROW(2);
  NEP_FE8_ROW(3);
  NEP_FE8_ROW(4);
  return nep_fe8_fold(c);
}

NEP_LANES_INLINE nep_fe8 nep_fe8_sqr_wide(nep_fe8 a)
{
  const nep_fe8 b = a;
  __m512i c[NEP_LANE_COLUMNS];
  for (int k = 0; k < NEP_LANE_COLUMNS; k++)
    c[k] = _mm512_setzero_si512();
  NEP_FE8_TERM(0, 1), NEP_FE8_TERM(0, 2), NEP_FE8_TERM(0, 3), NEP_FE8_TERM(0, 4);
  NEP_FE8_TERM(1, 2), NEP_FE8_TERM(1, 3), NEP_FE8_TERM(1, 4);
  NEP_FE8_TERM(2, 3), NEP_FE8_TERM(2, 4), NEP_FE8_TERM(3, 4);
  for (int k = 1; k < NEP_LANE_COLUMNS - 1; k++)
    c[k] = _mm512_add_epi64(c[k], c[k]);
  NEP_FE8_TERM(0, 0), NEP_FE8_TERM(1, 1), NEP_FE8_TERM(2, 2), NEP_FE8_TERM(3, 3);
  NEP_FE8_TERM(4, 4);
  return nep_fe8_fold(c);
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

/* The values in 0..p-1: limbs below 2^52, the highest below 2^47. */
nep_fe8 nep_fe8_canonical(nep_fe8 a);
/* Bit l: whether element l is zero, odd, equal. */
__mmask8 nep_fe8_is_zero(nep_fe8 a);
__mmask8 nep_fe8_equal(nep_fe8 a, nep_fe8 b);
__mmask8 nep_fe8_is_odd(nep_fe8 a);

nep_fe8 nep_fe8_invert(nep_fe8 a); /* a^(p-2): 0 gives 0 */
/* Each of n vectors, at most NEP_FE8_ROW_MAX, becomes a^((p-5)/8). */
enum { NEP_FE8_ROW_MAX = 4 };
void nep_fe8_pow22523(nep_fe8 *a, size_t n);

#endif
