#include "crypto/ed25519/recode.h"

#include <string.h>

/* Up to 64 bits from bit `at` on, 0 beyond the end. */
static uint64_t word_at(const uint64_t *limb, size_t limbs, size_t at)
{
  size_t word = at / 64;
  unsigned shift = (unsigned)(at % 64);
  if (word >= limbs)
    return 0;
  uint64_t bits = limb[word] >> shift;
  if (shift > 0 && word + 1 < limbs)
    bits |= limb[word + 1] << (64 - shift);
  return bits;
}

size_t nep_recode_terms_var(nep_naf_term *term, const uint64_t *limb, size_t limbs, unsigned width)
{
  size_t places = 64 * limbs + 1, n = 0;
  unsigned carry = 0;
  for (size_t at = 0; at < places;) {
    uint64_t bits = word_at(limb, limbs, at);
    uint64_t differs = carry ? ~bits : bits; /* where a bit is not the carry */
    if (differs == 0) {
      at += 64;
      continue;
    }
    unsigned skip = (unsigned)__builtin_ctzll(differs);
    if (skip > 0) {
      at += skip;
      continue;
    }
    int window = (int)((bits & ((UINT64_C(1) << width) - 1)) + carry);
    carry = (unsigned)window >> (width - 1);
    term[n++] = (nep_naf_term){(uint16_t)at, (int8_t)(window - (int)(carry << width))};
    at += width;
  }
  return n;
}

size_t nep_recode_naf_var(int8_t *digit, const uint64_t *limb, size_t limbs, unsigned width)
{
  nep_naf_term term[NEP_NAF_TERMS_MAX];
  size_t n = nep_recode_terms_var(term, limb, limbs, width);
  memset(digit, 0, 64 * limbs + 1);
  for (size_t i = 0; i < n; i++)
    digit[term[i].place] = term[i].digit;
  return n > 0 ? term[n - 1].place + 1U : 0;
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

void nep_recode_fives_var(int8_t digit[51], const uint64_t limb[4])
{
  int carry = 0;
  for (size_t i = 0; i < 51; i++) {
    size_t word = 5 * i / 64, shift = 5 * i % 64;
    uint64_t bits = limb[word] >> shift;
    if (shift > 64 - 5)
      bits |= limb[word + 1] << (64 - shift); /* the last digit's five bits end before 2^255 */
    int value = (int)(bits & 31) + carry;
    carry = i < 50 && value >= 16;
    digit[i] = (int8_t)(value - (carry << 5));
  }
}
