/* ID tokens for the demonstration and the tests: good ones, and ones that a check must refuse. */
#ifndef NEP_TESTS_ISSUER_TOKEN_H
#define NEP_TESTS_ISSUER_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

/* A new key ("RSA" of 2048 bits or "EC" on P-256) as private JWK text and as key set {"keys":[..]}
   of its public part, both with a "kid" made from the key. */
NEP_MUST_USE nep_status nep_test_key_make(const char *type, nep_buf *private_jwk, nep_buf *jwks,
                                          nep_error *err);

/* What goes into a token. Fields that are NULL or absent are left out; times are in seconds from
   `now`. */
typedef struct nep_test_token {
  const char *algorithm; /* RS256, PS256, ES256; "none" (no signature) or "HS256" (the public key as
                            shared secret) for tests; NULL: what fits the key */
  const char *kid;       /* NULL: the key's own; "": none */
  const char *crit;      /* name of a critical extension */
  const char *issuer, *subject, *nonce, *azp;
  const char *audiences[4];
  size_t n_audiences;              /* several make a list */
  const char *claim, *claim_value; /* one more claim */
  int64_t now, expires_in, issued_in, not_before_in;
  bool has_not_before;
} nep_test_token;

/* Appends the compact token. */
NEP_MUST_USE nep_status nep_test_token_make(nep_bytes private_jwk, const nep_test_token *t,
                                            nep_buf *out, nep_error *err);

#endif
