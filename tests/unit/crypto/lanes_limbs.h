/* Elements of the eight-lane field by their limbs, as its tests put them in and look at them. */
#ifndef NEP_TESTS_LANES_LIMBS_H
#define NEP_TESTS_LANES_LIMBS_H

#include <string.h>

#include "crypto/ed25519/lanes/field.h"

enum { TOP = NEP_LANE_LIMBS - 1 };

/* In radix 2^52. */
typedef struct limbs {
  uint64_t v[NEP_LANE_LIMBS];
} limbs;

static inline void put(nep_fe8 *to, unsigned lane, limbs a)
{
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    memcpy((char *)&to->v[i] + lane * sizeof a.v[i], &a.v[i], sizeof a.v[i]);
}

static inline limbs get(const nep_fe8 *from, unsigned lane)
{
  limbs a;
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    memcpy(&a.v[i], (const char *)&from->v[i] + lane * sizeof a.v[i], sizeof a.v[i]);
  return a;
}

/* The value of limbs of 64 bits, for the portable field: from the highest down. Tight there. */
static inline nep_fe value_of(limbs a)
{
  const nep_fe radix = {{0, 2, 0, 0, 0}};
  nep_fe r = nep_fe_small(0);
  for (int i = TOP; i >= 0; i--) {
    nep_fe limb = {{a.v[i] & NEP_FE_MASK, a.v[i] >> 51, 0, 0, 0}};
    r = nep_fe_carry(nep_fe_add(nep_fe_mul(r, radix), limb));
  }
  return r;
}

#endif
