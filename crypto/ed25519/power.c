#include "crypto/ed25519/power.h"

#include "crypto/ed25519/recode.h"

enum { LIMBS = 4, PLACES = 64 * LIMBS + 1 };

static void odd_multiples(nep_cached odd[NEP_POWER_ODD], const nep_point *base)
{
  nep_point twice = nep_point_double(base);
  nep_point run = *base;
  odd[0] = nep_point_cached(&run);
  nep_cached step = nep_point_cached(&twice);
  for (size_t k = 1; k < NEP_POWER_ODD; k++) {
    nep_completed sum = nep_cached_add(&run, &step);
    run = nep_completed_point(&sum);
    odd[k] = nep_point_cached(&run);
  }
}

void nep_power_prepare_var(nep_power *power, const nep_point *base, size_t uses)
{
  /* 192 doublings and 24 additions more here, 192 doublings less at each use. */
  power->parts = uses > 1 ? NEP_POWER_PARTS : 1;
  nep_point part = *base;
  odd_multiples(power->odd[0], &part);
  for (size_t i = 1; i < power->parts; i++) {
    part = nep_point_double_times(&part, 64);
    odd_multiples(power->odd[i], &part);
  }
}

nep_point nep_power_var(const nep_power *power, const uint64_t limb[4])
{
  int8_t digit[NEP_POWER_PARTS][PLACES];
  size_t limbs = LIMBS / power->parts;
  size_t used = 0;
  for (size_t i = 0; i < power->parts; i++) {
    size_t u = nep_recode_naf_var(digit[i], limb + i * limbs, limbs, NEP_POWER_WIDTH);
    used = u > used ? u : used;
  }
  if (used == 0)
    return nep_point_identity;
  nep_projective run = nep_point_projective(&nep_point_identity);
  nep_completed sum;
  for (size_t place = used;;) {
    place--;
    sum = nep_projective_double(&run);
    for (size_t i = 0; i < power->parts; i++) {
      int d = digit[i][place];
      if (d == 0)
        continue;
      nep_point p = nep_completed_point(&sum);
      sum = d > 0 ? nep_cached_add(&p, &power->odd[i][d / 2])
                  : nep_cached_sub(&p, &power->odd[i][-d / 2]);
    }
    if (place == 0)
      return nep_completed_point(&sum);
    run = nep_completed_projective(&sum);
  }
}
