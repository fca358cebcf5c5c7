/* Integers written with few nonzero signed digits, for fast powers of public data. */
#ifndef NEP_CRYPTO_ED25519_RECODE_H
#define NEP_CRYPTO_ED25519_RECODE_H

#include <stddef.h>
#include <stdint.h>

/* A nonzero digit: digit * 2^place. */
typedef struct nep_naf_term {
  uint16_t place;
  int8_t digit;
} nep_naf_term;

enum { NEP_NAF_TERMS_MAX = 129 }; /* of 4 limbs in any width */

/* Width-w non-adjacent form of at most 4 limbs, 2 <= width <= 7: value = sum of the terms, every
   digit odd with |digit| < 2^(width-1), places ascending and at least w apart. Returns how many. */
size_t nep_recode_terms_var(nep_naf_term *term, const uint64_t *limb, size_t limbs, unsigned width);

/* The same with a digit for each of the 64*limbs + 1 places, 0 where there is no term; returns one
   more than the place of the last term (0 for the value 0). */
size_t nep_recode_naf_var(int8_t *digit, const uint64_t *limb, size_t limbs, unsigned width);

/* 32 digits in -128..127 with value = sum of digit[i] 256^i, for a value below 2^254. */
void nep_recode_bytes_var(int16_t digit[32], const uint64_t limb[4]);

/* 51 digits in -16..15, the last up to 16, with value = sum of digit[i] 32^i, for a value below
   2^254. */
void nep_recode_fives_var(int8_t digit[51], const uint64_t limb[4]);

#endif
