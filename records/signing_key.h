/* Inside records/ only: what a signing key is made of. */
#ifndef NEP_RECORDS_SIGNING_KEY_H
#define NEP_RECORDS_SIGNING_KEY_H

#include <sodium.h>

#include "records/signed.h"

struct nep_signing_key {
  uint8_t secret[crypto_sign_ed25519_SECRETKEYBYTES];
  uint8_t public[crypto_sign_ed25519_PUBLICKEYBYTES];
};

#endif
