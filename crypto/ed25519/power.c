#include "crypto/ed25519/power.h"

#include "crypto/ed25519/recode.h"

enum { LIMBS = 4, PLACES = 64 * LIMBS + 1, WIDTH = 5, ODD = 8 };

/* base, 3 base, .. 15 base */
static void odd_multiples(nep_cached odd[ODD], const nep_point *base)
{
  nep_point twice = nep_point_double(base);
  nep_point run = *base;
  odd[0] = nep_point_cached(&run);
  nep_cached step = nep_point_cached(&twice);
  for (size_t k = 1; k < ODD; k++) {
    nep_completed sum = nep_cached_add(&run, &step);
    run = nep_completed_point(&sum);
    odd[k] = nep_point_cached(&run);
  }
}

nep_point nep_point_power_var(const nep_point *base, const uint64_t limb[4])
{
  int8_t digit[PLACES];
  nep_cached odd[ODD];
  size_t used = nep_recode_naf_var(digit, limb, LIMBS, WIDTH);
  if (used == 0)
    return nep_point_identity;
  odd_multiples(odd, base);
  nep_projective run = nep_point_projective(&nep_point_identity);
  nep_completed sum;
  for (size_t place = used;;) {
    place--;
    sum = nep_projective_double(&run);
    int d = digit[place];
    if (d != 0) {
      nep_point p = nep_completed_point(&sum);
      sum = d > 0 ? nep_cached_add(&p, &odd[d / 2]) : nep_cached_sub(&p, &odd[-d / 2]);
    }
    if (place == 0)
      return nep_completed_point(&sum);
    run = nep_completed_projective(&sum);
  }
}
