#include "crypto/dlog.h"

#include <stdlib.h>

#include "base/memory.h"
#include "crypto/group_ops.h"

enum { BATCH = 512 };

/* v = shift + j * width + i: g^(j width) is in the table (giant steps), and e g^(-shift - i) is
   looked up (baby steps). Where an element and its inverse have the same key, one look-up serves j
   and -j, shift is the middle of 0..max and i goes from -reach to reach; elsewhere j and i begin
   with 0. Steps go in batches, so that many points of a curve share an inversion. */
typedef struct slot {
  uint64_t key;
  uint64_t next; /* j + 1; 0 in an empty slot */
} slot;

struct nep_dlog {
  const nep_group *group;
  uint64_t max, shift, width;
  uint64_t reach;    /* the largest i */
  nep_element start; /* g^(-shift) */
  void *steps;       /* of i: dlog_steps_new_var */
  uint64_t mask;     /* slots - 1; slots is a power of 2, more than half of them empty */
  slot *slots;
};

/* Smallest s > 0 with s * s > max. */
static uint64_t root_above(uint64_t max)
{
  uint64_t low = 1, high = UINT64_C(1) << 32;
  while (low < high) {
    uint64_t mid = low + (high - low) / 2;
    if (mid > max / mid)
      high = mid;
    else
      low = mid + 1;
  }
  return low;
}

static void insert(nep_dlog *d, uint64_t key, uint64_t j)
{
  uint64_t at = key & d->mask;
  while (d->slots[at].next != 0)
    at = (at + 1) & d->mask;
  d->slots[at] = (slot){key, j + 1};
}

/* g^(j width) for j < entries. */
static void make_table(nep_dlog *d, uint64_t entries)
{
  const nep_group *g = d->group;
  uint64_t *key = nep_alloc(entries, sizeof *key), slots = 4;
  nep_element giant;
  while (slots < 2 * entries)
    slots *= 2;
  d->mask = slots - 1;
  d->slots = nep_alloc(slots, sizeof *d->slots);
  nep_element_of_number_var(g, &giant, d->width);
  g->dlog_multiples_var(g, &giant, entries, key);
  for (uint64_t j = 0; j < entries; j++)
    insert(d, key[j], j);
  free(key);
}

/* A symmetric table's entry answers for 2 width exponents, and a baby step costs twice an entry:
   its multiple of g is kept with both coordinates, and each search pays for it again. 12 gives,
   within a few hundredths, the least time for one search with its tables and for five. */
nep_dlog *nep_dlog_new(const nep_group *g, uint64_t max)
{
  nep_dlog *d = nep_alloc(1, sizeof *d);
  d->group = g;
  d->max = max;
  if (g->dlog_symmetric) {
    d->reach = root_above(max / 12);
    d->width = 2 * d->reach + 1;
    d->shift = max / 2;
  } else {
    d->width = root_above(max);
    d->reach = d->width - 1;
  }
  nep_element_of_number_var(g, &d->start, d->shift);
  nep_element_inv(g, &d->start, &d->start);
  d->steps = g->dlog_steps_new_var(g, d->reach);
  uint64_t farthest = max - d->shift;
  make_table(d, (farthest + (g->dlog_symmetric ? d->reach : 0)) / d->width + 1);
  return d;
}

void nep_dlog_free(nep_dlog *d)
{
  if (!d)
    return;
  free(d->steps);
  free(d->slots);
  free(d);
}

/* Modulo 2^64, where no candidate below 0 is within 0..max. */
static bool is_power(const nep_dlog *d, uint64_t candidate, const nep_element *e, uint64_t *v)
{
  nep_element power;
  if (candidate > d->max)
    return false;
  nep_element_of_number_var(d->group, &power, candidate);
  *v = candidate;
  return nep_element_equal(d->group, &power, e);
}

/* Candidates of step i, which may be below 0; a key may belong to several elements, so each is
   checked. */
static bool look_up(const nep_dlog *d, uint64_t key, uint64_t i, const nep_element *e, uint64_t *v)
{
  for (uint64_t at = key & d->mask; d->slots[at].next != 0; at = (at + 1) & d->mask) {
    if (d->slots[at].key != key)
      continue;
    uint64_t far = (d->slots[at].next - 1) * d->width;
    if (is_power(d, d->shift + far + i, e, v))
      return true;
    if (d->group->dlog_symmetric && is_power(d, d->shift - far + i, e, v))
      return true;
  }
  return false;
}

bool nep_dlog_solve_var(const nep_dlog *d, const nep_element *e, uint64_t *v)
{
  const nep_group *g = d->group;
  uint64_t down[BATCH], up[BATCH];
  nep_element run;
  bool found = false;
  nep_element_mul(g, &run, e, &d->start);
  for (uint64_t from = 0; from <= d->reach && !found; from += BATCH) {
    size_t count = d->reach + 1 - from < BATCH ? (size_t)(d->reach + 1 - from) : BATCH;
    g->dlog_around_var(g, d->steps, &run, from, count, down, up);
    for (size_t k = 0; k < count && !found; k++)
      found = look_up(d, down[k], from + k, e, v) ||
              (g->dlog_symmetric && look_up(d, up[k], 0 - (from + k), e, v));
  }
  return found;
}
