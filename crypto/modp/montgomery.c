/* Variable-time arithmetic and exponentiation on public data, in Montgomery form. */
#include <string.h>

#include "crypto/modp/modp.h"

enum { WINDOW = 5, ODD_POWERS = 1 << (WINDOW - 1) };

/* r = wide / 2^2048 mod p for wide < p * 2^2048; wide is destroyed. Each step makes the lowest
   limb 0 by adding a multiple of p and keeps the carry in its place. */
static void redc(const nep_modp *m, uint64_t *r, uint64_t *wide)
{
  for (size_t i = 0; i < MODP_LIMBS; i++)
    wide[i] = mpn_addmul_1(wide + i, m->p, MODP_LIMBS, wide[i] * m->minus_p_inverse);
  mp_limb_t carry = mpn_add_n(r, wide + MODP_LIMBS, wide, MODP_LIMBS);
  if (carry || mpn_cmp(r, m->p, MODP_LIMBS) >= 0)
    mpn_sub_n(r, r, m->p, MODP_LIMBS);
}

void nep_mont_mul_var(const nep_modp *m, uint64_t *r, const uint64_t *a, const uint64_t *b)
{
  uint64_t wide[2 * MODP_LIMBS];
  mpn_mul_n(wide, a, b, MODP_LIMBS);
  redc(m, r, wide);
}

void nep_mont_square_var(const nep_modp *m, uint64_t *r, const uint64_t *a)
{
  uint64_t wide[2 * MODP_LIMBS];
  mpn_sqr(wide, a, MODP_LIMBS);
  redc(m, r, wide);
}

void nep_mont_enter_var(const nep_modp *m, uint64_t *r, const uint64_t *a)
{
  nep_mont_mul_var(m, r, a, m->square_mont);
}

void nep_mont_leave_var(const nep_modp *m, uint64_t *r, const uint64_t *a)
{
  uint64_t wide[2 * MODP_LIMBS] = {0};
  memcpy(wide, a, MODP_LIMBS * sizeof a[0]);
  redc(m, r, wide);
}

unsigned nep_modp_digit_var(const uint64_t *exponent, size_t n, unsigned width, unsigned i)
{
  size_t bit = (size_t)width * i, limb = bit / 64, offset = bit % 64;
  if (limb >= n)
    return 0;
  uint64_t digit = exponent[limb] >> offset;
  if (offset + width > 64 && limb + 1 < n)
    digit |= exponent[limb + 1] << (64 - offset);
  return (unsigned)(digit & ((1U << width) - 1));
}

static bool bit_at(const uint64_t *exponent, size_t i)
{
  return exponent[i / 64] >> (i % 64) & 1;
}

/* base^1, base^3, base^5, .. */
static void odd_powers(const nep_modp *m, uint64_t table[ODD_POWERS][MODP_LIMBS],
                       const uint64_t *base)
{
  uint64_t square[MODP_LIMBS];
  nep_mont_enter_var(m, table[0], base);
  nep_mont_square_var(m, square, table[0]);
  for (size_t i = 1; i < ODD_POWERS; i++)
    nep_mont_mul_var(m, table[i], table[i - 1], square);
}

/* Sliding windows from the highest bit down. */
void nep_modp_power_var(const nep_modp *m, uint64_t *r, const uint64_t *base,
                        const uint64_t *exponent, size_t n)
{
  uint64_t table[ODD_POWERS][MODP_LIMBS], acc[MODP_LIMBS];
  odd_powers(m, table, base);
  memcpy(acc, m->one_mont, sizeof acc);
  size_t left = 64 * n;
  while (left > 0 && !bit_at(exponent, left - 1))
    left--;
  while (left > 0) {
    if (!bit_at(exponent, left - 1)) {
      nep_mont_square_var(m, acc, acc);
      left--;
      continue;
    }
    size_t low = left > WINDOW ? left - WINDOW : 0;
    while (!bit_at(exponent, low))
      low++;
    unsigned odd = 0;
    while (left > low) {
      left--;
      odd = odd << 1 | bit_at(exponent, left);
      nep_mont_square_var(m, acc, acc);
    }
    nep_mont_mul_var(m, acc, acc, table[odd >> 1]);
  }
  nep_mont_leave_var(m, r, acc);
}

void nep_modp_exp_var(const nep_group *g, nep_element *r, const nep_element *base,
                      const nep_scalar *s)
{
  nep_modp_power_var(nep_modp_of(g), r->limb, base->limb, s->limb, g->q_limbs);
}

/* protocol.md §1: 0 <= x < p and x^q = 1. With p = 2q+1 Euler's criterion says that x^q mod p is
   the Legendre symbol, which costs a hundredth. */
bool nep_modp_is_member_var(const nep_group *g, const nep_element *a)
{
  const nep_modp *m = nep_modp_of(g);
  if (mpn_cmp(a->limb, m->p, MODP_LIMBS) >= 0 || mpn_zero_p(a->limb, MODP_LIMBS))
    return false;
  if (m->q_is_half) {
    mpz_t x, p;
    mpz_roinit_n(x, a->limb, MODP_LIMBS);
    mpz_roinit_n(p, m->p, MODP_LIMBS);
    return mpz_jacobi(x, p) == 1;
  }
  nep_element power, one;
  nep_modp_power_var(m, power.limb, a->limb, g->q, g->q_limbs);
  nep_modp_one(g, &one);
  return nep_modp_equal(g, &power, &one);
}
