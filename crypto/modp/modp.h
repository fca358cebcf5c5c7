/* Inside crypto/modp/: subgroups of prime order q of the integers modulo a 2048-bit prime p.

   An element is its residue 0..p-1 in 32 limbs. What may be secret goes through GMP's mpn_sec
   layer, whose time and memory accesses depend on operand sizes only; all sizes here are fixed by
   the group. The `_var` functions work in Montgomery form, residue * 2^2048 mod p. */
#ifndef NEP_CRYPTO_MODP_MODP_H
#define NEP_CRYPTO_MODP_MODP_H

#include <gmp.h>

#include "crypto/group_ops.h"

_Static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NAIL_BITS == 0,
               "limbs of GMP and of this project must be the same");

enum { MODP_LIMBS = NEP_LIMBS };

typedef struct nep_modp {
  uint64_t p[MODP_LIMBS];
  uint64_t g[MODP_LIMBS];
  uint64_t one_mont[MODP_LIMBS];    /* 2^2048 mod p: the number 1 in Montgomery form */
  uint64_t square_mont[MODP_LIMBS]; /* 2^4096 mod p: takes a residue into Montgomery form */
  uint64_t minus_p_inverse;         /* -1/p mod 2^64 */
  unsigned q_bits;
  unsigned table_window; /* bits of an exponent that one step of a fixed-base table takes */
  bool q_is_half;        /* p = 2q+1: the subgroup is that of the squares */
} nep_modp;

static inline const nep_modp *nep_modp_of(const nep_group *g)
{
  return g->own;
}

/* Montgomery arithmetic on public data; r may be an operand. */
void nep_mont_mul_var(const nep_modp *m, uint64_t *r, const uint64_t *a, const uint64_t *b);
void nep_mont_square_var(const nep_modp *m, uint64_t *r, const uint64_t *a);
void nep_mont_enter_var(const nep_modp *m, uint64_t *r, const uint64_t *a);
void nep_mont_leave_var(const nep_modp *m, uint64_t *r, const uint64_t *a);

/* Digit number i of `width` <= 16 bits of an exponent of n limbs, least significant first. */
unsigned nep_modp_digit_var(const uint64_t *exponent, size_t n, unsigned width, unsigned i);

/* r = base^exponent, all in residues; the exponent has n limbs and need not be reduced. */
void nep_modp_power_var(const nep_modp *m, uint64_t *r, const uint64_t *base,
                        const uint64_t *exponent, size_t n);

/* The group's functions (group_ops.h). */
void nep_modp_scalar_reduce(const nep_group *g, nep_scalar *s, const uint8_t *be, size_t len);
void nep_modp_scalar_mul(const nep_group *g, nep_scalar *r, const nep_scalar *a,
                         const nep_scalar *b);
void nep_modp_scalar_invert_var(const nep_group *g, nep_scalar *r, const nep_scalar *a);
void nep_modp_one(const nep_group *g, nep_element *e);
void nep_modp_generator(const nep_group *g, nep_element *e);
void nep_modp_mul(const nep_group *g, nep_element *r, const nep_element *a, const nep_element *b);
void nep_modp_inv(const nep_group *g, nep_element *r, const nep_element *a);
bool nep_modp_equal(const nep_group *g, const nep_element *a, const nep_element *b);
int nep_modp_compare_var(const nep_group *g, const nep_element *a, const nep_element *b);
void nep_modp_exp(const nep_group *g, nep_element *r, const nep_element *base, const nep_scalar *s);
void nep_modp_exp_g(const nep_group *g, nep_element *r, const nep_scalar *s);
void nep_modp_exp_var(const nep_group *g, nep_element *r, const nep_element *base,
                      const nep_scalar *s);
bool nep_modp_is_member_var(const nep_group *g, const nep_element *a);
const char *nep_modp_parse(const nep_group *g, nep_element *e, const char *text, size_t len);
void nep_modp_text_many(const nep_group *g, const nep_element *e, size_t n,
                        char (*out)[NEP_ELEMENT_TEXT_MAX]);
void *nep_modp_table_new(const nep_group *g, const nep_element *e);
void nep_modp_table_free(void *table);
size_t nep_modp_table_bytes(const nep_group *g);
void nep_modp_table_exp(const nep_base *b, nep_element *r, const nep_scalar *s);
void nep_modp_table_exp_var(const nep_base *b, nep_element *r, const nep_scalar *s);
void nep_modp_commit_var(const nep_base *fixed, const nep_element *e, size_t n, const nep_scalar *r,
                         const nep_scalar *c, const nep_scalar *shift, nep_element *out);
void nep_modp_commit_many_var(const nep_group *g, nep_commit_job *jobs, size_t n_jobs);
void nep_modp_parse_many_var(const nep_group *g, nep_element *e, const nep_bytes *text, size_t n,
                             const char **refusal);
void nep_modp_text_many_var(const nep_group *g, const nep_element *e, size_t n, char *out,
                            size_t stride);
void nep_modp_dlog_multiples_var(const nep_group *g, const nep_element *base, size_t n,
                                 uint64_t *key);
void *nep_modp_dlog_steps_new_var(const nep_group *g, size_t n);
void nep_modp_dlog_around_var(const nep_group *g, const void *steps, nep_element *run, size_t from,
                              size_t count, uint64_t *down, uint64_t *up);

#endif
