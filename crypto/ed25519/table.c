#include "crypto/ed25519/table.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "crypto/ed25519/recode.h"

static nep_point sum_of(const nep_point *a, const nep_cached *b)
{
  nep_completed sum = nep_cached_add(a, b);
  return nep_completed_point(&sum);
}

static void to_affine(nep_affine *out, const nep_point *in, size_t n)
{
  nep_fe *z = nep_alloc(2 * n, sizeof *z), *inverse = z + n;
  for (size_t k = 0; k < n; k++)
    z[k] = in[k].z;
  nep_fe_invert_many(inverse, z, n);
  for (size_t k = 0; k < n; k++)
    out[k] = nep_affine_of(nep_fe_mul(in[k].x, inverse[k]), nep_fe_mul(in[k].y, inverse[k]));
  free(z);
}

/* ---- what powers with secret exponents read (secret_table.c) ---- */

enum { LOW = 8, HIGH = 8, FIRST = LOW + HIGH };

/* Where the i-th of them stands. */
static size_t place_of(size_t i)
{
  return i < LOW ? i : (i - LOW + 1) * 16 - 1;
}

/* 1, 2, .. 8 and 16, 32, .. 128 times the base; returns 256 times it. */
static nep_point first_multiples(nep_point out[FIRST], const nep_point *base)
{
  nep_cached one = nep_point_cached(base);
  out[0] = *base;
  for (size_t k = 1; k < LOW; k++)
    out[k] = sum_of(&out[k - 1], &one);
  out[LOW] = nep_point_double(&out[LOW - 1]);
  nep_cached sixteen = nep_point_cached(&out[LOW]);
  for (size_t k = LOW + 1; k < FIRST; k++)
    out[k] = sum_of(&out[k - 1], &sixteen);
  return nep_point_double(&out[FIRST - 1]);
}

nep_table *nep_table_new(const nep_point *base)
{
  enum { ALL = NEP_TABLE_WINDOWS * FIRST };
  nep_table *table = nep_alloc(1, sizeof *table);
  nep_point *points = nep_alloc(ALL, sizeof *points), window = *base;
  nep_affine *made = nep_alloc(ALL, sizeof *made);
  table->base = *base;
  atomic_init(&table->complete, false);
  pthread_mutex_init(&table->lock, NULL);
  for (size_t w = 0; w < NEP_TABLE_WINDOWS; w++)
    window = first_multiples(points + w * FIRST, &window);
  to_affine(made, points, ALL);
  for (size_t i = 0; i < ALL; i++)
    table->multiple[i / FIRST][place_of(i % FIRST)] = made[i];
  free(made);
  free(points);
  return table;
}

void nep_table_free(nep_table *table)
{
  if (!table)
    return;
  pthread_mutex_destroy(&table->lock);
  free(table);
}

/* ---- the others ---- */

/* base, 2 base, .. 128 base; returns 256 base. */
static nep_point multiples(nep_point out[NEP_TABLE_MULTIPLES], const nep_point *base)
{
  nep_cached one = nep_point_cached(base);
  out[0] = *base;
  for (size_t k = 1; k < NEP_TABLE_MULTIPLES; k++)
    out[k] = sum_of(&out[k - 1], &one);
  return nep_point_double(&out[NEP_TABLE_MULTIPLES - 1]);
}

static bool is_one_of_the_first(size_t k)
{
  return k < LOW || (k + 1) % 16 == 0;
}

/* What others may be reading is not written again. */
static void add_others(nep_affine to[NEP_TABLE_MULTIPLES], const nep_affine *from)
{
  for (size_t k = 0; k < NEP_TABLE_MULTIPLES; k++)
    if (!is_one_of_the_first(k))
      to[k] = from[k];
}

static void complete(nep_table *table)
{
  nep_point window = table->base, run[NEP_TABLE_MULTIPLES];
  nep_affine made[NEP_TABLE_MULTIPLES];
  for (size_t w = 0; w < NEP_TABLE_WINDOWS; w++) {
    window = multiples(run, &window);
    to_affine(made, run, NEP_TABLE_MULTIPLES);
    add_others(table->multiple[w], made);
  }
  atomic_store_explicit(&table->complete, true, memory_order_release);
}

void nep_table_complete(const nep_table *shared)
{
  nep_table *table = (nep_table *)(uintptr_t)shared;
  pthread_mutex_lock(&table->lock);
  if (!atomic_load_explicit(&table->complete, memory_order_relaxed))
    complete(table);
  pthread_mutex_unlock(&table->lock);
}

/* ---- public exponents ---- */

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
  nep_table_need(table);
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
