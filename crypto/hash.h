/* SHA-256 and the hashes into scalars of protocol.md §3. */
#ifndef NEP_CRYPTO_HASH_H
#define NEP_CRYPTO_HASH_H

#include <openssl/sha.h>

#include "crypto/group.h"

/* Copied by assignment; nothing to free. */
typedef struct nep_sha256 {
  SHA256_CTX state;
} nep_sha256;

void nep_sha256_start(nep_sha256 *h);
void nep_sha256_add(nep_sha256 *h, const void *data, size_t len);
void nep_sha256_end(nep_sha256 *h, uint8_t out[32]);
void nep_sha256_of(const void *data, size_t len, uint8_t out[32]);
/* 64 lower-case hex digits and a NUL. */
void nep_sha256_hex(const void *data, size_t len, char out[65]);

/* RFC 9380 §5.3.1 expand_message_xmd with SHA-256; dst_len <= 255, len <= 8160. */
void nep_expand_message(nep_bytes dst, nep_bytes msg, uint8_t *out, size_t len);

/* How many scalars one hash gives: 170, in RFC-3526-2048 30. */
size_t nep_hash_to_field_max(const nep_group *g);
/* protocol.md §3 HashToField: the tag gets "-SHA256" appended. n scalars into out, at most as many
   as one hash gives. */
void nep_hash_to_field(const nep_group *g, const char *tag, nep_bytes msg, size_t n,
                       nep_scalar *out);
/* The exception of the threshold polynomial: the tag as it is. */
void nep_hash_to_field_raw(const nep_group *g, const char *tag, nep_bytes msg, size_t n,
                           nep_scalar *out);

/* HashGroup(tag, message, elements), fed piece by piece. */
typedef struct nep_challenge {
  nep_sha256 hash;
  const nep_group *group;
  char dst[128];
  size_t dst_len;
  size_t elements; /* so far: they are joined by commas */
} nep_challenge;
void nep_challenge_start(nep_challenge *c, const nep_group *g, const char *tag);
void nep_challenge_text(nep_challenge *c, nep_bytes text); /* part of the message m */
void nep_challenge_elements(nep_challenge *c, const nep_element *e, size_t n);
/* An element by its text. */
void nep_challenge_element_text(nep_challenge *c, nep_bytes text);
void nep_challenge_end(nep_challenge *c, nep_scalar *out);

#endif
