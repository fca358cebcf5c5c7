#include "crypto/dlog.h"

#include <stdlib.h>

#include "base/memory.h"
#include "crypto/group_ops.h"

enum { BATCH = 256 };

/* v = j * steps + i with i < steps: g^i is in the table (baby steps), and e g^(-j steps) is looked
   up for j = 0, 1, .. (giant steps). Both walks go in batches, so that the curve's affine
   coordinates cost one inversion for many points. */
typedef struct slot {
  uint64_t key;
  uint64_t next; /* i + 1; 0 in an empty slot */
} slot;

struct nep_dlog {
  const nep_group *group;
  uint64_t max;
  uint64_t steps;
  uint64_t mask; /* slots - 1; slots is a power of 2, more than half of them empty */
  slot *slots;
  nep_element giant; /* g^(-steps) */
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

/* out[k] = *run * step^k; moves *run on by `count` steps. */
static void walk(const nep_group *g, nep_element *run, const nep_element *step, size_t count,
                 nep_element *out, uint64_t *key)
{
  for (size_t k = 0; k < count; k++) {
    out[k] = *run;
    nep_element_mul(g, run, run, step);
  }
  g->dlog_keys(g, out, count, key);
}

nep_dlog *nep_dlog_new(const nep_group *g, uint64_t max)
{
  nep_dlog *d = nep_alloc(1, sizeof *d);
  d->group = g;
  d->max = max;
  d->steps = steps_for(max);
  uint64_t slots = 4;
  while (slots < 2 * d->steps)
    slots *= 2;
  d->mask = slots - 1;
  d->slots = nep_alloc(slots, sizeof *d->slots);

  nep_element *batch = nep_alloc(BATCH, sizeof *batch);
  uint64_t key[BATCH];
  nep_element run, generator;
  nep_element_one(g, &run);
  nep_element_generator(g, &generator);
  for (uint64_t i = 0; i < d->steps;) {
    size_t count = d->steps - i < BATCH ? (size_t)(d->steps - i) : BATCH;
    walk(g, &run, &generator, count, batch, key);
    for (size_t k = 0; k < count; k++)
      insert(d, key[k], i++);
  }
  nep_element_inv(g, &d->giant, &run); /* run = g^steps */
  free(batch);
  return d;
}

void nep_dlog_free(nep_dlog *d)
{
  if (!d)
    return;
  free(d->slots);
  free(d);
}

/* Candidates of giant step j; a key may belong to several elements, so each is checked. */
static bool look_up(const nep_dlog *d, uint64_t key, uint64_t j, const nep_element *e, uint64_t *v)
{
  for (uint64_t at = key & d->mask; d->slots[at].next != 0; at = (at + 1) & d->mask) {
    if (d->slots[at].key != key)
      continue;
    uint64_t i = d->slots[at].next - 1;
    if (i > d->max - j * d->steps)
      continue;
    uint64_t candidate = j * d->steps + i;
    nep_scalar s;
    nep_element power;
    nep_scalar_set(d->group, &s, candidate);
    nep_element_exp_g_var(d->group, &power, &s);
    if (nep_element_equal(d->group, &power, e)) {
      *v = candidate;
      return true;
    }
  }
  return false;
}

bool nep_dlog_solve_var(const nep_dlog *d, const nep_element *e, uint64_t *v)
{
  uint64_t giants = d->max / d->steps + 1;
  nep_element *batch = nep_alloc(BATCH, sizeof *batch);
  uint64_t key[BATCH];
  nep_element run = *e;
  bool found = false;
  /* Small results are common: begin with small batches. */
  size_t size = 4;
  for (uint64_t j = 0; j < giants && !found; size = size < BATCH ? 2 * size : BATCH) {
    size_t count = giants - j < size ? (size_t)(giants - j) : size;
    walk(d->group, &run, &d->giant, count, batch, key);
    for (size_t k = 0; k < count && !found; k++)
      found = look_up(d, key[k], j++, e, v);
  }
  free(batch);
  return found;
}
