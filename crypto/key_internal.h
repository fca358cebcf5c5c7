/* What the proofs of this folder see of an election key. */
#ifndef NEP_CRYPTO_KEY_INTERNAL_H
#define NEP_CRYPTO_KEY_INTERNAL_H

#include "crypto/proof.h"

struct nep_key {
  const nep_group *group;
  nep_base *y;
};

#endif
