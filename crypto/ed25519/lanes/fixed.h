/* Powers of fixed bases, eight at a time, from the tables of crypto/ed25519/table.h. */
#ifndef NEP_CRYPTO_ED25519_LANES_FIXED_H
#define NEP_CRYPTO_ED25519_LANES_FIXED_H

#include "crypto/ed25519/lanes/point.h"
#include "crypto/ed25519/table.h"

/* Lane l: p + limb[l] * (base of table[l]), for values below 2^254. */
void nep_table8_add_var(nep_point8 *p, const nep_table *const table[NEP_LANES],
                        const uint64_t *const limb[NEP_LANES]);

#endif
