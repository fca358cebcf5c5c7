#include "crypto/stream.h"

#include <sodium.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/group_ops.h"
#include "crypto/hash.h"

void nep_stream_start(nep_stream *s, const char *tag, const uint8_t seed[NEP_STREAM_SEED])
{
  nep_sha256 h;
  nep_sha256_start(&h);
  nep_sha256_add(&h, tag, strlen(tag) + 1); /* its NUL is the 00 that ends the tag */
  nep_sha256_add(&h, seed, NEP_STREAM_SEED);
  nep_sha256_end(&h, s->key);
  nep_wipe(&h, sizeof h);
  s->drawn = 0;
}

void nep_stream_scalar(const nep_group *g, nep_stream *s, nep_scalar *out)
{
  if (s == NULL) {
    nep_scalar_random(g, out);
    return;
  }
  uint8_t wide[NEP_LIMBS * 8 + 16];
  uint8_t nonce[crypto_stream_chacha20_ietf_NONCEBYTES] = {0};
  size_t len = g->q_limbs * 8 + 16;
  for (size_t i = 0; i < sizeof s->drawn; i++)
    nonce[i] = (uint8_t)(s->drawn >> (8 * i));
  s->drawn++;
  crypto_stream_chacha20_ietf(wide, len, nonce, s->key);
  nep_scalar_reduce(g, out, wide, len);
  nep_wipe(wide, sizeof wide);
}

void nep_stream_wipe(nep_stream *s)
{
  nep_wipe(s, sizeof *s);
}
