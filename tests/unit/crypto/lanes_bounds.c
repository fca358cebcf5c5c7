#include "tests/unit/crypto/lanes_bounds.h"

#include <string.h>

#include "base/random.h"
#include "crypto/ed25519/lanes/field.h"

/* Limbs below these are tight and wide; carry takes what is below 2^63. */
static const uint64_t TIGHT = (UINT64_C(1) << 51) + (UINT64_C(1) << 17),
                      WIDE = (UINT64_C(1) << 60) - (UINT64_C(1) << 14), ANY = UINT64_C(1) << 63;

/* All limbs at the bound, one of them and the rest 0 or random, all random, p and its neighbours:
   PATTERNS, the last ones random. */
enum { PATTERNS = 40 };

static uint64_t random_below(uint64_t bound)
{
  uint64_t word;
  nep_random_bytes(&word, sizeof word);
  return word % bound;
}

static nep_fe pattern(unsigned k, uint64_t bound)
{
  nep_fe r = {{0}};
  for (unsigned i = 0; i < NEP_LANE_LIMBS; i++) {
    bool at_bound = k == 0 || (k <= 10 && i == (k - 1) % 5);
    if (at_bound)
      r.v[i] = bound - 1;
    else if (k >= 6 && k != 11)
      r.v[i] = random_below(bound);
  }
  if (k >= 12 && k < 15) /* p - 1, p, p + 1 */
    r = (nep_fe){{NEP_FE_MASK - 18 + k - 13, NEP_FE_MASK, NEP_FE_MASK, NEP_FE_MASK, NEP_FE_MASK}};
  return r;
}

static void put(nep_fe8 *to, unsigned lane, nep_fe a)
{
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    memcpy((char *)&to->v[i] + lane * sizeof a.v[i], &a.v[i], sizeof a.v[i]);
}

static nep_fe get(const nep_fe8 *from, unsigned lane)
{
  nep_fe a;
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    memcpy(&a.v[i], (const char *)&from->v[i] + lane * sizeof a.v[i], sizeof a.v[i]);
  return a;
}

/* Tight for the portable field as well, whatever the limbs below 2^63. */
static nep_fe small(nep_fe a)
{
  return nep_fe_carry(nep_fe_carry(a));
}

/* The same value, and limbs below the bound. */
static bool is(const nep_fe8 *got, unsigned lane, uint64_t bound, nep_fe want)
{
  nep_fe a = get(got, lane);
  uint8_t x[32], y[32];
  for (int i = 0; i < NEP_LANE_LIMBS; i++)
    if (a.v[i] >= bound)
      return false;
  nep_fe_bytes(x, small(a));
  nep_fe_bytes(y, small(want));
  return memcmp(x, y, sizeof x) == 0;
}

static const char *products(const nep_fe8 *a, const nep_fe8 *b)
{
  nep_fe8 wide = nep_fe8_mul_wide(*a, *b), wide_sqr = nep_fe8_sqr_wide(*a);
  nep_fe8 mul = nep_fe8_mul(*a, *b), sqr = nep_fe8_sqr(*a);
  for (unsigned l = 0; l < NEP_LANES; l++) {
    nep_fe x = small(get(a, l)), y = small(get(b, l));
    if (!is(&wide, l, WIDE, nep_fe_mul(x, y)))
      return "mul_wide";
    if (!is(&mul, l, TIGHT, nep_fe_mul(x, y)))
      return "mul";
    if (!is(&wide_sqr, l, WIDE, nep_fe_mul(x, x)))
      return "sqr_wide";
    if (!is(&sqr, l, TIGHT, nep_fe_mul(x, x)))
      return "sqr";
  }
  return NULL;
}

static const char *sums(const nep_fe8 *a, const nep_fe8 *b)
{
  nep_fe8 add = nep_fe8_add(*a, *b), sub = nep_fe8_sub(*a, *b), neg = nep_fe8_neg(*a);
  nep_fe8 whole = nep_fe8_canonical(*a);
  __mmask8 zero = nep_fe8_is_zero(*a), odd = nep_fe8_is_odd(*a), equal = nep_fe8_equal(*a, *b);
  for (unsigned l = 0; l < NEP_LANES; l++) {
    nep_fe x = small(get(a, l)), y = small(get(b, l));
    if (!is(&add, l, TIGHT, nep_fe_add(x, y)))
      return "add";
    if (!is(&sub, l, TIGHT, nep_fe_sub(x, y)))
      return "sub";
    if (!is(&neg, l, TIGHT, nep_fe_neg(x)))
      return "neg";
    if (!is(&whole, l, NEP_FE_MASK + 1, x))
      return "canonical";
    if ((zero >> l & 1) != nep_fe_is_zero(x) || (odd >> l & 1) != nep_fe_is_odd(x) ||
        (equal >> l & 1) != nep_fe_equal(x, y))
      return "is_zero, is_odd or equal";
  }
  return NULL;
}

/* Differences of products that are not carried, of one and of a sum of two, and their carry. */
static const char *wide_differences(const nep_fe8 *a, const nep_fe8 *b)
{
  nep_fe8 one = nep_fe8_carry(nep_fe8_difference(*a, *b, NEP_BIAS_WIDE));
  nep_fe8 two = nep_fe8_carry(nep_fe8_difference(*a, nep_fe8_sum(*b, *b), NEP_BIAS_TWO_WIDE));
  for (unsigned l = 0; l < NEP_LANES; l++) {
    nep_fe x = small(get(a, l)), y = small(get(b, l));
    if (!is(&one, l, TIGHT, nep_fe_sub(x, y)))
      return "difference of wide values";
    if (!is(&two, l, TIGHT, nep_fe_sub(x, nep_fe_add(y, y))))
      return "difference of a wide value and a sum of two";
  }
  return NULL;
}

static const char *carries(const nep_fe8 *a)
{
  nep_fe8 carried = nep_fe8_carry(*a);
  for (unsigned l = 0; l < NEP_LANES; l++)
    if (!is(&carried, l, TIGHT, get(a, l)))
      return "carry";
  return NULL;
}

/* Pattern k of the first factor with pattern m + lane of the second. */
static void fill(nep_fe8 *a, nep_fe8 *b, unsigned k, unsigned m, uint64_t bound)
{
  for (unsigned l = 0; l < NEP_LANES; l++) {
    put(a, l, pattern(k, bound));
    put(b, l, pattern(m + l, bound));
  }
}

const char *lanes_bounds_fault(void)
{
  const char *fault = NULL;
  nep_fe8 a, b;
  for (unsigned k = 0; k < PATTERNS && !fault; k++)
    for (unsigned m = 0; m < PATTERNS && !fault; m += NEP_LANES) {
      fill(&a, &b, k, m, TIGHT);
      fault = products(&a, &b);
      if (!fault)
        fault = sums(&a, &b);
      fill(&a, &b, k, m, WIDE);
      if (!fault)
        fault = wide_differences(&a, &b);
      fill(&a, &b, k, m, ANY);
      if (!fault)
        fault = carries(&b);
    }
  return fault;
}
