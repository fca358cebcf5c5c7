/* Between eight rows of words in memory, one for each lane, and vectors of one word of each. */
#ifndef NEP_CRYPTO_ED25519_LANES_ROWS_H
#define NEP_CRYPTO_ED25519_LANES_ROWS_H

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

void nep_point8_load(nep_point8 *p, const nep_point *const row[NEP_LANES]);
/* Limbs as small as crypto/ed25519/field.h wants them. */
void nep_point8_store(nep_point *const row[NEP_LANES], const nep_point8 *p);

#endif
