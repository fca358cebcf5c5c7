/* Powers of a fixed base with a secret exponent. The exponent is written in 64 digits of -8..7; of
   the table of a fixed base, which is in bytes, two digits of a window use the multiples 1..8 and
   16, 32, .. 128 of it. Each digit reads all eight and keeps one by a mask, so neither branches nor
   addresses depend on the exponent. */
#include <string.h>

#include "base/memory.h"
#include "crypto/ed25519/secret.h"

enum { DIGITS = 64, MULTIPLES = 8 };

/* The compiler must not learn that a mask is 0 or all ones: it could make a branch of it. */
static inline uint64_t hidden(uint64_t mask)
{
  __asm__("" : "+r"(mask));
  return mask;
}

/* All ones when a = b, else 0; a and b below 2^63. */
static inline uint64_t equal_mask(uint64_t a, uint64_t b)
{
  return hidden(0 - (((a ^ b) - 1) >> 63));
}

static void recode(int8_t digit[DIGITS], const uint64_t limb[4])
{
  int carry = 0;
  for (size_t i = 0; i < DIGITS; i++) {
    int value = (int)(limb[i / 16] >> (4 * (i % 16)) & 15) + carry;
    carry = (value + 8) >> 4;
    digit[i] = (int8_t)(value - carry * 16);
  }
}

/* Two limbs at a time, in a register of 16 bytes that every 64-bit machine has. Written out, since
   gcc keeps arrays of them in memory. */
typedef uint64_t pair __attribute__((vector_size(16)));

_Static_assert(sizeof(nep_affine) == 15 * 8, "the last pair shares a limb with the pair before it");

static inline pair load(const nep_affine *a, size_t limb)
{
  pair p;
  memcpy(&p, (const unsigned char *)a + 8 * limb, sizeof p);
  return p;
}

static inline void store(nep_affine *a, size_t limb, pair p)
{
  memcpy((unsigned char *)a + 8 * limb, &p, sizeof p);
}

/* size times the base of the window, 0 for the identity; multiple[k * stride] is k + 1 times it. */
static inline nep_affine pick(const nep_affine *multiple, size_t stride, uint64_t size)
{
  nep_affine r;
  uint64_t none = equal_mask(size, 0) & 1;
  pair a = {none}, b = {0}, c = {0, none}, d = {0}, e = {0}, f = {0}, g = {0}, h = {0};
  for (size_t k = 0; k < MULTIPLES; k++) {
    const nep_affine *m = &multiple[k * stride];
    uint64_t mask = equal_mask(size, k + 1);
    pair masks = {mask, mask};
    a |= load(m, 0) & masks;
    b |= load(m, 2) & masks;
    c |= load(m, 4) & masks;
    d |= load(m, 6) & masks;
    e |= load(m, 8) & masks;
    f |= load(m, 10) & masks;
    g |= load(m, 12) & masks;
    h |= load(m, 13) & masks;
  }
  store(&r, 0, a);
  store(&r, 2, b);
  store(&r, 4, c);
  store(&r, 6, d);
  store(&r, 8, e);
  store(&r, 10, f);
  store(&r, 12, g);
  store(&r, 13, h);
  return r;
}

/* The opposite point swaps y + x with y - x and negates x y; loose limbs are right for a sum. */
static inline nep_affine negate_if(nep_affine a, uint64_t negate)
{
  return (nep_affine){nep_fe_select(a.plus, a.minus, negate),
                      nep_fe_select(a.minus, a.plus, negate),
                      nep_fe_select(a.t2d, nep_fe_sub(nep_fe_small(0), a.t2d), negate)};
}

static inline nep_affine term_of(const nep_affine *multiple, size_t stride, int8_t digit)
{
  uint64_t minus = 0 - (uint64_t)((uint8_t)digit >> 7);
  uint64_t size = ((uint64_t)digit ^ minus) - minus;
  return negate_if(pick(multiple, stride, size), hidden(minus) & 1);
}

void nep_secret_table_power(nep_point *r, const nep_table *table, const uint64_t limb[4])
{
  int8_t digit[DIGITS];
  nep_affine term;
  nep_completed sum;
  nep_point run = nep_point_identity;
  recode(digit, limb);
  for (size_t i = 0; i < DIGITS; i++) {
    const nep_affine *window = table->multiple[i / 2];
    size_t step = i % 2 == 0 ? 1 : 16;
    term = term_of(window + step - 1, step, digit[i]);
    sum = nep_affine_add(&run, &term);
    run = nep_completed_point(&sum);
  }
  *r = run;
  nep_wipe(digit, sizeof digit);
  nep_wipe(&term, sizeof term);
  nep_wipe(&sum, sizeof sum);
  nep_wipe(&run, sizeof run);
}
