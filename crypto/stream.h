/* Scalars drawn either from the system's generator or, for a ballot that its voter may challenge,
   from a seed, so that whoever is given the seed can draw the same ones again. */
#ifndef NEP_CRYPTO_STREAM_H
#define NEP_CRYPTO_STREAM_H

#include "crypto/group.h"

enum { NEP_STREAM_SEED = 32 };

/* Secret as its seed. Pass NULL in its place for the system's generator. */
typedef struct nep_stream {
  uint8_t key[NEP_STREAM_SEED];
  uint64_t drawn; /* scalars so far */
} nep_stream;

/* The stream's key is SHA-256(tag || 00 || seed): one seed gives unrelated streams under different
   tags. */
void nep_stream_start(nep_stream *s, const char *tag, const uint8_t seed[NEP_STREAM_SEED]);

/* Uniform in 0..q-1: q's length and 128 bits more, the n-th time from ChaCha20 (RFC 8439 keystream)
   under the stream's key with n as the nonce, reduced modulo q. */
void nep_stream_scalar(const nep_group *g, nep_stream *s, nep_scalar *out);

void nep_stream_wipe(nep_stream *s);

#endif
