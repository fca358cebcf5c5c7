#include "crypto/decimal.h"

#include <string.h>

#include "base/memory.h"

enum { CHUNK_DIGITS = 9 };
static const uint64_t CHUNK = 1000000000; /* 10^9 < 2^30: quotients stay inside 32-bit halves */

/* value /= 10^9 and returns the remainder. Division by a constant compiles to a multiplication, so
   its time does not depend on the operands, which a division instruction's may. */
static uint32_t divide_chunk(uint32_t *half, size_t halves)
{
  uint64_t rem = 0;
  for (size_t i = halves; i-- > 0;) {
    uint64_t cur = rem << 32 | half[i];
    half[i] = (uint32_t)(cur / CHUNK);
    rem = cur % CHUNK;
  }
  return (uint32_t)rem;
}

static void put_digits(uint32_t value, char *end, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    end[-1 - (ptrdiff_t)i] = (char)('0' + value % 10);
    value /= 10;
  }
}

/* Zeros before the first other digit, the last digit not counted: all digits are read. */
static size_t leading_zeros(const char *text, size_t digits)
{
  uint32_t seen = 0;
  size_t zeros = 0;
  for (size_t i = 0; i + 1 < digits; i++) {
    uint32_t d = (uint32_t)(text[i] - '0');
    seen |= (d + 15) >> 4;
    zeros += 1 - seen;
  }
  return zeros;
}

size_t nep_decimal_text(const uint64_t *limb, size_t n, size_t digits, char *out)
{
  uint32_t half[2 * NEP_DECIMAL_LIMBS];
  for (size_t i = 0; i < n; i++) {
    half[2 * i] = (uint32_t)limb[i];
    half[2 * i + 1] = (uint32_t)(limb[i] >> 32);
  }
  char text[NEP_DECIMAL_DIGITS];
  for (size_t left = digits; left > 0;) {
    size_t count = left < CHUNK_DIGITS ? left : CHUNK_DIGITS;
    put_digits(divide_chunk(half, 2 * n), text + left, count);
    left -= count;
  }
  size_t zeros = leading_zeros(text, digits);
  memcpy(out, text + zeros, digits - zeros);
  out[digits - zeros] = 0;
  nep_wipe(half, sizeof half);
  nep_wipe(text, sizeof text);
  return digits - zeros;
}

/* value = value * mul + add; returns what does not fit. */
static uint64_t multiply_add(uint64_t *limb, size_t n, uint64_t mul, uint64_t add)
{
  uint64_t carry = add;
  for (size_t i = 0; i < n; i++) {
    unsigned __int128 t = (unsigned __int128)limb[i] * mul + carry;
    limb[i] = (uint64_t)t;
    carry = (uint64_t)(t >> 64);
  }
  return carry;
}

static uint64_t is_below(const uint64_t *a, const uint64_t *bound, size_t n)
{
  uint64_t borrow = 0;
  for (size_t i = 0; i < n; i++) {
    unsigned __int128 t = (unsigned __int128)a[i] - bound[i] - borrow;
    borrow = (uint64_t)(t >> 64) & 1;
  }
  return borrow;
}

bool nep_decimal_parse(const char *text, size_t len, const uint64_t *bound, size_t n,
                       uint64_t *limb)
{
  if (len == 0 || len > NEP_DECIMAL_DIGITS || (len > 1 && text[0] == '0'))
    return false;
  uint64_t bad = 0;
  memset(limb, 0, n * sizeof *limb);
  for (size_t at = 0; at < len;) {
    size_t count = (len - at) % CHUNK_DIGITS;
    if (count == 0)
      count = CHUNK_DIGITS;
    uint64_t chunk = 0;
    for (size_t i = 0; i < count; i++) {
      uint32_t d = (uint32_t)(unsigned char)text[at + i] - '0';
      bad |= (uint64_t)(9 - (uint64_t)d) >> 63;
      chunk = chunk * 10 + (d & 15);
    }
    bad |= multiply_add(limb, n, CHUNK, chunk);
    at += count;
  }
  return (bad | (is_below(limb, bound, n) ^ 1)) == 0;
}
