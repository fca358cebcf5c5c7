#include "records/sign_in.h"

#include "base/encode.h"
#include "crypto/hash.h"
#include "records/tags.h"

void nep_sign_in_nonce(nep_bytes given, char nonce[NEP_NONCE_LENGTH + 1])
{
  nep_buf text = {0};
  uint8_t hash[32];
  nep_buf_add(&text, NEP_TAG_SIGN_IN, sizeof NEP_TAG_SIGN_IN); /* with its NUL */
  nep_buf_add(&text, given.data, given.len);
  nep_sha256_of(text.data, text.len, hash);
  nep_base64url(hash, sizeof hash, nonce);
  nep_buf_free(&text);
}
