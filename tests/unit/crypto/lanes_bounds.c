#include "tests/unit/crypto/lanes_bounds.h"

#include <string.h>

#include "base/random.h"
#include "tests/unit/crypto/lanes_limbs.h"

/* Limbs below these are tight, factors and wide; carry takes what is below 2^63. The highest limb
   of the first two has a bound of its own. */
typedef struct bounds {
  uint64_t limb, top;
} bounds;
static const bounds TIGHT = {UINT64_C(1) << 52, (UINT64_C(1) << 47) + (UINT64_C(1) << 12)},
                    FACTOR = {UINT64_MAX, (UINT64_C(1) << 47) + (UINT64_C(1) << 12)},
                    WIDE = {(UINT64_C(1) << 56) - (UINT64_C(1) << 9),
                            (UINT64_C(1) << 56) - (UINT64_C(1) << 9)},
                    CANONICAL = {UINT64_C(1) << 52, UINT64_C(1) << 47},
                    ANY = {UINT64_C(1) << 63, UINT64_C(1) << 63};

/* All limbs at the bound, one of them and the rest 0 or random, all random, p and its neighbours:
   PATTERNS, the last ones random. */
enum { PATTERNS = 40 };

static uint64_t random_below(uint64_t bound)
{
  uint64_t word;
  nep_random_bytes(&word, sizeof word);
  return word % bound;
}

static uint64_t bound_of(bounds b, unsigned i)
{
  return i < TOP ? b.limb : b.top;
}

static limbs pattern(unsigned k, bounds b)
{
  limbs r = {{0}};
  for (unsigned i = 0; i < NEP_LANE_LIMBS; i++) {
    bool at_bound = k == 0 || (k <= 10 && i == (k - 1) % 5);
    if (at_bound)
      r.v[i] = bound_of(b, i) - 1;
    else if (k >= 6 && k != 11)
      r.v[i] = random_below(bound_of(b, i));
  }
  if (k >= 12 && k < 15) /* p - 1, p, p + 1 */
    r = (limbs){
        {NEP_FE8_MASK - 18 + k - 13, NEP_FE8_MASK, NEP_FE8_MASK, NEP_FE8_MASK, NEP_FE8_TOP_MASK}};
  return r;
}

/* That of a factor: what the multiplier sees of it. */
static nep_fe factor_value(limbs a)
{
  for (int i = 0; i < TOP; i++)
    a.v[i] &= NEP_FE8_MASK;
  return value_of(a);
}

static bool is_within(limbs a, bounds b)
{
  for (unsigned i = 0; i < NEP_LANE_LIMBS; i++)
    if (a.v[i] >= bound_of(b, i))
      return false;
  return true;
}

static bool same(nep_fe a, nep_fe b)
{
  uint8_t x[32], y[32];
  nep_fe_bytes(x, a);
  nep_fe_bytes(y, nep_fe_carry(b));
  return memcmp(x, y, sizeof x) == 0;
}

/* The same value, and limbs below the bound. */
static bool is(const nep_fe8 *got, unsigned lane, bounds b, nep_fe want)
{
  limbs a = get(got, lane);
  return is_within(a, b) && same(value_of(a), want);
}

static bool is_factor(const nep_fe8 *got, unsigned lane, nep_fe want)
{
  limbs a = get(got, lane);
  return a.v[TOP] < FACTOR.top && same(factor_value(a), want);
}

/* Of factors. */
static const char *products(const nep_fe8 *a, const nep_fe8 *b)
{
  nep_fe8 wide = nep_fe8_mul_wide(*a, *b), wide_sqr = nep_fe8_sqr_wide(*a);
  nep_fe8 mul = nep_fe8_mul(*a, *b), sqr = nep_fe8_sqr(*a), power[2] = {*b, *a};
  nep_fe8_pow22523(power, 2);
  for (unsigned l = 0; l < NEP_LANES; l++) {
    nep_fe x = factor_value(get(a, l)), y = factor_value(get(b, l)), xx = nep_fe_mul(x, x);
    if (!is(&wide, l, WIDE, nep_fe_mul(x, y)))
      return "mul_wide";
    if (!is(&mul, l, TIGHT, nep_fe_mul(x, y)))
      return "mul";
    if (!is(&wide_sqr, l, WIDE, xx))
      return "sqr_wide";
    if (!is(&sqr, l, TIGHT, xx))
      return "sqr";
    if (!is(&power[0], l, TIGHT, nep_fe_pow22523(y)) ||
        !is(&power[1], l, TIGHT, nep_fe_pow22523(x)))
      return "pow22523";
  }
  return NULL;
}

static const char *sums(const nep_fe8 *a, const nep_fe8 *b)
{
  nep_fe8 add = nep_fe8_add(*a, *b), sub = nep_fe8_sub(*a, *b), neg = nep_fe8_neg(*a);
  nep_fe8 whole = nep_fe8_canonical(*a);
  __mmask8 zero = nep_fe8_is_zero(*a), odd = nep_fe8_is_odd(*a), equal = nep_fe8_equal(*a, *b);
  for (unsigned l = 0; l < NEP_LANES; l++) {
    nep_fe x = value_of(get(a, l)), y = value_of(get(b, l));
    if (!is(&add, l, TIGHT, nep_fe_add(x, y)))
      return "add";
    if (!is(&sub, l, TIGHT, nep_fe_sub(x, y)))
      return "sub";
    if (!is(&neg, l, TIGHT, nep_fe_neg(x)))
      return "neg";
    if (!is(&whole, l, CANONICAL, x))
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
    nep_fe x = value_of(get(a, l)), y = value_of(get(b, l));
    if (!is(&one, l, TIGHT, nep_fe_sub(x, y)))
      return "difference of wide values";
    if (!is(&two, l, TIGHT, nep_fe_sub(x, nep_fe_add(y, y))))
      return "difference of a wide value and a sum of two";
  }
  return NULL;
}

static const char *carries(const nep_fe8 *a)
{
  nep_fe8 carried = nep_fe8_carry(*a), factor = nep_fe8_factor(*a);
  for (unsigned l = 0; l < NEP_LANES; l++) {
    if (!is(&carried, l, TIGHT, value_of(get(a, l))))
      return "carry";
    if (!is_factor(&factor, l, value_of(get(a, l))))
      return "factor";
  }
  return NULL;
}

/* Factors from the limbs of the portable field, and one element in all lanes. */
static const char *from_51(void)
{
  nep_fe last = {{NEP_FE_MASK, NEP_FE_MASK, NEP_FE_MASK, NEP_FE_MASK, NEP_FE_MASK}};
  for (unsigned k = 0; k < PATTERNS; k++) {
    nep_fe x = last;
    for (unsigned i = 0; i < NEP_LANE_LIMBS && k > 0; i++)
      x.v[i] = k <= 5 ? (i == k - 1 ? NEP_FE_MASK : 0) : random_below(NEP_FE_MASK + 1);
    __m512i limb[NEP_LANE_LIMBS];
    for (int i = 0; i < NEP_LANE_LIMBS; i++)
      limb[i] = nep_lanes_word(x.v[i]);
    nep_fe8 factor = nep_fe8_from_51(limb), all = nep_fe8_all(x);
    for (unsigned l = 0; l < NEP_LANES; l++)
      if (!is_factor(&factor, l, x) || !is(&all, l, TIGHT, x))
        return "from_51";
  }
  return NULL;
}

/* Pattern k of the first factor with pattern m + lane of the second. */
static void fill(nep_fe8 *a, nep_fe8 *b, unsigned k, unsigned m, bounds bound)
{
  for (unsigned l = 0; l < NEP_LANES; l++) {
    put(a, l, pattern(k, bound));
    put(b, l, pattern(m + l, bound));
  }
}

const char *lanes_bounds_fault(void)
{
  const char *fault = from_51();
  nep_fe8 a, b;
  for (unsigned k = 0; k < PATTERNS && !fault; k++)
    for (unsigned m = 0; m < PATTERNS && !fault; m += NEP_LANES) {
      fill(&a, &b, k, m, FACTOR);
      fault = products(&a, &b);
      fill(&a, &b, k, m, TIGHT);
      if (!fault)
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
