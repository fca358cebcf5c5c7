/* Powers with secret exponents: libsodium, constant time. */
#ifndef NEP_CRYPTO_ED25519_SECRET_H
#define NEP_CRYPTO_ED25519_SECRET_H

#include "crypto/group.h"

void nep_secret_exp(const nep_group *g, nep_element *r, const nep_element *base,
                    const nep_scalar *s);
void nep_secret_exp_g(const nep_group *g, nep_element *r, const nep_scalar *s);

#endif
