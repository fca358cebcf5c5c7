#include "crypto/ed25519/ladder.h"

#include "crypto/ed25519/order.h"
#include "crypto/ed25519/recode.h"

/* A sum that is nothing before its first term: starting costs no addition. */
typedef struct sum {
  nep_point point;
  bool begun;
} sum;

void nep_ladder_make(nep_ladder *ladder, const nep_point *base)
{
  nep_point run = *base;
  for (size_t i = 0; i < NEP_LADDER_STEPS; i++) {
    if (i > 0)
      run = nep_point_double_times(&run, NEP_LADDER_BITS);
    ladder->point[i] = run;
    ladder->step[i] = nep_point_cached(&run);
  }
}

static void add_step(sum *s, const nep_ladder *ladder, size_t i, bool minus)
{
  if (!s->begun) {
    s->point = minus ? nep_point_neg(&ladder->point[i]) : ladder->point[i];
    s->begun = true;
    return;
  }
  nep_completed c = minus ? nep_cached_sub(&s->point, &ladder->step[i])
                          : nep_cached_add(&s->point, &ladder->step[i]);
  s->point = nep_completed_point(&c);
}

static void add_sum(sum *s, const sum *term)
{
  if (!term->begun)
    return;
  s->point = s->begun ? nep_point_add(&s->point, &term->point) : term->point;
  s->begun = true;
}

nep_point nep_ladder_power_var(const nep_ladder *ladder, const uint64_t limb[4])
{
  int8_t digit[NEP_LADDER_STEPS];
  sum bucket[NEP_LADDER_DIGIT_MAX + 1], running = {.begun = false}, result = {.begun = false};
  for (size_t d = 0; d <= NEP_LADDER_DIGIT_MAX; d++)
    bucket[d].begun = false;
  nep_recode_nibbles_var(digit, limb);
  for (size_t i = 0; i < NEP_LADDER_STEPS; i++)
    if (digit[i] != 0)
      add_step(&bucket[digit[i] < 0 ? -digit[i] : digit[i]], ladder, i, digit[i] < 0);
  for (size_t d = NEP_LADDER_DIGIT_MAX; d > 0; d--) {
    add_sum(&running, &bucket[d]);
    add_sum(&result, &running);
  }
  return result.begun ? result.point : nep_point_identity;
}

bool nep_ladder_is_member_var(const nep_ladder *ladder)
{
  nep_point p = nep_ladder_power_var(ladder, nep_order_q);
  return nep_point_equal(&p, &nep_point_identity) != 0;
}
