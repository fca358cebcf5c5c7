#include "crypto/ed25519/powers.h"

#include "crypto/ed25519/recode.h"

enum { LIMBS = 4, WIDTH = 5, BUCKETS = 8, TERMS_MAX = (64 * LIMBS + WIDTH) / WIDTH };

/* A sum that is nothing before its first term: starting costs no addition. */
typedef struct sum {
  nep_point point;
  bool begun;
} sum;

typedef struct power {
  nep_naf_term term[TERMS_MAX + 1]; /* behind them one at PLACE_NONE */
  size_t next;                      /* the first that is not in its bucket */
  sum bucket[BUCKETS];              /* of 1, 3, .. 15 */
} power;

enum { PLACE_NONE = UINT16_MAX };

static void add_term(sum *s, const nep_point *p, const nep_cached *prepared, bool minus)
{
  if (!s->begun) {
    s->point = minus ? nep_point_neg(p) : *p;
    s->begun = true;
    return;
  }
  nep_completed c =
      minus ? nep_cached_sub(&s->point, prepared) : nep_cached_add(&s->point, prepared);
  s->point = nep_completed_point(&c);
}

static void add_sum(sum *s, const sum *term)
{
  if (!term->begun)
    return;
  s->point = s->begun ? nep_point_add(&s->point, &term->point) : term->point;
  s->begun = true;
}

/* sum of (2 k + 1) bucket[k] = 2 * (sum of k bucket[k]) + sum of bucket[k] */
static nep_point together(const power *p)
{
  sum running = {.begun = false}, weighted = {.begun = false};
  for (size_t k = BUCKETS - 1; k > 0; k--) {
    add_sum(&running, &p->bucket[k]);
    add_sum(&weighted, &running);
  }
  add_sum(&running, &p->bucket[0]);
  if (weighted.begun) {
    weighted.point = nep_point_double(&weighted.point);
    add_sum(&running, &weighted);
  }
  return running.begun ? running.point : nep_point_identity;
}

static void start(power *p, const uint64_t *limb)
{
  size_t n = nep_recode_terms_var(p->term, limb, LIMBS, WIDTH);
  p->term[n].place = PLACE_NONE;
  p->next = 0;
  for (size_t d = 0; d < BUCKETS; d++)
    p->bucket[d].begun = false;
}

static unsigned next_place(const power *powers, size_t n)
{
  unsigned place = PLACE_NONE;
  for (size_t k = 0; k < n; k++) {
    unsigned own = powers[k].term[powers[k].next].place;
    place = own < place ? own : place;
  }
  return place;
}

/* p = 2^place base */
static void drop(power *powers, size_t n, unsigned place, const nep_point *p)
{
  nep_cached prepared = nep_point_cached(p);
  for (size_t k = 0; k < n; k++) {
    const nep_naf_term *t = &powers[k].term[powers[k].next];
    if (t->place != place)
      continue;
    add_term(&powers[k].bucket[(t->digit < 0 ? -t->digit : t->digit) / 2], p, &prepared,
             t->digit < 0);
    powers[k].next++;
  }
}

void nep_point_powers_var(nep_point *out, const nep_point *base, const uint64_t *const *limb,
                          size_t n)
{
  power powers[NEP_POWERS_TOGETHER];
  nep_point run = *base;
  unsigned at = 0, place;
  for (size_t k = 0; k < n; k++)
    start(&powers[k], limb[k]);
  for (; (place = next_place(powers, n)) != PLACE_NONE; at = place) {
    if (place > at)
      run = nep_point_double_times(&run, place - at);
    drop(powers, n, place, &run);
  }
  for (size_t k = 0; k < n; k++)
    out[k] = together(&powers[k]);
}
