/* Decimal text of integers held in little-endian 64-bit limbs, for scalars and residues. */
#ifndef NEP_CRYPTO_DECIMAL_H
#define NEP_CRYPTO_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum { NEP_DECIMAL_LIMBS = 32, NEP_DECIMAL_DIGITS = 621 }; /* largest integer handled */

/* Writes the text of an integer of n <= NEP_DECIMAL_LIMBS limbs that has at most `digits` <=
   NEP_DECIMAL_DIGITS decimal digits, without leading zeros ("0" for zero), and a NUL; returns the
   length. `out` has room for digits + 1. Takes no branch on the value except on the length. */
size_t nep_decimal_text(const uint64_t *limb, size_t n, size_t digits, char *out);

/* Reads canonical decimal text (digits only, no leading zero, not empty) of an integer below
   `bound` into n limbs. False when the text is anything else. Only that verdict depends on the
   digits. */
NEP_MUST_USE bool nep_decimal_parse(const char *text, size_t len, const uint64_t *bound, size_t n,
                                    uint64_t *limb);

#endif
