/* Residues modulo p: what may be secret, and the text form. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/decimal.h"
#include "crypto/modp/modp.h"

void nep_modp_one(const nep_group *g, nep_element *e)
{
  (void)g;
  *e = (nep_element){.limb = {1}};
}

void nep_modp_generator(const nep_group *g, nep_element *e)
{
  memcpy(e->limb, nep_modp_of(g)->g, sizeof e->limb);
}

void nep_modp_mul(const nep_group *g, nep_element *r, const nep_element *a, const nep_element *b)
{
  uint64_t wide[2 * MODP_LIMBS];
  mp_size_t mul_itch = mpn_sec_mul_itch(MODP_LIMBS, MODP_LIMBS);
  mp_size_t div_itch = mpn_sec_div_r_itch(2 * MODP_LIMBS, MODP_LIMBS);
  size_t itch = (size_t)(mul_itch > div_itch ? mul_itch : div_itch);
  mp_limb_t *scratch = nep_alloc(itch, sizeof *scratch);
  mpn_sec_mul(wide, a->limb, MODP_LIMBS, b->limb, MODP_LIMBS, scratch);
  mpn_sec_div_r(wide, 2 * MODP_LIMBS, nep_modp_of(g)->p, MODP_LIMBS, scratch);
  memcpy(r->limb, wide, sizeof r->limb);
  nep_wipe(wide, sizeof wide);
  nep_wipe(scratch, itch * sizeof *scratch);
  free(scratch);
}

void nep_modp_inv(const nep_group *g, nep_element *r, const nep_element *a)
{
  uint64_t value[MODP_LIMBS], inverse[MODP_LIMBS] = {0};
  size_t itch = (size_t)mpn_sec_invert_itch(MODP_LIMBS);
  mp_limb_t *scratch = nep_alloc(itch, sizeof *scratch);
  memcpy(value, a->limb, sizeof value);
  /* Every element of the group has an inverse; only 0, which membership refuses, has none. */
  if (!mpn_sec_invert(inverse, value, nep_modp_of(g)->p, MODP_LIMBS,
                      (mp_bitcnt_t)2 * 64 * MODP_LIMBS, scratch))
    memset(inverse, 0, sizeof inverse);
  memcpy(r->limb, inverse, sizeof r->limb);
  nep_wipe(value, sizeof value);
  nep_wipe(inverse, sizeof inverse);
  nep_wipe(scratch, itch * sizeof *scratch);
  free(scratch);
}

bool nep_modp_equal(const nep_group *g, const nep_element *a, const nep_element *b)
{
  (void)g;
  return nep_equal_secret(a->limb, b->limb, sizeof a->limb) != 0;
}

int nep_modp_compare_var(const nep_group *g, const nep_element *a, const nep_element *b)
{
  (void)g;
  return mpn_cmp(a->limb, b->limb, MODP_LIMBS);
}

/* The exponent's size is that of q, whatever its value: nothing depends on leading zeros. */
void nep_modp_exp(const nep_group *g, nep_element *r, const nep_element *base, const nep_scalar *s)
{
  const nep_modp *m = nep_modp_of(g);
  uint64_t power[MODP_LIMBS];
  size_t itch = (size_t)mpn_sec_powm_itch(MODP_LIMBS, m->q_bits, MODP_LIMBS);
  mp_limb_t *scratch = nep_alloc(itch, sizeof *scratch);
  mpn_sec_powm(power, base->limb, MODP_LIMBS, s->limb, m->q_bits, m->p, MODP_LIMBS, scratch);
  memcpy(r->limb, power, sizeof r->limb);
  nep_wipe(power, sizeof power);
  nep_wipe(scratch, itch * sizeof *scratch);
  free(scratch);
}

void nep_modp_exp_g(const nep_group *g, nep_element *r, const nep_scalar *s)
{
  nep_element generator;
  nep_modp_generator(g, &generator);
  nep_modp_exp(g, r, &generator, s);
}

/* protocol.md §2: decimal of the integer, below p. */
const char *nep_modp_parse(const nep_group *g, nep_element *e, const char *text, size_t len)
{
  if (nep_decimal_parse(text, len, nep_modp_of(g)->p, MODP_LIMBS, e->limb))
    return NULL;
  return "expected a decimal integer from 0 to p-1 without sign or leading zeros";
}

void nep_modp_parse_many_var(const nep_group *g, nep_element *e, const nep_bytes *text, size_t n,
                             const char **refusal)
{
  for (size_t i = 0; i < n; i++)
    refusal[i] = nep_modp_parse(g, &e[i], (const char *)text[i].data, text[i].len);
}

void nep_modp_text_many(const nep_group *g, const nep_element *e, size_t n,
                        char (*out)[NEP_ELEMENT_TEXT_MAX])
{
  for (size_t i = 0; i < n; i++)
    (void)nep_decimal_text(e[i].limb, MODP_LIMBS, g->element_chars, out[i]);
}

/* GMP's conversion takes a tenth of the time of the constant-time one. It may write zeros in front,
   and wants a nonzero highest limb. */
static void text_var(const nep_element *e, char *out)
{
  unsigned char digit[NEP_ELEMENT_TEXT_MAX];
  uint64_t limb[MODP_LIMBS];
  mp_size_t used = MODP_LIMBS;
  size_t digits = 0, first = 0;
  memcpy(limb, e->limb, sizeof limb);
  while (used > 0 && limb[used - 1] == 0)
    used--;
  if (used > 0)
    digits = mpn_get_str(digit, 10, limb, used);
  else
    digit[digits++] = 0;
  while (first + 1 < digits && digit[first] == 0)
    first++;
  for (size_t i = first; i < digits; i++)
    *out++ = (char)(digit[i] + '0');
  *out = '\0';
}

void nep_modp_text_many_var(const nep_group *g, const nep_element *e, size_t n, char *out,
                            size_t stride)
{
  (void)g;
  for (size_t i = 0; i < n; i++)
    text_var(&e[i], out + i * stride);
}

static uint64_t dlog_key(const uint64_t limb[MODP_LIMBS])
{
  uint64_t mix = 0;
  for (size_t k = 0; k < MODP_LIMBS; k++) {
    mix = (mix ^ limb[k]) * 0x9e3779b97f4a7c15U; /* odd: a bijection for each limb */
    mix ^= mix >> 29;
  }
  mix *= 0xbf58476d1ce4e5b9U; /* a power of 2 may fill the highest limb alone */
  return mix ^ mix >> 32;
}

/* Keys of *run * step^k for k < count, from Montgomery form, which every residue has one of; *run
   moves on by `count` steps. */
static void dlog_walk(const nep_group *g, nep_element *run, const nep_element *step, size_t count,
                      uint64_t *key)
{
  const nep_modp *m = nep_modp_of(g);
  uint64_t at[MODP_LIMBS], by[MODP_LIMBS];
  nep_mont_enter_var(m, at, run->limb);
  nep_mont_enter_var(m, by, step->limb);
  for (size_t k = 0; k < count; k++) {
    key[k] = dlog_key(at);
    nep_mont_mul_var(m, at, at, by);
  }
  nep_mont_leave_var(m, run->limb, at);
}

void nep_modp_dlog_multiples_var(const nep_group *g, const nep_element *base, size_t n,
                                 uint64_t *key)
{
  nep_element run;
  nep_modp_one(g, &run);
  dlog_walk(g, &run, base, n, key);
}

/* 1/g is all. */
void *nep_modp_dlog_steps_new_var(const nep_group *g, size_t n)
{
  (void)n;
  nep_element *step = nep_alloc(1, sizeof *step);
  nep_modp_generator(g, step);
  nep_modp_inv(g, step, step);
  return step;
}

void nep_modp_dlog_around_var(const nep_group *g, const void *steps, nep_element *run, size_t from,
                              size_t count, uint64_t *down, uint64_t *up)
{
  (void)from;
  (void)up;
  dlog_walk(g, run, steps, count, down);
}
