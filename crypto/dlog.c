#include "crypto/dlog.h"

#include <stdlib.h>

#include "base/memory.h"
#include "crypto/group_ops.h"

enum { BATCH = 256 };

/* v = j * width + i: g^i is in the table (baby steps), and e g^(-j width) is looked up for j = 0,
   1,
   .. (giant steps). Where an element and its inverse have the same key, i goes from -steps to steps
   and the table holds half of them; elsewhere from 0 to steps - 1. Both walks go in batches, so
   that the curve's affine coordinates cost one inversion for many points. */
typedef struct slot {
  uint64_t key;
  uint64_t next; /* i + 1; 0 in an empty slot */
} slot;

struct nep_dlog {
  const nep_group *group;
  uint64_t max;
  uint64_t steps, width;
  uint64_t mask; /* slots - 1; slots is a power of 2, more than half of them empty */
  slot *slots;
  nep_element giant; /* g^(-width) */
};

/* Smallest s > 0 with s * s > max. */
static uint64_t steps_for(uint64_t max)
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

static void insert(nep_dlog *d, uint64_t key, uint64_t i)
{
  uint64_t at = key & d->mask;
  while (d->slots[at].next != 0)
    at = (at + 1) & d->mask;
  d->slots[at] = (slot){key, i + 1};
}

static void make_table(nep_dlog *d, uint64_t entries)
{
  const nep_group *g = d->group;
  uint64_t key[BATCH], slots = 4;
  nep_element run, generator;
  while (slots < 2 * entries)
    slots *= 2;
  d->mask = slots - 1;
  d->slots = nep_alloc(slots, sizeof *d->slots);
  nep_element_one(g, &run);
  nep_element_generator(g, &generator);
  for (uint64_t i = 0; i < entries;) {
    size_t count = entries - i < BATCH ? (size_t)(entries - i) : BATCH;
    g->dlog_walk_var(g, &run, &generator, count, key);
    for (size_t k = 0; k < count; k++)
      insert(d, key[k], i++);
  }
}

nep_dlog *nep_dlog_new(const nep_group *g, uint64_t max)
{
  nep_dlog *d = nep_alloc(1, sizeof *d);
  nep_scalar width;
  d->group = g;
  d->max = max;
  d->steps = steps_for(g->dlog_symmetric ? max / 2 : max);
  d->width = g->dlog_symmetric ? 2 * d->steps + 1 : d->steps;
  make_table(d, g->dlog_symmetric ? d->steps + 1 : d->steps);
  nep_scalar_set(g, &width, d->width);
  nep_element_exp_g_var(g, &d->giant, &width);
  nep_element_inv(g, &d->giant, &d->giant);
  return d;
}

void nep_dlog_free(nep_dlog *d)
{
  if (!d)
    return;
  free(d->slots);
  free(d);
}

static bool is_power(const nep_dlog *d, uint64_t candidate, const nep_element *e)
{
  nep_scalar s;
  nep_element power;
  if (candidate > d->max)
    return false;
  nep_scalar_set(d->group, &s, candidate);
  nep_element_exp_g_var(d->group, &power, &s);
  return nep_element_equal(d->group, &power, e);
}

/* Candidates of giant step j; a key may belong to several elements, so each is checked. */
static bool look_up(const nep_dlog *d, uint64_t key, uint64_t j, const nep_element *e, uint64_t *v)
{
  for (uint64_t at = key & d->mask; d->slots[at].next != 0; at = (at + 1) & d->mask) {
    if (d->slots[at].key != key)
      continue;
    uint64_t i = d->slots[at].next - 1;
    *v = j * d->width + i;
    if (is_power(d, *v, e))
      return true;
    *v = j * d->width - i;
    if (d->group->dlog_symmetric && i <= j * d->width && is_power(d, *v, e))
      return true;
  }
  return false;
}

bool nep_dlog_solve_var(const nep_dlog *d, const nep_element *e, uint64_t *v)
{
  uint64_t giants = (d->max + (d->group->dlog_symmetric ? d->steps : 0)) / d->width + 1;
  uint64_t key[BATCH];
  nep_element run = *e;
  bool found = false;
  /* Small results are common: begin with small batches. */
  size_t size = 4;
  for (uint64_t j = 0; j < giants && !found; size = size < BATCH ? 2 * size : BATCH) {
    size_t count = giants - j < size ? (size_t)(giants - j) : size;
    d->group->dlog_walk_var(d->group, &run, &d->giant, count, key);
    for (size_t k = 0; k < count && !found; k++)
      found = look_up(d, key[k], j++, e, v);
  }
  return found;
}
