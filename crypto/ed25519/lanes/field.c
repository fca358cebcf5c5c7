#include "crypto/ed25519/lanes/field.h"

#include <string.h>

nep_fe8 nep_fe8_canonical(nep_fe8 a)
{
  const __m512i nineteen = nep_lanes_word(19);
  a = nep_fe8_carry(nep_fe8_carry(a)); /* below 2^255 now */
  /* q = 1 where a >= p: whether a + 19 reaches 2^255. */
  __m512i q = nineteen;
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    q = _mm512_srli_epi64(_mm512_add_epi64(a.v[i], q), i < NEP_LANE_LIMBS - 1 ? 52 : 47);
  a.v[0] = _mm512_madd52lo_epu64(a.v[0], q, nineteen);
  for (int i = 1; i < NEP_LANE_LIMBS; i++)
    a.v[i] = _mm512_add_epi64(a.v[i], _mm512_srli_epi64(a.v[i - 1], 52));
  a.v[4] = _mm512_and_si512(a.v[4], nep_lanes_word(NEP_FE8_TOP_MASK));
  return nep_fe8_masked(a);
}

__mmask8 nep_fe8_is_zero(nep_fe8 a)
{
  a = nep_fe8_canonical(a);
  __m512i any = a.v[0];
  for (int i = 1; i < NEP_LANE_LIMBS; i++)
    any = _mm512_or_si512(any, a.v[i]);
  return _mm512_testn_epi64_mask(any, any);
}

__mmask8 nep_fe8_equal(nep_fe8 a, nep_fe8 b)
{
  return nep_fe8_is_zero(nep_fe8_sub(a, b));
}

__mmask8 nep_fe8_is_odd(nep_fe8 a)
{
  return _mm512_test_epi64_mask(nep_fe8_canonical(a).v[0], nep_lanes_word(1));
}

/* Squares that are only squared again need no more than factors. The elements of a row take turns,
   since each of them waits for its last square longer than the multiplier is busy. */
static void sqr_times(nep_fe8 *a, size_t n, unsigned times)
{
  for (unsigned i = 0; i < times; i++)
    for (size_t k = 0; k < n; k++)
      a[k] = nep_fe8_factor(nep_fe8_sqr_wide(a[k]));
}

typedef struct row {
  nep_fe8 v[NEP_FE8_ROW_MAX];
} row;

static void mul_each(nep_fe8 *a, const nep_fe8 *b, size_t n)
{
  for (size_t k = 0; k < n; k++)
    a[k] = nep_fe8_mul(a[k], b[k]);
}

/* a^(2^(2 n) - 1) from a^(2^n - 1), and more generally runs of ones joined. */
static row join_ones(const row *high, unsigned places, const nep_fe8 *low, size_t n)
{
  row r;
  memcpy(r.v, high->v, n * sizeof r.v[0]);
  sqr_times(r.v, n, places);
  mul_each(r.v, low, n);
  return r;
}

/* a^(2^250 - 1), and a^11 on the way. */
static row pow_ones_250(const nep_fe8 *a, size_t n, row *a11)
{
  row a2;
  memcpy(a2.v, a, n * sizeof a2.v[0]);
  sqr_times(a2.v, n, 1);
  row a9 = join_ones(&a2, 2, a, n);
  *a11 = a9;
  mul_each(a11->v, a2.v, n);
  row ones5 = join_ones(a11, 1, a9.v, n); /* a^31: five one bits */
  row ones10 = join_ones(&ones5, 5, ones5.v, n);
  row ones20 = join_ones(&ones10, 10, ones10.v, n);
  row ones40 = join_ones(&ones20, 20, ones20.v, n);
  row ones50 = join_ones(&ones40, 10, ones10.v, n);
  row ones100 = join_ones(&ones50, 50, ones50.v, n);
  row ones200 = join_ones(&ones100, 100, ones100.v, n);
  return join_ones(&ones200, 50, ones50.v, n);
}

nep_fe8 nep_fe8_invert(nep_fe8 a)
{
  row a11;
  row ones250 = pow_ones_250(&a, 1, &a11);
  return join_ones(&ones250, 5, a11.v, 1).v[0]; /* 2^255 - 32 + 11 = p - 2 */
}

void nep_fe8_pow22523(nep_fe8 *a, size_t n)
{
  row a11;
  row ones250 = pow_ones_250(a, n, &a11);
  row r = join_ones(&ones250, 2, a, n); /* 2^252 - 4 + 1 */
  memcpy(a, r.v, n * sizeof *a);
}
