/* Between eight rows of words in memory, one for each lane, and vectors of one word of each. */
#ifndef NEP_CRYPTO_ED25519_LANES_ROWS_H
#define NEP_CRYPTO_ED25519_LANES_ROWS_H

#include <string.h>

#include "crypto/ed25519/lanes/point.h"

/* Word l of vector i and word i of vector l change places. */
NEP_LANES_INLINE void nep_lanes_transpose(__m512i r[NEP_LANES])
{
  __m512i pair[NEP_LANES], quad[NEP_LANES];
  for (int i = 0; i < NEP_LANES; i += 2) {
    pair[i] = _mm512_unpacklo_epi64(r[i], r[i + 1]);
    pair[i + 1] = _mm512_unpackhi_epi64(r[i], r[i + 1]);
  }
  for (int i = 0; i < NEP_LANES; i += 4)
    for (int k = 0; k < 2; k++) {
      quad[i + k] = _mm512_shuffle_i64x2(pair[i + k], pair[i + k + 2], 0x88);
      quad[i + k + 2] = _mm512_shuffle_i64x2(pair[i + k], pair[i + k + 2], 0xdd);
    }
  for (int k = 0; k < 4; k++) {
    r[k] = _mm512_shuffle_i64x2(quad[k], quad[k + 4], 0x88);
    r[k + 4] = _mm512_shuffle_i64x2(quad[k], quad[k + 4], 0xdd);
  }
}

/* Vector l has words 0 to 3 of lane l, then those of lane l + 4: afterwards vector i has word i of
   all lanes. */
NEP_LANES_INLINE void nep_lanes_transpose_half(__m512i out[NEP_LANES / 2],
                                               const __m512i in[NEP_LANES / 2])
{
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13),
                high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  __m512i even[2] = {_mm512_unpacklo_epi64(in[0], in[1]), _mm512_unpacklo_epi64(in[2], in[3])};
  __m512i odd[2] = {_mm512_unpackhi_epi64(in[0], in[1]), _mm512_unpackhi_epi64(in[2], in[3])};
  out[0] = _mm512_permutex2var_epi64(even[0], low, even[1]);
  out[1] = _mm512_permutex2var_epi64(odd[0], low, odd[1]);
  out[2] = _mm512_permutex2var_epi64(even[0], high, even[1]);
  out[3] = _mm512_permutex2var_epi64(odd[0], high, odd[1]);
}

/* column[i] = word i of the rows, i < 8. */
NEP_LANES_INLINE void nep_rows_load(__m512i column[NEP_LANES], const uint64_t *const row[NEP_LANES])
{
  for (int l = 0; l < NEP_LANES; l++)
    column[l] = _mm512_loadu_si512(row[l]);
  nep_lanes_transpose(column);
}

NEP_LANES_INLINE void nep_rows_store(uint64_t *const row[NEP_LANES], __m512i column[NEP_LANES])
{
  nep_lanes_transpose(column);
  for (int l = 0; l < NEP_LANES; l++)
    _mm512_storeu_si512(row[l], column[l]);
}

/* One lane of a cached point, and padding to whole cache lines. */
typedef struct nep_row {
  _Alignas(64) uint64_t word[24];
} nep_row;

/* Inline, for loops over the steps of a ladder. The last four words of two lanes share a vector, so
   that they take half the exchanges of eight. */
NEP_LANES_INLINE void nep_cached8_from_rows(nep_cached8 *p, const nep_row *const row[NEP_LANES])
{
  enum { FULL = 2, LAST = FULL * NEP_LANES, LAST_WORDS = 4, HALF = NEP_LANES / 2 };
  __m512i column[LAST + LAST_WORDS], pair[HALF];
  for (int part = 0; part < FULL; part++) {
    const uint64_t *from[NEP_LANES];
    for (int l = 0; l < NEP_LANES; l++)
      from[l] = row[l]->word + part * NEP_LANES;
    nep_rows_load(column + part * NEP_LANES, from);
  }
  for (int l = 0; l < HALF; l++)
    pair[l] = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm256_load_si256((const __m256i *)(row[l]->word + LAST))),
        _mm256_load_si256((const __m256i *)(row[l + HALF]->word + LAST)), 1);
  nep_lanes_transpose_half(column + LAST, pair);
  memcpy(p, column, sizeof *p);
}
_Static_assert(sizeof(nep_cached8) == 20 * sizeof(__m512i), "four values, no padding");

void nep_cached8_to_rows(nep_row row[NEP_LANES], const nep_cached8 *p);

void nep_point8_load(nep_point8 *p, const nep_point *const row[NEP_LANES]);
/* Limbs as small as crypto/ed25519/field.h wants them. */
void nep_point8_store(nep_point *const row[NEP_LANES], const nep_point8 *p);

#endif
