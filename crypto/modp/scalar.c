/* Integers modulo q. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/modp/modp.h"

enum {
  REDUCE_BYTES_MAX = 512,
  WIDE_LIMBS = 2 * NEP_LIMBS /* a product of two scalars, or the longest number reduced */
};

/* s = wide mod q; wide has n >= q_limbs limbs and is destroyed. */
static void reduce_wide(const nep_group *g, nep_scalar *s, uint64_t *wide, size_t n)
{
  mp_size_t q_limbs = (mp_size_t)g->q_limbs, size = (mp_size_t)n;
  size_t itch = (size_t)mpn_sec_div_r_itch(size, q_limbs);
  mp_limb_t *scratch = nep_alloc(itch, sizeof *scratch);
  mpn_sec_div_r(wide, size, g->q, q_limbs, scratch);
  nep_scalar_zero(s);
  memcpy(s->limb, wide, g->q_limbs * sizeof s->limb[0]);
  nep_wipe(scratch, itch * sizeof *scratch);
  free(scratch);
}

void nep_modp_scalar_reduce(const nep_group *g, nep_scalar *s, const uint8_t *be, size_t len)
{
  uint64_t wide[WIDE_LIMBS] = {0};
  if (len > REDUCE_BYTES_MAX)
    abort();
  for (size_t i = 0; i < len; i++)
    wide[i / 8] |= (uint64_t)be[len - 1 - i] << (8 * (i % 8));
  size_t n = (len + 7) / 8;
  reduce_wide(g, s, wide, n < g->q_limbs ? g->q_limbs : n);
  nep_wipe(wide, sizeof wide);
}

void nep_modp_scalar_mul(const nep_group *g, nep_scalar *r, const nep_scalar *a,
                         const nep_scalar *b)
{
  uint64_t wide[WIDE_LIMBS];
  mp_size_t n = (mp_size_t)g->q_limbs;
  size_t itch = (size_t)mpn_sec_mul_itch(n, n);
  mp_limb_t *scratch = nep_alloc(itch, sizeof *scratch);
  mpn_sec_mul(wide, a->limb, n, b->limb, n, scratch);
  reduce_wide(g, r, wide, 2 * g->q_limbs);
  nep_wipe(scratch, itch * sizeof *scratch);
  nep_wipe(wide, sizeof wide);
  free(scratch);
}

void nep_modp_scalar_invert_var(const nep_group *g, nep_scalar *r, const nep_scalar *a)
{
  mpz_t q, value, inverse;
  mpz_init(inverse);
  mpz_roinit_n(q, g->q, (mp_size_t)g->q_limbs);
  mpz_roinit_n(value, a->limb, (mp_size_t)g->q_limbs);
  if (!mpz_invert(inverse, value, q))
    abort(); /* zero: the caller broke the contract of nep_scalar_invert_var */
  nep_scalar_zero(r);
  mpz_export(r->limb, NULL, -1, sizeof r->limb[0], 0, 0, inverse);
  mpz_clear(inverse);
}
