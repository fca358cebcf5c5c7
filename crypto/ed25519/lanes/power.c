#include "crypto/ed25519/lanes/power.h"

#include <string.h>

#include "crypto/ed25519/order.h"
#include "crypto/ed25519/recode.h"

enum { STEPS = NEP_LADDER_STEPS, DIGIT_MAX = NEP_LADDER_DIGIT_MAX };

void nep_ladder8_make(nep_ladder8 *ladder, const nep_point8 *base)
{
  nep_point8 run = *base;
  for (int i = 0; i < STEPS; i++) {
    if (i > 0)
      nep_point8_double_times(&run, NEP_LADDER_BITS);
    nep_point8_cached(&ladder->step[i], &run);
    nep_cached8_to_rows(ladder->row[i], &ladder->step[i]);
  }
}

/* In which order the lanes add their steps. After `turn` additions the running sum of the lanes
   due[turn][d - 1] has all steps of digits that have at least the size d. */
typedef struct plan {
  unsigned turns;
  uint8_t step[STEPS][NEP_LANES];
  __mmask8 minus[STEPS];
  uint16_t sizes_due[STEPS + 1]; /* bit d - 1: due[turn][d - 1] is not 0 */
  __mmask8 due[STEPS + 1][DIGIT_MAX];
} plan;

static unsigned size_of(int8_t digit)
{
  return (unsigned)(digit < 0 ? -digit : digit);
}

/* Sorts the lane's steps by the size of their digits. */
static void plan_lane(plan *p, unsigned lane, const int8_t digit[STEPS])
{
  uint8_t at[DIGIT_MAX + 1] = {0}; /* the turn of the next step of that size */
  unsigned before = 0;
  for (int i = 0; i < STEPS; i++)
    at[size_of(digit[i])]++;
  for (unsigned d = DIGIT_MAX; d > 0; d--) {
    unsigned steps = at[d];
    at[d] = (uint8_t)before;
    before += steps;
    p->due[before][d - 1] = (__mmask8)(p->due[before][d - 1] | 1U << lane);
    p->sizes_due[before] = (uint16_t)(p->sizes_due[before] | 1U << (d - 1));
  }
  for (int i = 0; i < STEPS; i++) {
    if (digit[i] == 0)
      continue;
    unsigned turn = at[size_of(digit[i])]++;
    p->step[turn][lane] = (uint8_t)i;
    p->minus[turn] = (__mmask8)(p->minus[turn] | (unsigned)(digit[i] < 0) << lane);
  }
  p->turns = before > p->turns ? before : p->turns;
}

static void plan_all(plan *p, const uint64_t *const limb[NEP_LANES])
{
  int8_t digit[STEPS];
  memset(p, 0, sizeof *p);
  for (unsigned l = 0; l < NEP_LANES; l++) {
    nep_recode_fives_var(digit, limb[l]);
    plan_lane(p, l, digit);
  }
}

NEP_LANES_INLINE void keep_lanes(nep_fe8 *to, const nep_fe8 *from, __mmask8 lanes)
{
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    _mm512_mask_store_epi64(&to->v[i], lanes, from->v[i]);
}

static void keep_due(nep_point8 kept[DIGIT_MAX], const plan *p, unsigned turn,
                     const nep_point8 *sum)
{
  for (unsigned sizes = p->sizes_due[turn]; sizes != 0; sizes &= sizes - 1) {
    int size = __builtin_ctz(sizes);
    __mmask8 lanes = p->due[turn][size];
    keep_lanes(&kept[size].x, &sum->x, lanes);
    keep_lanes(&kept[size].y, &sum->y, lanes);
    keep_lanes(&kept[size].z, &sum->z, lanes);
    keep_lanes(&kept[size].t, &sum->t, lanes);
  }
}

/* The steps of a turn, which the second-level cache holds. */
static void find(const nep_row *row[NEP_LANES], const nep_ladder8 *ladder, const plan *p,
                 unsigned turn)
{
  for (int l = 0; l < NEP_LANES; l++) {
    row[l] = &ladder->row[p->step[turn][l]][l];
    for (size_t line = 0; line < sizeof **row; line += 64)
      _mm_prefetch((const char *)row[l] + line, _MM_HINT_T0);
  }
}

void nep_ladder8_power_var(nep_point8 *r, const nep_ladder8 *ladder,
                           const uint64_t *const limb[NEP_LANES])
{
  plan p;
  nep_point8 sum, kept[DIGIT_MAX];
  const nep_row *row[NEP_LANES];
  plan_all(&p, limb);
  nep_point8_identity(&sum);
  keep_due(kept, &p, 0, &sum);
  find(row, ladder, &p, 0);
  for (unsigned turn = 0; turn < p.turns; turn++) {
    nep_cached8 step;
    nep_cached8_from_rows(&step, row);
    if (turn + 1 < p.turns)
      find(row, ladder, &p, turn + 1);
    nep_point8_add(&sum, &sum, &step, p.minus[turn]);
    keep_due(kept, &p, turn + 1, &sum);
  }
  *r = kept[0];
  for (int d = 1; d < DIGIT_MAX; d++)
    nep_point8_add_point(r, r, &kept[d]);
}

/* The same with q as exponent in every lane: the digits are known beforehand. */
__mmask8 nep_ladder8_is_member_var(const nep_ladder8 *ladder)
{
  int8_t digit[STEPS];
  nep_point8 running, result;
  nep_recode_fives_var(digit, nep_order_q);
  nep_point8_identity(&running);
  nep_point8_identity(&result);
  for (int d = DIGIT_MAX; d > 0; d--) {
    for (int i = 0; i < STEPS; i++)
      if (digit[i] == d || digit[i] == -d)
        nep_point8_add(&running, &running, &ladder->step[i], digit[i] < 0 ? 0xff : 0);
    nep_point8_add_point(&result, &result, &running);
  }
  return nep_point8_is_identity(&result);
}
