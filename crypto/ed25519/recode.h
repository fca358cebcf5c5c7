/* Integers written with few nonzero signed digits, for fast powers of public data. */
#ifndef NEP_CRYPTO_ED25519_RECODE_H
#define NEP_CRYPTO_ED25519_RECODE_H

#include <stddef.h>
#include <stdint.h>

/* Width-w non-adjacent form of `limbs` limbs, 2 <= width <= 7: value = sum of digit[i] 2^i, every
   digit 0 or odd with |digit| < 2^(width-1). Fills all 64*limbs + 1 digits; returns one more than
   the place of the highest nonzero one (0 for the value 0). */
size_t nep_recode_naf_var(int8_t *digit, const uint64_t *limb, size_t limbs, unsigned width);

/* 32 digits in -128..127 with value = sum of digit[i] 256^i, for a value below 2^254. */
void nep_recode_bytes_var(int16_t digit[32], const uint64_t limb[4]);

/* 64 digits in -8..7 with value = sum of digit[i] 16^i, for a value below 2^254. */
void nep_recode_nibbles_var(int8_t digit[64], const uint64_t limb[4]);

#endif
