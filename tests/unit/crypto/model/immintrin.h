/* The instructions of AVX-512 that crypto/ed25519/lanes/field.h and point.c use, as Intel's manual
   describes them, in plain C: found in place of the compiler's header by what is compiled with this
   folder first. */
#ifndef NEP_TESTS_MODEL_IMMINTRIN_H
#define NEP_TESTS_MODEL_IMMINTRIN_H

#include <stdint.h>

typedef struct __m512i {
  uint64_t lane[8];
} __m512i;
typedef uint8_t __mmask8;

/* Not inlined: that takes a compiler a minute. */
#define MODEL static __attribute__((noinline, unused))
#define MODEL_LANES(expression)                                                                    \
  __m512i r;                                                                                       \
  for (int l = 0; l < 8; l++)                                                                      \
    r.lane[l] = (expression);                                                                      \
  return r

MODEL __m512i _mm512_set1_epi64(long long a)
{
  MODEL_LANES((uint64_t)a);
}

MODEL __m512i _mm512_setzero_si512(void)
{
  MODEL_LANES(0);
}

MODEL __m512i _mm512_add_epi64(__m512i a, __m512i b)
{
  MODEL_LANES(a.lane[l] + b.lane[l]);
}

MODEL __m512i _mm512_sub_epi64(__m512i a, __m512i b)
{
  MODEL_LANES(a.lane[l] - b.lane[l]);
}

MODEL __m512i _mm512_and_si512(__m512i a, __m512i b)
{
  MODEL_LANES(a.lane[l] & b.lane[l]);
}

MODEL __m512i _mm512_or_si512(__m512i a, __m512i b)
{
  MODEL_LANES(a.lane[l] | b.lane[l]);
}

/* By 64 and more: 0. */
MODEL __m512i _mm512_slli_epi64(__m512i a, unsigned n)
{
  MODEL_LANES(n < 64 ? a.lane[l] << n : 0);
}

MODEL __m512i _mm512_srli_epi64(__m512i a, unsigned n)
{
  MODEL_LANES(n < 64 ? a.lane[l] >> n : 0);
}

/* VPMADD52: of the low 52 bits of b and c the product of 104 bits; its low or high half is added.
 */
static inline unsigned __int128 model_product(uint64_t b, uint64_t c)
{
  const uint64_t low52 = (UINT64_C(1) << 52) - 1;
  return (unsigned __int128)(b & low52) * (c & low52);
}

MODEL __m512i _mm512_madd52lo_epu64(__m512i a, __m512i b, __m512i c)
{
  MODEL_LANES(a.lane[l] +
              (uint64_t)(model_product(b.lane[l], c.lane[l]) & ((UINT64_C(1) << 52) - 1)));
}

MODEL __m512i _mm512_madd52hi_epu64(__m512i a, __m512i b, __m512i c)
{
  MODEL_LANES(a.lane[l] + (uint64_t)(model_product(b.lane[l], c.lane[l]) >> 52));
}

MODEL __m512i _mm512_mask_mov_epi64(__m512i a, __mmask8 pick_b, __m512i b)
{
  MODEL_LANES(pick_b >> l & 1 ? b.lane[l] : a.lane[l]);
}

/* Where the mask's bit is 1 b - c, else a. */
MODEL __m512i _mm512_mask_sub_epi64(__m512i a, __mmask8 take, __m512i b, __m512i c)
{
  MODEL_LANES(take >> l & 1 ? b.lane[l] - c.lane[l] : a.lane[l]);
}

/* Bit l: a and b have a bit in common; have none. */
MODEL __mmask8 _mm512_test_epi64_mask(__m512i a, __m512i b)
{
  unsigned mask = 0;
  for (unsigned l = 0; l < 8; l++)
    mask |= (unsigned)((a.lane[l] & b.lane[l]) != 0) << l;
  return (__mmask8)mask;
}

MODEL __mmask8 _mm512_testn_epi64_mask(__m512i a, __m512i b)
{
  return (__mmask8)~_mm512_test_epi64_mask(a, b);
}

#undef MODEL_LANES
#undef MODEL

#endif
