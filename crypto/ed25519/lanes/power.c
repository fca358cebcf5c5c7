#include "crypto/ed25519/lanes/power.h"

#include <string.h>

#include "crypto/ed25519/lanes/rows.h"
#include "crypto/ed25519/order.h"
#include "crypto/ed25519/recode.h"

enum { DIGIT_MAX = NEP_LADDER_DIGIT_MAX, BUCKET_WORDS = 24, POINT_WORDS = 20 };

/* A bucket is a point and padding to whole cache lines. */
typedef struct bucket {
  _Alignas(64) uint64_t word[BUCKET_WORDS];
} bucket;

/* The digits of one place in all lanes: how far from zero, and on which side. */
typedef struct place {
  uint8_t size[NEP_LANES];
  __mmask8 minus;
} place;

void nep_ladder8_make(nep_ladder8 *ladder, const nep_point8 *base)
{
  nep_point8 run = *base;
  nep_point8_cached(&ladder->step[0], &run);
  for (int i = 1; i < NEP_LADDER_STEPS; i++) {
    nep_point8_double_times(&run, NEP_LADDER_BITS);
    nep_point8_cached(&ladder->step[i], &run);
  }
}

static void recode(place places[NEP_LADDER_STEPS], const uint64_t *const limb[NEP_LANES])
{
  int8_t digit[NEP_LADDER_STEPS];
  memset(places, 0, NEP_LADDER_STEPS * sizeof places[0]);
  for (int l = 0; l < NEP_LANES; l++) {
    nep_recode_nibbles_var(digit, limb[l]);
    for (int i = 0; i < NEP_LADDER_STEPS; i++) {
      unsigned negative = digit[i] < 0;
      places[i].size[l] = (uint8_t)(negative ? -digit[i] : digit[i]);
      places[i].minus = (__mmask8)(places[i].minus | negative << l);
    }
  }
}

static bool is_empty(const place *p)
{
  static const uint8_t none[NEP_LANES];
  return memcmp(p->size, none, sizeof none) == 0;
}

NEP_LANES_INLINE void bucket_load(nep_point8 *p, bucket *const from[NEP_LANES])
{
  __m512i column[BUCKET_WORDS];
  for (int part = 0; part < BUCKET_WORDS; part += NEP_LANES) {
    const uint64_t *row[NEP_LANES];
    for (int l = 0; l < NEP_LANES; l++)
      row[l] = from[l]->word + part;
    nep_rows_load(column + part, row);
  }
  memcpy(p, column, sizeof *p);
}

NEP_LANES_INLINE void bucket_store(bucket *const to[NEP_LANES], const nep_point8 *p)
{
  __m512i column[BUCKET_WORDS];
  memcpy(column, p, sizeof *p);
  for (int w = POINT_WORDS; w < BUCKET_WORDS; w++)
    column[w] = _mm512_setzero_si512();
  for (int part = 0; part < BUCKET_WORDS; part += NEP_LANES) {
    uint64_t *row[NEP_LANES];
    for (int l = 0; l < NEP_LANES; l++)
      row[l] = to[l]->word + part;
    nep_rows_store(row, column + part);
  }
}
_Static_assert(sizeof(nep_point8) == POINT_WORDS * sizeof(__m512i), "four coordinates, no padding");

static void pick(bucket *out[NEP_LANES], bucket buckets[DIGIT_MAX + 1][NEP_LANES],
                 const uint8_t size[NEP_LANES])
{
  for (int l = 0; l < NEP_LANES; l++)
    out[l] = &buckets[size[l]][l];
}

/* result = sum of d * bucket d, from the highest down: each is in the running sum d times. */
static void gather(nep_point8 *result, bucket buckets[DIGIT_MAX + 1][NEP_LANES])
{
  nep_point8 running, term;
  for (int d = DIGIT_MAX; d > 0; d--) {
    uint8_t size[NEP_LANES];
    bucket *from[NEP_LANES];
    memset(size, d, sizeof size);
    pick(from, buckets, size);
    bucket_load(&term, from);
    if (d == DIGIT_MAX) {
      *result = running = term;
    } else {
      nep_point8_add_point(&running, &running, &term);
      nep_point8_add_point(result, result, &running);
    }
  }
}

void nep_ladder8_power_var(nep_point8 *r, const nep_ladder8 *ladder,
                           const uint64_t *const limb[NEP_LANES])
{
  place places[NEP_LADDER_STEPS];
  bucket buckets[DIGIT_MAX + 1][NEP_LANES], *at[NEP_LANES];
  nep_point8 sum;
  recode(places, limb);
  nep_point8_identity(&sum);
  for (int d = 0; d <= DIGIT_MAX; d++) {
    uint8_t size[NEP_LANES];
    memset(size, d, sizeof size);
    pick(at, buckets, size);
    bucket_store(at, &sum);
  }
  for (int i = 0; i < NEP_LADDER_STEPS; i++) {
    if (is_empty(&places[i]))
      continue;
    pick(at, buckets, places[i].size);
    bucket_load(&sum, at);
    nep_point8_add(&sum, &sum, &ladder->step[i], places[i].minus);
    bucket_store(at, &sum);
  }
  gather(r, buckets);
}

/* The same with q as exponent in every lane: the digits are known beforehand, so bucket after
   bucket goes into the running sum at once. */
__mmask8 nep_ladder8_is_member_var(const nep_ladder8 *ladder)
{
  int8_t digit[NEP_LADDER_STEPS];
  nep_point8 running, result;
  nep_recode_nibbles_var(digit, nep_order_q);
  nep_point8_identity(&running);
  nep_point8_identity(&result);
  for (int d = DIGIT_MAX; d > 0; d--) {
    for (int i = 0; i < NEP_LADDER_STEPS; i++)
      if (digit[i] == d || digit[i] == -d)
        nep_point8_add(&running, &running, &ladder->step[i], digit[i] < 0 ? 0xff : 0);
    nep_point8_add_point(&result, &result, &running);
  }
  return nep_point8_is_identity(&result);
}

/* The multiples that step w calls for in each lane; none for the digit 0. They are asked for one
   step ahead: the tables fill the second-level cache. */
static void affine_find(const uint64_t *row[NEP_LANES], const nep_table *const table[NEP_LANES],
                        size_t w, int16_t digit[NEP_LANES][NEP_TABLE_WINDOWS])
{
  static const nep_affine none = {{{1}}, {{1}}, {{0}}};
  for (int l = 0; l < NEP_LANES; l++) {
    int d = digit[l][w];
    const nep_affine *from = d == 0 ? &none : &table[l]->multiple[w][(d < 0 ? -d : d) - 1];
    row[l] = from->plus.v;
    _mm_prefetch((const char *)from, _MM_HINT_T0);
    _mm_prefetch((const char *)from + sizeof *from / 2, _MM_HINT_T0);
    _mm_prefetch((const char *)(from + 1) - 1, _MM_HINT_T0);
  }
}

static void affine_load(nep_affine8 *out, const uint64_t *row[NEP_LANES])
{
  enum { WORDS = 15, AGAIN = 7 }; /* words 0-7, and 7-14 */
  __m512i low[NEP_LANES], high[NEP_LANES], word[WORDS];
  nep_rows_load(low, row);
  for (int l = 0; l < NEP_LANES; l++)
    row[l] += AGAIN;
  nep_rows_load(high, row);
  for (int i = 0; i < WORDS; i++)
    word[i] = i < NEP_LANES ? low[i] : high[i - AGAIN];
  *out = (nep_affine8){nep_fe8_from_51(word), nep_fe8_from_51(word + NEP_LANE_LIMBS),
                       nep_fe8_from_51(word + 2 * NEP_LANE_LIMBS)};
}
_Static_assert(sizeof(nep_affine) == 15 * sizeof(uint64_t), "three values, no padding");

void nep_table8_add_var(nep_point8 *p, const nep_table *const table[NEP_LANES],
                        const uint64_t *const limb[NEP_LANES])
{
  int16_t digit[NEP_LANES][NEP_TABLE_WINDOWS];
  for (int l = 0; l < NEP_LANES; l++)
    nep_recode_bytes_var(digit[l], limb[l]);
  const uint64_t *row[NEP_LANES];
  affine_find(row, table, 0, digit);
  for (size_t w = 0; w < NEP_TABLE_WINDOWS; w++) {
    nep_affine8 step;
    __mmask8 minus = 0;
    affine_load(&step, row);
    if (w + 1 < NEP_TABLE_WINDOWS)
      affine_find(row, table, w + 1, digit);
    for (int l = 0; l < NEP_LANES; l++)
      minus = (__mmask8)(minus | (unsigned)(digit[l][w] < 0) << l);
    nep_point8_add_affine(p, p, &step, minus);
  }
}
