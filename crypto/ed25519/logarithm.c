#include "crypto/ed25519/logarithm.h"

#include <stdlib.h>

#include "base/memory.h"
#include "crypto/ed25519/point.h"

/* FIRST multiples are added up one by one; BATCH points share an inversion. */
enum { FIRST = 13, BATCH = 512, A = 486662, KEY_OF_ONE = 1 };

/* A point of the Montgomery curve other than its neutral one; tight. */
typedef struct montgomery {
  nep_fe u, v;
} montgomery;

typedef struct steps {
  nep_fe w;        /* map_factor() */
  montgomery at[]; /* at[i] = i times the generator; at[0] is not used */
} steps;

static uint64_t key_of(nep_fe u)
{
  u = nep_fe_canonical(u);
  return u.v[0] | u.v[1] << 51;
}

/* ---- to the Montgomery curve ---- */

/* w with w^2 = -(A + 2). */
static nep_fe map_factor(void)
{
  uint64_t is_square;
  return nep_fe_root(nep_fe_neg(nep_fe_small(A + 2)), nep_fe_small(1), &is_square);
}

/* u = (1 + y) / (1 - y), v = w u / x, for n <= FIRST points other than the identity. */
static void enter(nep_fe w, montgomery *out, const nep_point *p, size_t n)
{
  nep_fe below[FIRST] = {0}, inverse[FIRST];
  for (size_t i = 0; i < n; i++)
    below[i] = nep_fe_mul(p[i].x, nep_fe_sub(p[i].z, p[i].y));
  nep_fe_invert_many(inverse, below, n);
  for (size_t i = 0; i < n; i++) {
    nep_fe above = nep_fe_mul(nep_fe_add(p[i].z, p[i].y), inverse[i]);
    out[i] = (montgomery){nep_fe_mul(above, p[i].x), nep_fe_mul(nep_fe_mul(above, w), p[i].z)};
  }
}

/* ---- chords through C and P, or through C and -P ---- */

/* 1/(u_C - u_P) for n <= BATCH points P, n > 0. Returns the place of the P that is C or -C, where
   there is no chord and the inverse is 0; n when there is none. No two P have the same u. */
static size_t chords(nep_fe *inverse, const montgomery *c, const montgomery *p, size_t n)
{
  nep_fe run[BATCH] = {0};
  size_t same = n;
  for (size_t i = 0; i < n; i++)
    run[i] = nep_fe_sub(c->u, p[i].u);
  nep_fe_invert_many(inverse, run, n);
  if (!nep_fe_is_zero(inverse[0])) /* the product of all was not 0 */
    return n;
  for (size_t i = 0; i < n; i++)
    same = nep_fe_is_zero(run[i]) ? i : same;
  run[same] = nep_fe_small(1);
  nep_fe_invert_many(inverse, run, n);
  inverse[same] = nep_fe_small(0);
  return same;
}

static nep_fe slope_up(const montgomery *c, const montgomery *p, nep_fe inverse)
{
  return nep_fe_mul(nep_fe_sub(c->v, p->v), inverse);
}

static nep_fe slope_down(const montgomery *c, const montgomery *p, nep_fe inverse)
{
  return nep_fe_mul(nep_fe_add(c->v, p->v), inverse);
}

/* u of the sum; loose. */
static nep_fe chord_u(nep_fe slope, const montgomery *c, const montgomery *p)
{
  return nep_fe_sub(nep_fe_sqr(slope), nep_fe_add(nep_fe_add(nep_fe_small(A), c->u), p->u));
}

static montgomery chord_sum(nep_fe slope, const montgomery *c, const montgomery *p)
{
  nep_fe u = nep_fe_carry(chord_u(slope, c, p));
  nep_fe v = nep_fe_sub(nep_fe_mul(slope, nep_fe_sub(c->u, u)), c->v);
  return (montgomery){u, nep_fe_carry(v)};
}

/* Keys of C - P and C + P for n <= BATCH points P. Where one of the two is 1, both keys are. */
static void keys_around(const montgomery *c, const montgomery *p, size_t n, uint64_t *down,
                        uint64_t *up)
{
  nep_fe inverse[BATCH];
  size_t same = chords(inverse, c, p, n);
  for (size_t i = 0; i < n; i++) {
    down[i] = key_of(chord_u(slope_down(c, &p[i], inverse[i]), c, &p[i]));
    up[i] = key_of(chord_u(slope_up(c, &p[i], inverse[i]), c, &p[i]));
  }
  if (same < n)
    down[same] = up[same] = KEY_OF_ONE;
}

/* ---- many multiples ---- */

/* (2m + 1) P from m P and (m + 1) P. */
static montgomery middle_of(const montgomery *at, size_t m)
{
  const montgomery *c = &at[m + 1], *p = &at[m];
  nep_fe inverse = nep_fe_invert(nep_fe_sub(c->u, p->u));
  return chord_sum(slope_up(c, p, inverse), c, p);
}

/* From the first m + 1 multiples those up to n, n <= 3m + 1: C = (2m + 1) P and C -+ i P. */
static void spread(montgomery *at, size_t m, size_t n)
{
  nep_fe inverse[BATCH];
  size_t middle = 2 * m + 1;
  montgomery c = middle_of(at, m);
  if (middle <= n)
    at[middle] = c;
  for (size_t from = middle <= n ? 1 : middle - n; from <= m; from += BATCH) {
    size_t count = m + 1 - from < BATCH ? m + 1 - from : BATCH;
    (void)chords(inverse, &c, &at[from], count);
    for (size_t k = 0; k < count; k++) {
      size_t i = from + k;
      at[middle - i] = chord_sum(slope_down(&c, &at[i], inverse[k]), &c, &at[i]);
      if (middle + i <= n)
        at[middle + i] = chord_sum(slope_up(&c, &at[i], inverse[k]), &c, &at[i]);
    }
  }
}

/* at[i] = i P for 0 < i <= n. */
static void multiples(nep_fe w, montgomery *at, size_t n, const nep_point *p)
{
  nep_point first[FIRST] = {*p};
  size_t have = n < FIRST ? n : FIRST;
  for (size_t i = 1; i < have; i++)
    first[i] = nep_point_add(&first[i - 1], p);
  if (have > 0)
    enter(w, at + 1, first, have);
  while (have < n) {
    size_t next = 3 * have - 2 < n ? 3 * have - 2 : n;
    spread(at, have - 1, next);
    have = next;
  }
}

/* ---- for dlog.c ---- */

/* Two thirds of the keys come from chords without v. */
void nep_curve_dlog_multiples_var(const nep_group *g, const nep_element *base, size_t n,
                                  uint64_t *key)
{
  (void)g;
  uint64_t down[BATCH], up[BATCH];
  nep_point p = nep_point_of(base);
  size_t m = n / 3 + 1, middle = 2 * m + 1; /* n <= 3m + 2: the last is no more than (3m + 1) P */
  montgomery *at = nep_alloc(m + 2, sizeof *at);
  multiples(map_factor(), at, m + 1, &p);
  montgomery c = middle_of(at, m);
  for (size_t i = 0; i < n && i <= m; i++)
    key[i] = i == 0 ? KEY_OF_ONE : key_of(at[i].u);
  if (middle < n)
    key[middle] = key_of(c.u);
  for (size_t from = 1; from <= m; from += BATCH) {
    size_t count = m + 1 - from < BATCH ? m + 1 - from : BATCH;
    keys_around(&c, &at[from], count, down, up);
    for (size_t i = from; i < from + count; i++) {
      if (middle - i < n)
        key[middle - i] = down[i - from];
      if (middle + i < n)
        key[middle + i] = up[i - from];
    }
  }
  free(at);
}

void *nep_curve_dlog_steps_new_var(const nep_group *g, size_t n)
{
  (void)g;
  steps *s = nep_alloc(1, sizeof *s + (n + 1) * sizeof s->at[0]);
  s->w = map_factor();
  multiples(s->w, s->at, n, &nep_point_generator);
  return s;
}

void nep_curve_dlog_around_var(const nep_group *g, const void *prepared, nep_element *run,
                               size_t from, size_t count, uint64_t *down, uint64_t *up)
{
  (void)g;
  const steps *s = prepared;
  nep_point p = nep_point_of(run);
  montgomery c;
  size_t done = 0;
  bool is_one = nep_fe_is_zero(p.x);
  if (!is_one)
    enter(s->w, &c, &p, 1);
  if (from == 0 && count > 0) {
    down[0] = up[0] = is_one ? KEY_OF_ONE : key_of(c.u);
    done = 1;
  }
  for (; is_one && done < count; done++)
    down[done] = up[done] = key_of(s->at[from + done].u);
  for (; done < count; done += BATCH) {
    size_t n = count - done < BATCH ? count - done : BATCH;
    keys_around(&c, &s->at[from + done], n, down + done, up + done);
  }
}
