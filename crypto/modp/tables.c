/* Fixed bases and the commitments of proofs, on public data. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/modp/modp.h"
#include "crypto/pieces.h"

/* For window i of `window` bits and digit d = 1..2^window - 1, base^(d * 2^(window*i)). */
typedef struct fixed_table {
  unsigned windows;
  unsigned digits; /* 2^window - 1 entries of each window */
  uint64_t entry[][MODP_LIMBS];
} fixed_table;

static unsigned windows_of(const nep_modp *m, unsigned width)
{
  return (m->q_bits + width - 1) / width;
}

size_t nep_modp_table_bytes(const nep_group *g)
{
  const nep_modp *m = nep_modp_of(g);
  size_t entries = (size_t)windows_of(m, m->table_window) * ((1U << m->table_window) - 1);
  return sizeof(fixed_table) + entries * sizeof((fixed_table *)0)->entry[0];
}

void *nep_modp_table_new(const nep_group *g, const nep_element *e)
{
  const nep_modp *m = nep_modp_of(g);
  unsigned windows = windows_of(m, m->table_window), digits = (1U << m->table_window) - 1;
  fixed_table *t = nep_alloc(1, nep_modp_table_bytes(g));
  uint64_t base[MODP_LIMBS];
  t->windows = windows;
  t->digits = digits;
  nep_mont_enter_var(m, base, e->limb);
  for (unsigned i = 0; i < windows; i++) {
    uint64_t(*entry)[MODP_LIMBS] = t->entry + (size_t)i * digits;
    memcpy(entry[0], base, sizeof base);
    for (unsigned d = 1; d < digits; d++)
      nep_mont_mul_var(m, entry[d], entry[d - 1], base);
    nep_mont_mul_var(m, base, entry[digits - 1], base);
  }
  return t;
}

void nep_modp_table_free(void *table)
{
  free(table);
}

/* Without the table: reading all of it for each digit would take as long as GMP's power. */
void nep_modp_table_exp(const nep_base *b, nep_element *r, const nep_scalar *s)
{
  nep_modp_exp(b->group, r, &b->element, s);
}

/* acc *= base^s, in Montgomery form. */
static void fixed_multiply_var(const nep_base *b, uint64_t *acc, const nep_scalar *s)
{
  const nep_modp *m = nep_modp_of(b->group);
  const fixed_table *t = b->table;
  for (unsigned i = 0; i < t->windows; i++) {
    unsigned d = nep_modp_digit_var(s->limb, b->group->q_limbs, m->table_window, i);
    if (d > 0)
      nep_mont_mul_var(m, acc, acc, t->entry[(size_t)i * t->digits + d - 1]);
  }
}

void nep_modp_table_exp_var(const nep_base *b, nep_element *r, const nep_scalar *s)
{
  const nep_modp *m = nep_modp_of(b->group);
  uint64_t acc[MODP_LIMBS];
  memcpy(acc, m->one_mont, sizeof acc);
  fixed_multiply_var(b, acc, s);
  nep_mont_leave_var(m, r->limb, acc);
}

/* Powers of one base that many exponents share: ladder[i] = e^(2^i). An exponent is written as
   windows of at most `width` bits that begin with a one, so each has an odd value d = 2k+1; with
   B_k the product of the steps where such a window begins, the power is prod B_k^(2k+1), gathered
   from the highest k down (Yao's method). No exponent costs more than one squaring. */
enum { YAO_WIDTH_SHORT = 4, YAO_WIDTH_LONG = 6, YAO_BUCKETS_MAX = 1 << (YAO_WIDTH_LONG - 1) };

typedef struct ladder {
  const nep_modp *m;
  unsigned width;
  uint64_t (*step)[MODP_LIMBS]; /* one for each bit of q */
} ladder;

static void ladder_start(ladder *l, const nep_modp *m, const nep_element *e)
{
  l->m = m;
  l->width = m->q_bits > 1024 ? YAO_WIDTH_LONG : YAO_WIDTH_SHORT;
  l->step = nep_alloc(m->q_bits, sizeof l->step[0]);
  nep_mont_enter_var(m, l->step[0], e->limb);
  for (unsigned i = 1; i < m->q_bits; i++)
    nep_mont_square_var(m, l->step[i], l->step[i - 1]);
}

/* acc *= value, where a product not yet begun stands for 1. */
static void gather(const nep_modp *m, uint64_t *acc, bool *begun, const uint64_t *value)
{
  if (*begun)
    nep_mont_mul_var(m, acc, acc, value);
  else
    memcpy(acc, value, MODP_LIMBS * sizeof acc[0]);
  *begun = true;
}

/* The `width` bits of an exponent below 2^q_bits from bit i on. */
static unsigned window_at(const ladder *l, const uint64_t *exponent, unsigned i)
{
  unsigned window = 0;
  for (unsigned k = 0; k < l->width && i + k < l->m->q_bits; k++)
    window |= (unsigned)(exponent[(i + k) / 64] >> ((i + k) % 64) & 1) << k;
  return window;
}

/* prod bucket[k]^(2k+1): every bucket is in `twice` k times, which is squared. */
static void gather_buckets(const ladder *l, uint64_t *r, uint64_t bucket[][MODP_LIMBS],
                           const bool *begun)
{
  uint64_t running[MODP_LIMBS], twice[MODP_LIMBS];
  bool running_begun = false, twice_begun = false, r_begun = false;
  for (unsigned k = (1U << (l->width - 1)) - 1; k > 0; k--) {
    if (begun[k])
      gather(l->m, running, &running_begun, bucket[k]);
    if (running_begun)
      gather(l->m, twice, &twice_begun, running);
  }
  if (begun[0])
    gather(l->m, running, &running_begun, bucket[0]);
  memcpy(r, l->m->one_mont, MODP_LIMBS * sizeof r[0]);
  if (twice_begun) {
    nep_mont_square_var(l->m, twice, twice);
    gather(l->m, r, &r_begun, twice);
  }
  if (running_begun)
    gather(l->m, r, &r_begun, running);
}

/* r = e^exponent in Montgomery form. */
static void ladder_power_var(const ladder *l, uint64_t *r, const uint64_t *exponent)
{
  uint64_t bucket[YAO_BUCKETS_MAX][MODP_LIMBS];
  bool begun[YAO_BUCKETS_MAX] = {false};
  for (unsigned i = 0; i < l->m->q_bits;) {
    unsigned window = window_at(l, exponent, i);
    if (window % 2 == 0) {
      i++;
      continue;
    }
    gather(l->m, bucket[window / 2], &begun[window / 2], l->step[i]);
    i += l->width;
  }
  gather_buckets(l, r, bucket, begun);
}

/* acc *= g^(-shift * c) */
static void shift_multiply_var(const nep_group *g, uint64_t *acc, const nep_scalar *shift,
                               const nep_scalar *c)
{
  nep_scalar exponent, zero;
  nep_scalar_mul(g, &exponent, shift, c);
  nep_scalar_zero(&zero);
  nep_scalar_sub(g, &exponent, &zero, &exponent);
  fixed_multiply_var(nep_base_generator(g), acc, &exponent);
}

/* fixed^r * e^c, or with shift fixed^r * (e / g^shift)^c. */
static void commit_one_var(const nep_base *fixed, const ladder *l, const nep_scalar *r,
                           const nep_scalar *c, const nep_scalar *shift, nep_element *out)
{
  const nep_group *g = fixed->group;
  uint64_t acc[MODP_LIMBS];
  ladder_power_var(l, acc, c->limb);
  fixed_multiply_var(fixed, acc, r);
  if (shift && !nep_scalar_is_zero(shift))
    shift_multiply_var(g, acc, shift, c);
  nep_mont_leave_var(l->m, out->limb, acc);
}

void nep_modp_commit_var(const nep_base *fixed, const nep_element *e, size_t n, const nep_scalar *r,
                         const nep_scalar *c, const nep_scalar *shift, nep_element *out)
{
  ladder l;
  ladder_start(&l, nep_modp_of(fixed->group), e);
  for (size_t k = 0; k < n; k++)
    commit_one_var(fixed, &l, &r[k], &c[k], shift ? &shift[k] : NULL, &out[k]);
  free(l.step);
}

/* x^q = 1 by the ladder that the commitments need anyway. The Legendre symbol costs less where it
   decides. */
static bool ladder_is_member_var(const nep_group *g, const ladder *l, const nep_element *e)
{
  uint64_t power[MODP_LIMBS];
  if (l->m->q_is_half || mpn_zero_p(e->limb, MODP_LIMBS))
    return nep_modp_is_member_var(g, e);
  ladder_power_var(l, power, g->q);
  return mpn_cmp(power, l->m->one_mont, MODP_LIMBS) == 0;
}

/* Membership alone costs least by itself. */
static void commit_job_var(const nep_group *g, nep_commit_job *job)
{
  ladder l;
  if (job->n == 0) {
    if (job->test_member)
      job->is_member = nep_modp_is_member_var(g, job->e);
    return;
  }
  ladder_start(&l, nep_modp_of(g), job->e);
  if (job->test_member)
    job->is_member = ladder_is_member_var(g, &l, job->e);
  for (size_t k = 0; k < job->n; k++) {
    const nep_commit_branch *b = &job->branches[k];
    nep_scalar shift;
    nep_scalar_set(g, &shift, b->shift);
    commit_one_var(job->fixed, &l, &b->proof->response, &b->proof->challenge, &shift, b->out);
  }
  free(l.step);
}

typedef struct work {
  const nep_group *g;
  nep_commit_job *jobs;
} work;

static void commit_piece_var(void *ctx, size_t i)
{
  const work *w = ctx;
  commit_job_var(w->g, &w->jobs[i]);
}

void nep_modp_commit_many_var(const nep_group *g, nep_commit_job *jobs, size_t n_jobs)
{
  nep_verify_pieces(n_jobs, commit_piece_var, &(work){g, jobs});
}
