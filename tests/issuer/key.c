#include <cjose/cjose.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "tests/issuer/token.h"

enum { KID_LENGTH = 16 };

static cjose_jwk_t *new_key(const char *type, cjose_err *why)
{
  static const uint8_t exponent[] = {1, 0, 1};
  if (strcmp(type, "RSA") == 0)
    return cjose_jwk_create_RSA_random(2048, exponent, sizeof exponent, why);
  if (strcmp(type, "EC") == 0)
    return cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, why);
  return NULL;
}

/* The public text's hash names the key. cjose counts the NUL as part of the name it is given. */
static void name_key(cjose_jwk_t *key, cjose_err *why)
{
  char *public = cjose_jwk_to_json(key, false, why);
  uint8_t hash[32];
  char kid[44];
  crypto_hash_sha256(hash, (const uint8_t *)public, strlen(public));
  nep_base64url(hash, sizeof hash, kid);
  kid[KID_LENGTH] = '\0';
  cjose_jwk_set_kid(key, kid, KID_LENGTH + 1, why);
  free(public);
}

nep_status nep_test_key_make(const char *type, nep_buf *private_jwk, nep_buf *jwks, nep_error *err)
{
  cjose_err why;
  cjose_jwk_t *key = new_key(type, &why);
  if (key == NULL)
    return nep_fail(err, NEP_E_INPUT, "issuer-key", "type", "cannot make a key of type \"%s\"",
                    type);
  name_key(key, &why);
  char *public = cjose_jwk_to_json(key, false, &why);
  char *private = cjose_jwk_to_json(key, true, &why);
  nep_buf_secret_add(private_jwk, private, strlen(private));
  nep_buf_printf(jwks, "{\"keys\":[%s]}", public);
  nep_free_string(private);
  free(public);
  cjose_jwk_release(key);
  return NEP_OK;
}
