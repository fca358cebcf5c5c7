/* Membership in the subgroup of order q, exactly. */
#ifndef NEP_CRYPTO_ED25519_MEMBER_H
#define NEP_CRYPTO_ED25519_MEMBER_H

#include "crypto/ed25519/point.h"

/* Whether [q]p is the identity, for any point of the curve. */
bool nep_point_is_member_var(const nep_point *p);

#endif
