/* What is the same for the scalars of all groups: sums, comparisons, texts. */
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "crypto/decimal.h"
#include "crypto/group_ops.h"

/* r = pick ? b : a over n limbs; r may be a or b. */
static void select_limbs(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n, uint64_t pick)
{
  uint64_t mask = 0 - pick;
  for (size_t i = 0; i < n; i++)
    r[i] = a[i] ^ (mask & (a[i] ^ b[i]));
}

static uint64_t add_limbs(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n)
{
  uint64_t carry = 0;
  for (size_t i = 0; i < n; i++) {
    unsigned __int128 t = (unsigned __int128)a[i] + b[i] + carry;
    r[i] = (uint64_t)t;
    carry = (uint64_t)(t >> 64);
  }
  return carry;
}

static uint64_t sub_limbs(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n)
{
  uint64_t borrow = 0;
  for (size_t i = 0; i < n; i++) {
    unsigned __int128 t = (unsigned __int128)a[i] - b[i] - borrow;
    r[i] = (uint64_t)t;
    borrow = (uint64_t)(t >> 64) & 1;
  }
  return borrow;
}

static void clear_above(const nep_group *g, nep_scalar *s)
{
  memset(s->limb + g->q_limbs, 0, (NEP_LIMBS - g->q_limbs) * sizeof s->limb[0]);
}

void nep_scalar_zero(nep_scalar *s)
{
  *s = (nep_scalar){{0}};
}

void nep_scalar_set(const nep_group *g, nep_scalar *s, uint64_t value)
{
  (void)g; /* every q is larger than 2^64: the value is reduced already */
  nep_scalar_zero(s);
  s->limb[0] = value;
}

void nep_scalar_random(const nep_group *g, nep_scalar *s)
{
  /* 128 bits more than q: the distance from uniform is below 2^-128. */
  uint8_t wide[NEP_LIMBS * 8 + 16];
  size_t len = g->q_limbs * 8 + 16;
  nep_random_bytes(wide, len);
  nep_scalar_reduce(g, s, wide, len);
  nep_wipe(wide, sizeof wide);
}

void nep_scalar_reduce(const nep_group *g, nep_scalar *s, const uint8_t *be, size_t len)
{
  g->scalar_reduce(g, s, be, len);
}

void nep_scalar_add(const nep_group *g, nep_scalar *r, const nep_scalar *a, const nep_scalar *b)
{
  uint64_t sum[NEP_LIMBS], less[NEP_LIMBS];
  size_t n = g->q_limbs;
  uint64_t carry = add_limbs(sum, a->limb, b->limb, n);
  uint64_t borrow = sub_limbs(less, sum, g->q, n);
  select_limbs(r->limb, sum, less, n, carry | (borrow ^ 1));
  clear_above(g, r);
  nep_wipe(sum, n * sizeof sum[0]);
  nep_wipe(less, n * sizeof less[0]);
}

void nep_scalar_sub(const nep_group *g, nep_scalar *r, const nep_scalar *a, const nep_scalar *b)
{
  uint64_t diff[NEP_LIMBS], more[NEP_LIMBS];
  size_t n = g->q_limbs;
  uint64_t borrow = sub_limbs(diff, a->limb, b->limb, n);
  (void)add_limbs(more, diff, g->q, n);
  select_limbs(r->limb, diff, more, n, borrow);
  clear_above(g, r);
  nep_wipe(diff, n * sizeof diff[0]);
  nep_wipe(more, n * sizeof more[0]);
}

void nep_scalar_mul(const nep_group *g, nep_scalar *r, const nep_scalar *a, const nep_scalar *b)
{
  g->scalar_mul(g, r, a, b);
}

void nep_scalar_invert_var(const nep_group *g, nep_scalar *r, const nep_scalar *a)
{
  g->scalar_invert_var(g, r, a);
}

bool nep_scalar_equal(const nep_scalar *a, const nep_scalar *b)
{
  return nep_equal_secret(a->limb, b->limb, sizeof a->limb) != 0;
}

bool nep_scalar_is_zero(const nep_scalar *s)
{
  uint64_t any = 0;
  for (size_t i = 0; i < NEP_LIMBS; i++)
    any |= s->limb[i];
  return any == 0;
}

void nep_scalar_select(nep_scalar *r, const nep_scalar *a, const nep_scalar *b, unsigned pick_b)
{
  select_limbs(r->limb, a->limb, b->limb, NEP_LIMBS, pick_b & 1);
}

void nep_scalar_wipe(nep_scalar *s)
{
  nep_wipe(s, sizeof *s);
}

nep_status nep_scalar_parse(const nep_group *g, nep_scalar *s, const char *text, size_t len,
                            nep_error *err)
{
  nep_scalar_zero(s);
  if (nep_decimal_parse(text, len, g->q, g->q_limbs, s->limb))
    return NEP_OK;
  nep_scalar_zero(s);
  (void)nep_fail(err, NEP_E_INPUT, "scalar", NULL,
                 "not a scalar of %s: expected a decimal integer below the group's order, without "
                 "sign or leading zeros",
                 g->name);
  return nep_advise(err, "send the number as canonical decimal text, reduced modulo the order");
}

size_t nep_scalar_text(const nep_group *g, const nep_scalar *s, char out[NEP_SCALAR_TEXT_MAX])
{
  return nep_decimal_text(s->limb, g->q_limbs, g->scalar_digits, out);
}

size_t nep_scalar_text_longest(const nep_group *g)
{
  return g->scalar_digits;
}
