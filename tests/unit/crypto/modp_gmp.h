/* The integer groups as GMP sees them. */
#ifndef NEP_TESTS_UNIT_CRYPTO_MODP_GMP_H
#define NEP_TESTS_UNIT_CRYPTO_MODP_GMP_H

#include "crypto/modp/modp.h"
#include "tests/unit/crypto/support.h"

enum { FIRST = 1, LAST = 3 }; /* the integer groups are numbers 1 and 2 */

static inline void element_to_mpz(mpz_t z, const nep_element *e)
{
  mpz_import(z, NEP_LIMBS, -1, sizeof e->limb[0], 0, 0, e->limb);
}

static inline void scalar_to_mpz(mpz_t z, const nep_scalar *s)
{
  mpz_import(z, NEP_LIMBS, -1, sizeof s->limb[0], 0, 0, s->limb);
}

static inline void element_from_mpz(nep_element *e, const mpz_t z)
{
  memset(e, 0, sizeof *e);
  mpz_export(e->limb, NULL, -1, sizeof e->limb[0], 0, 0, z);
}

static inline void scalar_from_mpz(nep_scalar *s, const mpz_t z)
{
  nep_scalar_zero(s);
  mpz_export(s->limb, NULL, -1, sizeof s->limb[0], 0, 0, z);
}

/* Parameters as GMP integers. */
typedef struct parameters {
  const nep_group *g;
  mpz_t p, q, cofactor;
} parameters;

static inline parameters parameters_of(int i)
{
  parameters m = {.g = group_number(i)};
  mpz_inits(m.p, m.q, m.cofactor, NULL);
  mpz_import(m.p, NEP_LIMBS, -1, sizeof(uint64_t), 0, 0, nep_modp_of(m.g)->p);
  mpz_import(m.q, m.g->q_limbs, -1, sizeof(uint64_t), 0, 0, m.g->q);
  mpz_sub_ui(m.cofactor, m.p, 1);
  mpz_divexact(m.cofactor, m.cofactor, m.q);
  return m;
}

static inline void parameters_end(parameters *m)
{
  mpz_clears(m->p, m->q, m->cofactor, NULL);
}

static inline void random_member(const nep_group *g, nep_element *e)
{
  nep_scalar s;
  nep_scalar_random(g, &s);
  nep_element_exp_g(g, e, &s);
}

#endif
