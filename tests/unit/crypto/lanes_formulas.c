#include "tests/unit/crypto/lanes_formulas.h"

#include "crypto/ed25519/lanes/point.h"
#include "tests/unit/crypto/lanes_limbs.h"

/* Limbs for which column 4 of a product of two is nearly as large as it can be, and with it what is
   taken away in a difference; 0, 1, the bounds of tight values, p. The formulas are polynomials, so
   they need no point of the curve. */
#define LARGE ((UINT64_C(1) << 52) - (UINT64_C(1) << 26) + 1)
static const limbs VALUES[] = {
    {{LARGE, LARGE, LARGE, LARGE, 1}},
    {{0}},
    {{NEP_FE8_MASK, NEP_FE8_MASK, NEP_FE8_MASK, NEP_FE8_MASK,
      (UINT64_C(1) << 47) + (UINT64_C(1) << 12) - 1}},
    {{1}},
    {{NEP_FE8_MASK}},
    {{NEP_FE8_MASK - 18, NEP_FE8_MASK, NEP_FE8_MASK, NEP_FE8_MASK, NEP_FE8_TOP_MASK}}};
enum { VALUES_N = sizeof VALUES / sizeof VALUES[0] };

static const limbs *value(unsigned i)
{
  return &VALUES[i % VALUES_N];
}

/* Lane l has value i + l. */
static nep_fe8 lanes_from(unsigned i)
{
  nep_fe8 r;
  for (unsigned l = 0; l < NEP_LANES; l++)
    put(&r, l, *value(i + l));
  return r;
}

static nep_fe portable(unsigned i, unsigned lane)
{
  return value_of(*value(i + lane));
}

static bool same(const nep_point8 *got, unsigned lane, nep_point want)
{
  return nep_fe_equal(value_of(get(&got->x, lane)), want.x) &&
         nep_fe_equal(value_of(get(&got->y, lane)), want.y) &&
         nep_fe_equal(value_of(get(&got->z, lane)), want.z) &&
         nep_fe_equal(value_of(get(&got->t, lane)), want.t);
}

/* Which value each coordinate has in lane 0. */
typedef struct choice {
  unsigned v[4];
} choice;

static nep_point8 point_lanes(choice c)
{
  return (nep_point8){lanes_from(c.v[0]), lanes_from(c.v[1]), lanes_from(c.v[2]),
                      lanes_from(c.v[3])};
}

static nep_point point_at(choice c, unsigned lane)
{
  return (nep_point){portable(c.v[0], lane), portable(c.v[1], lane), portable(c.v[2], lane),
                     portable(c.v[3], lane)};
}

static const char *doublings(choice c)
{
  nep_point8 once = point_lanes(c), thrice = once;
  nep_point8_double_times(&once, 1);
  nep_point8_double_times(&thrice, 3);
  for (unsigned l = 0; l < NEP_LANES; l++) {
    nep_point p = point_at(c, l);
    if (!same(&once, l, nep_point_double(&p)))
      return "a doubling";
    if (!same(&thrice, l, nep_point_double_times(&p, 3)))
      return "three doublings";
  }
  return NULL;
}

/* p + q and p - q, q's coordinates being those of a cached and of an affine point. */
static const char *sums(choice p, choice q, __mmask8 minus)
{
  nep_point8 point = point_lanes(p), other = point_lanes(q), cached_sum, affine_sum;
  nep_cached8 cached = {other.x, other.y, other.z, other.t};
  nep_affine8 affine = {other.x, other.y, other.t};
  nep_point8_add(&cached_sum, &point, &cached, minus);
  nep_point8_add_affine(&affine_sum, &point, &affine, minus);
  for (unsigned l = 0; l < NEP_LANES; l++) {
    nep_point a = point_at(p, l), b = point_at(q, l);
    nep_cached c = {b.x, b.y, b.z, b.t};
    nep_affine f = {b.x, b.y, b.t};
    bool negative = minus >> l & 1;
    nep_completed s = negative ? nep_cached_sub(&a, &c) : nep_cached_add(&a, &c);
    if (!same(&cached_sum, l, nep_completed_point(&s)))
      return "a sum with a cached point";
    s = negative ? nep_affine_sub(&a, &f) : nep_affine_add(&a, &f);
    if (!same(&affine_sum, l, nep_completed_point(&s)))
      return "a sum with an affine point";
  }
  return NULL;
}

const char *lanes_formulas_fault(void)
{
  const char *fault = NULL;
  for (unsigned i = 0; i < VALUES_N * VALUES_N * VALUES_N && !fault; i++) {
    unsigned x = i % VALUES_N, y = i / VALUES_N % VALUES_N, z = i / VALUES_N / VALUES_N;
    choice p = {{x, y, z, x + y + z}};
    fault = doublings(p);
    for (unsigned k = 0; k < VALUES_N * VALUES_N && !fault; k++) {
      choice q = {{k % VALUES_N, k / VALUES_N, k + z, k / VALUES_N + y}};
      fault = sums(p, q, 0x55);
      if (!fault)
        fault = sums(p, q, 0xaa);
    }
  }
  return fault;
}
