#include "crypto/ed25519/lanes/field.h"

nep_fe8 nep_fe8_canonical(nep_fe8 a)
{
  const __m512i mask = nep_lanes_word(NEP_FE_MASK), nineteen = nep_lanes_word(19);
  a = nep_fe8_carry(nep_fe8_carry(a)); /* below 2p now */
  /* q = 1 where a >= p: whether a + 19 reaches 2^255. */
  __m512i q = _mm512_srli_epi64(_mm512_add_epi64(a.v[0], nineteen), 51);
  for (int i = 1; i < NEP_LANE_LIMBS; i++)
    q = _mm512_srli_epi64(_mm512_add_epi64(a.v[i], q), 51);
  a.v[0] = _mm512_madd52lo_epu64(a.v[0], q, nineteen);
  for (int i = 0; i < NEP_LANE_LIMBS - 1; i++) {
    a.v[i + 1] = _mm512_add_epi64(a.v[i + 1], _mm512_srli_epi64(a.v[i], 51));
    a.v[i] = _mm512_and_si512(a.v[i], mask);
  }
  a.v[4] = _mm512_and_si512(a.v[4], mask);
  return a;
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

nep_fe8 nep_fe8_sqr_times(nep_fe8 a, unsigned times)
{
  for (unsigned i = 0; i < times; i++)
    a = nep_fe8_sqr(a);
  return a;
}

/* a^(2^(2 n) - 1) from a^(2^n - 1), and more generally runs of ones joined. */
static nep_fe8 join_ones(nep_fe8 high, unsigned places, nep_fe8 low)
{
  return nep_fe8_mul(nep_fe8_sqr_times(high, places), low);
}

/* a^(2^250 - 1), and a^11 on the way. */
static nep_fe8 pow_ones_250(nep_fe8 a, nep_fe8 *a11)
{
  nep_fe8 a2 = nep_fe8_sqr(a);
  nep_fe8 a9 = join_ones(a2, 2, a);
  *a11 = nep_fe8_mul(a9, a2);
  nep_fe8 ones5 = join_ones(*a11, 1, a9); /* a^31: five one bits */
  nep_fe8 ones10 = join_ones(ones5, 5, ones5);
  nep_fe8 ones20 = join_ones(ones10, 10, ones10);
  nep_fe8 ones40 = join_ones(ones20, 20, ones20);
  nep_fe8 ones50 = join_ones(ones40, 10, ones10);
  nep_fe8 ones100 = join_ones(ones50, 50, ones50);
  nep_fe8 ones200 = join_ones(ones100, 100, ones100);
  return join_ones(ones200, 50, ones50);
}

nep_fe8 nep_fe8_invert(nep_fe8 a)
{
  nep_fe8 a11;
  nep_fe8 ones250 = pow_ones_250(a, &a11);
  return join_ones(ones250, 5, a11); /* 2^255 - 32 + 11 = p - 2 */
}

nep_fe8 nep_fe8_pow22523(nep_fe8 a)
{
  nep_fe8 a11;
  nep_fe8 ones250 = pow_ones_250(a, &a11);
  return join_ones(ones250, 2, a); /* 2^252 - 4 + 1 */
}
