#include "crypto/ed25519/lanes/fixed.h"

#include "crypto/ed25519/lanes/rows.h"
#include "crypto/ed25519/recode.h"

/* The multiples that step w calls for in each lane; none for the digit 0. They are asked for one
   step ahead: the tables fill the second-level cache. */
static void affine_find(const uint64_t *row[NEP_LANES], const nep_table *const table[NEP_LANES],
                        size_t w, int16_t digit[NEP_LANES][NEP_TABLE_WINDOWS])
{
  static const nep_affine none = {{{1}}, {{1}}, {{0}}};
  for (int l = 0; l < NEP_LANES; l++) {
    int d = digit[l][w];
    const nep_affine *from = d == 0 ? &none : &table[l]->multiple[w][(d < 0 ? -d : d) - 1];
    row[l] = (const uint64_t *)(const void *)from;
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
  for (int l = 0; l < NEP_LANES; l++) {
    nep_table_need(table[l]);
    nep_recode_bytes_var(digit[l], limb[l]);
  }
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
