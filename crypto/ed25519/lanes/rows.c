#include "crypto/ed25519/lanes/rows.h"

/* A point is 20 words: 0-7, 8-15, and 12-19 again. */
enum { SECOND = 8, LAST = 12, POINT_WORDS = 20 };
_Static_assert(sizeof(nep_point) == POINT_WORDS * sizeof(uint64_t), "four coordinates, no padding");

NEP_LANES_INLINE nep_fe8 *coordinate(nep_point8 *p, int i)
{
  nep_fe8 *const all[4] = {&p->x, &p->y, &p->z, &p->t};
  return all[i];
}

void nep_point8_load(nep_point8 *p, const nep_point *const row[NEP_LANES])
{
  __m512i column[3][NEP_LANES];
  const uint64_t *from[NEP_LANES];
  for (int part = 0; part < 3; part++) {
    for (int l = 0; l < NEP_LANES; l++)
      from[l] = row[l]->x.v + (part == 2 ? LAST : part * SECOND);
    nep_rows_load(column[part], from);
  }
  for (int w = 0; w < POINT_WORDS; w++)
    coordinate(p, w / NEP_LANE_LIMBS)->v[w % NEP_LANE_LIMBS] =
        w < LAST ? column[w / SECOND][w % SECOND] : column[2][w - LAST];
}

void nep_point8_store(nep_point *const row[NEP_LANES], const nep_point8 *p)
{
  nep_point8 q = {nep_fe8_carry(p->x), nep_fe8_carry(p->y), nep_fe8_carry(p->z),
                  nep_fe8_carry(p->t)};
  for (int part = 0; part < 3; part++) {
    int first = part == 2 ? LAST : part * SECOND;
    __m512i column[NEP_LANES];
    uint64_t *to[NEP_LANES];
    for (int w = 0; w < NEP_LANES; w++)
      column[w] = coordinate(&q, (first + w) / NEP_LANE_LIMBS)->v[(first + w) % NEP_LANE_LIMBS];
    for (int l = 0; l < NEP_LANES; l++)
      to[l] = row[l]->x.v + first;
    nep_rows_store(to, column);
  }
}
