/* Powers with secret exponents, constant time: of any base by libsodium, of a fixed base from its
   table. */
#ifndef NEP_CRYPTO_ED25519_SECRET_H
#define NEP_CRYPTO_ED25519_SECRET_H

#include "crypto/ed25519/table.h"

void nep_secret_exp(const nep_group *g, nep_element *r, const nep_element *base,
                    const nep_scalar *s);

/* *r = limb * base for a secret number below 2^254. */
void nep_secret_table_power(nep_point *r, const nep_table *table, const uint64_t limb[4]);

#endif
