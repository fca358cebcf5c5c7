#include "crypto/ed25519/table.h"

#include <stdlib.h>

#include "base/memory.h"
#include "crypto/ed25519/recode.h"

/* base, 2 base, .. 128 base; returns 256 base. */
static nep_point multiples(nep_point out[NEP_TABLE_MULTIPLES], const nep_point *base)
{
  nep_cached step = nep_point_cached(base);
  out[0] = *base;
  for (size_t k = 1; k < NEP_TABLE_MULTIPLES; k++) {
    nep_completed next = nep_cached_add(&out[k - 1], &step);
    out[k] = nep_completed_point(&next);
  }
  return nep_point_double(&out[NEP_TABLE_MULTIPLES - 1]);
}

static void to_affine(nep_affine out[NEP_TABLE_MULTIPLES], const nep_point in[NEP_TABLE_MULTIPLES])
{
  nep_fe z[NEP_TABLE_MULTIPLES], inverse[NEP_TABLE_MULTIPLES];
  for (size_t k = 0; k < NEP_TABLE_MULTIPLES; k++)
    z[k] = in[k].z;
  nep_fe_invert_many(inverse, z, NEP_TABLE_MULTIPLES);
  for (size_t k = 0; k < NEP_TABLE_MULTIPLES; k++)
    out[k] = nep_affine_of(nep_fe_mul(in[k].x, inverse[k]), nep_fe_mul(in[k].y, inverse[k]));
}

nep_table *nep_table_new(const nep_point *base)
{
  nep_table *table = nep_alloc(1, sizeof *table);
  nep_point window = *base;
  nep_point run[NEP_TABLE_MULTIPLES];
  for (size_t w = 0; w < NEP_TABLE_WINDOWS; w++) {
    window = multiples(run, &window);
    to_affine(table->multiple[w], run);
  }
  return table;
}

static const nep_affine *entry(const nep_table *table, size_t window, int digit)
{
  return &table->multiple[window][(digit < 0 ? -digit : digit) - 1];
}

/* Tables are larger than the second-level cache: an entry is asked for two steps ahead. */
static void ask_for(const nep_table *table, size_t window, const int16_t *digit)
{
  if (window >= NEP_TABLE_WINDOWS || digit[window] == 0)
    return;
  const nep_affine *e = entry(table, window, digit[window]);
  __builtin_prefetch(&e->plus);
  __builtin_prefetch(&e->minus.v[3]);
  __builtin_prefetch(&e->t2d.v[4]);
}

nep_point nep_table_add_var(const nep_table *table, const nep_point *start, const uint64_t limb[4])
{
  int16_t digit[NEP_TABLE_WINDOWS];
  nep_recode_bytes_var(digit, limb);
  nep_point run = *start;
  ask_for(table, 0, digit);
  ask_for(table, 1, digit);
  for (size_t w = 0; w < NEP_TABLE_WINDOWS; w++) {
    ask_for(table, w + 2, digit);
    if (digit[w] == 0)
      continue;
    const nep_affine *e = entry(table, w, digit[w]);
    nep_completed sum = digit[w] > 0 ? nep_affine_add(&run, e) : nep_affine_sub(&run, e);
    run = nep_completed_point(&sum);
  }
  return run;
}
