#include "crypto/ed25519/field.h"

#include <string.h>

const nep_fe nep_fe_i = {
    {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};

nep_fe nep_fe_canonical(nep_fe a)
{
  a = nep_fe_carry(nep_fe_carry(a)); /* below 2p now */
  /* q = 1 when a >= p: whether a + 19 reaches 2^255. */
  uint64_t q = (a.v[0] + 19) >> 51;
  for (int i = 1; i < 5; i++)
    q = (a.v[i] + q) >> 51;
  a.v[0] += 19 * q;
  for (int i = 0; i < 4; i++) {
    a.v[i + 1] += a.v[i] >> 51;
    a.v[i] &= NEP_FE_MASK;
  }
  a.v[4] &= NEP_FE_MASK;
  return a;
}

void nep_fe_bytes(uint8_t out[32], nep_fe a)
{
  a = nep_fe_canonical(a);
  uint64_t word[4] = {a.v[0] | a.v[1] << 51, a.v[1] >> 13 | a.v[2] << 38,
                      a.v[2] >> 26 | a.v[3] << 25, a.v[3] >> 39 | a.v[4] << 12};
  memcpy(out, word, 32);
}

nep_fe nep_fe_from_bytes(const uint8_t in[32])
{
  uint64_t w[4];
  memcpy(w, in, 32);
  return (nep_fe){{w[0] & NEP_FE_MASK, (w[0] >> 51 | w[1] << 13) & NEP_FE_MASK,
                   (w[1] >> 38 | w[2] << 26) & NEP_FE_MASK, (w[2] >> 25 | w[3] << 39) & NEP_FE_MASK,
                   w[3] >> 12 & NEP_FE_MASK}};
}

uint64_t nep_fe_is_zero(nep_fe a)
{
  a = nep_fe_canonical(a);
  uint64_t any = a.v[0] | a.v[1] | a.v[2] | a.v[3] | a.v[4]; /* < 2^51 */
  return (any - 1) >> 63;
}

uint64_t nep_fe_equal(nep_fe a, nep_fe b)
{
  return nep_fe_is_zero(nep_fe_sub(a, b));
}

uint64_t nep_fe_is_odd(nep_fe a)
{
  return nep_fe_canonical(a).v[0] & 1;
}

nep_fe nep_fe_sqr_times(nep_fe a, unsigned times)
{
  for (unsigned i = 0; i < times; i++)
    a = nep_fe_sqr(a);
  return a;
}

/* a^(2^250 - 1), and a^11 on the way. */
static nep_fe pow_ones_250(nep_fe a, nep_fe *a11)
{
  nep_fe a2 = nep_fe_sqr(a);
  nep_fe a9 = nep_fe_mul(a, nep_fe_sqr_times(a2, 2));
  *a11 = nep_fe_mul(a9, a2);
  nep_fe ones5 = nep_fe_mul(nep_fe_sqr(*a11), a9); /* a^31: five one bits */
  nep_fe ones10 = nep_fe_mul(nep_fe_sqr_times(ones5, 5), ones5);
  nep_fe ones20 = nep_fe_mul(nep_fe_sqr_times(ones10, 10), ones10);
  nep_fe ones40 = nep_fe_mul(nep_fe_sqr_times(ones20, 20), ones20);
  nep_fe ones50 = nep_fe_mul(nep_fe_sqr_times(ones40, 10), ones10);
  nep_fe ones100 = nep_fe_mul(nep_fe_sqr_times(ones50, 50), ones50);
  nep_fe ones200 = nep_fe_mul(nep_fe_sqr_times(ones100, 100), ones100);
  return nep_fe_mul(nep_fe_sqr_times(ones200, 50), ones50);
}

nep_fe nep_fe_invert(nep_fe a)
{
  nep_fe a11;
  nep_fe ones250 = pow_ones_250(a, &a11);
  return nep_fe_mul(nep_fe_sqr_times(ones250, 5), a11); /* 2^255 - 32 + 11 = p - 2 */
}

nep_fe nep_fe_pow22523(nep_fe a)
{
  nep_fe a11;
  nep_fe ones250 = pow_ones_250(a, &a11);
  return nep_fe_mul(nep_fe_sqr_times(ones250, 2), a); /* 2^252 - 4 + 1 */
}

nep_fe nep_fe_root_candidate(nep_fe num, nep_fe den, uint64_t *zeta_squared, uint64_t *zeta_minus)
{
  /* g = num den^3 (num den^7)^((p-5)/8), so that den g^2 / num = (num den^7)^((p-1)/4). */
  nep_fe den3 = nep_fe_mul(nep_fe_sqr(den), den);
  nep_fe den7 = nep_fe_mul(nep_fe_sqr(den3), den);
  nep_fe g = nep_fe_mul(nep_fe_mul(num, den3), nep_fe_pow22523(nep_fe_mul(num, den7)));
  nep_fe check = nep_fe_mul(den, nep_fe_sqr(g));
  uint64_t plus = nep_fe_equal(check, num);
  uint64_t minus = nep_fe_equal(check, nep_fe_neg(num));
  uint64_t minus_i = nep_fe_equal(check, nep_fe_neg(nep_fe_mul(num, nep_fe_i)));
  *zeta_squared = plus | minus;
  *zeta_minus = (minus & (plus ^ 1)) | minus_i;
  return g;
}

nep_fe nep_fe_root(nep_fe num, nep_fe den, uint64_t *is_square)
{
  uint64_t minus;
  nep_fe g = nep_fe_root_candidate(num, den, is_square, &minus);
  return nep_fe_select(g, nep_fe_mul(g, nep_fe_i), minus);
}
