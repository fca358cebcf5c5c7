#include "crypto/ed25519/lanes/rows.h"

/* A point is 20 words: 0-7, 8-15, and 12-19 again. */
enum { SECOND = 8, LAST = 12, POINT_WORDS = 20 };
_Static_assert(sizeof(nep_point) == POINT_WORDS * sizeof(uint64_t), "four coordinates, no padding");

/* Word w of the point's limbs in radix 2^51, of all lanes. */
typedef struct words {
  __m512i coordinate[4][NEP_LANE_LIMBS];
} words;

static __m512i *word(words *all, int w)
{
  return &all->coordinate[w / NEP_LANE_LIMBS][w % NEP_LANE_LIMBS];
}

static int first_of(int part)
{
  return part == 2 ? LAST : part * SECOND;
}

/* a's low `bits` bits, moved up. */
NEP_LANES_INLINE __m512i low_bits(__m512i a, unsigned bits, unsigned up)
{
  return _mm512_slli_epi64(_mm512_and_si512(a, nep_lanes_word((UINT64_C(1) << bits) - 1)), up);
}

/* From limbs that are tight in radix 2^51: a little above 2^51. */
static nep_fe8 from_tight_51(const __m512i a[NEP_LANE_LIMBS])
{
  nep_fe8 r;
  for (unsigned i = 0; i < NEP_LANE_LIMBS; i++) {
    r.v[i] = _mm512_srli_epi64(a[i], i);
    if (i < NEP_LANE_LIMBS - 1)
      r.v[i] = _mm512_add_epi64(r.v[i], low_bits(a[i + 1], i + 1, 51 - i));
  }
  return nep_fe8_carry(r);
}

static void to_tight_51(__m512i a[NEP_LANE_LIMBS], nep_fe8 from)
{
  const __m512i mask = nep_lanes_word(NEP_FE_MASK);
  from = nep_fe8_carry(from); /* limb 4 at most 2^47 */
  a[0] = _mm512_and_si512(from.v[0], mask);
  for (unsigned i = 1; i < NEP_LANE_LIMBS; i++) {
    __m512i limb =
        _mm512_or_si512(_mm512_slli_epi64(from.v[i], i), _mm512_srli_epi64(from.v[i - 1], 52 - i));
    a[i] = i < NEP_LANE_LIMBS - 1 ? _mm512_and_si512(limb, mask) : limb;
  }
}

void nep_point8_load(nep_point8 *p, const nep_point *const row[NEP_LANES])
{
  words all;
  for (int part = 0; part < 3; part++) {
    const uint64_t *from[NEP_LANES];
    __m512i column[NEP_LANES];
    for (int l = 0; l < NEP_LANES; l++)
      from[l] = (const uint64_t *)(const void *)row[l] + first_of(part);
    nep_rows_load(column, from);
    for (int w = 0; w < NEP_LANES; w++)
      *word(&all, first_of(part) + w) = column[w];
  }
  *p = (nep_point8){from_tight_51(all.coordinate[0]), from_tight_51(all.coordinate[1]),
                    from_tight_51(all.coordinate[2]), from_tight_51(all.coordinate[3])};
}

void nep_point8_store(nep_point *const row[NEP_LANES], const nep_point8 *p)
{
  words all;
  to_tight_51(all.coordinate[0], p->x);
  to_tight_51(all.coordinate[1], p->y);
  to_tight_51(all.coordinate[2], p->z);
  to_tight_51(all.coordinate[3], p->t);
  for (int part = 0; part < 3; part++) {
    __m512i column[NEP_LANES];
    uint64_t *to[NEP_LANES];
    for (int w = 0; w < NEP_LANES; w++)
      column[w] = *word(&all, first_of(part) + w);
    for (int l = 0; l < NEP_LANES; l++)
      to[l] = (uint64_t *)(void *)row[l] + first_of(part);
    nep_rows_store(to, column);
  }
}

void nep_cached8_to_rows(nep_row row[NEP_LANES], const nep_cached8 *p)
{
  enum { PARTS = 3 };
  __m512i column[PARTS * NEP_LANES];
  memset(column, 0, sizeof column);
  memcpy(column, p, sizeof *p);
  for (int part = 0; part < PARTS; part++) {
    uint64_t *to[NEP_LANES];
    for (int l = 0; l < NEP_LANES; l++)
      to[l] = row[l].word + part * NEP_LANES;
    nep_rows_store(to, column + part * NEP_LANES);
  }
}
