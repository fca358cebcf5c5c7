#include "crypto/ed25519/recode.h"

#include <string.h>

/* `width` bits from bit `at` on; 0 beyond the end. */
static unsigned bits_at(const uint64_t *limb, size_t limbs, size_t at, unsigned width)
{
  size_t word = at / 64;
  unsigned shift = (unsigned)(at % 64);
  if (word >= limbs)
    return 0;
  uint64_t bits = limb[word] >> shift;
  if (shift + width > 64 && word + 1 < limbs)
    bits |= limb[word + 1] << (64 - shift);
  return (unsigned)(bits & ((UINT64_C(1) << width) - 1));
}

size_t nep_recode_naf_var(int8_t *digit, const uint64_t *limb, size_t limbs, unsigned width)
{
  size_t places = 64 * limbs + 1;
  memset(digit, 0, places);
  size_t used = 0;
  unsigned carry = 0;
  for (size_t at = 0; at < places;) {
    if (bits_at(limb, limbs, at, 1) == carry) {
      at++;
      continue;
    }
    int window = (int)(bits_at(limb, limbs, at, width) + carry);
    carry = (unsigned)window >> (width - 1);
    digit[at] = (int8_t)(window - (int)(carry << width));
    used = at + 1;
    at += width;
  }
  return used;
}

void nep_recode_bytes_var(int16_t digit[32], const uint64_t limb[4])
{
  int carry = 0;
  for (size_t i = 0; i < 32; i++) {
    int value = (int)(limb[i / 8] >> (8 * (i % 8)) & 255) + carry;
    carry = value >= 128;
    digit[i] = (int16_t)(value - (carry << 8));
  }
}

void nep_recode_nibbles_var(int8_t digit[64], const uint64_t limb[4])
{
  int carry = 0;
  for (size_t i = 0; i < 64; i++) {
    int value = (int)(limb[i / 16] >> (4 * (i % 16)) & 15) + carry;
    carry = value >= 8;
    digit[i] = (int8_t)(value - (carry << 4));
  }
}
