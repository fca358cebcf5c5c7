/* SHA-256 is libcrypto's, which uses the processor's instructions for it (libsodium's takes eight
   times as long). Its functions without a context on the heap are called directly: a proof hashes
   some hundred bytes. OpenSSL 3 has them as part of its older interface. */
#define OPENSSL_API_COMPAT 10101

#include "crypto/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/group_ops.h"

enum { HASH_BYTES = 32, HASH_BLOCK = 64, EXPAND_MAX = 255 * HASH_BYTES, DST_MAX = 255 };

/* Elements whose texts are made together: they share one inversion on the curve. */
enum { TEXTS_AT_ONCE = 32 };

void nep_sha256_start(nep_sha256 *h)
{
  SHA256_Init(&h->state);
}

void nep_sha256_add(nep_sha256 *h, const void *data, size_t len)
{
  SHA256_Update(&h->state, data, len);
}

/* What was hashed may have been secret. */
void nep_sha256_end(nep_sha256 *h, uint8_t out[32])
{
  SHA256_Final(out, &h->state);
  nep_wipe(h, sizeof *h);
}

void nep_sha256_of(const void *data, size_t len, uint8_t out[32])
{
  nep_sha256 h; /* SHA256() looks the algorithm up each time */
  nep_sha256_start(&h);
  nep_sha256_add(&h, data, len);
  nep_sha256_end(&h, out);
}

void nep_sha256_hex(const void *data, size_t len, char out[65])
{
  uint8_t hash[HASH_BYTES];
  nep_sha256_of(data, len, hash);
  nep_hex(hash, sizeof hash, out);
}

/* Lengths here come from our own constants and from numbers bounded on reading: a violation is a
   fault of the program, and a hash that is silently another one would be worse than stopping. */
static void require(bool holds, const char *what)
{
  if (holds)
    return;
  fprintf(stderr, "hash: %s\n", what);
  abort();
}

/* RFC 9380 §5.3.1 steps 1-5: the hash is ready for the message. */
static void expand_start(nep_sha256 *h)
{
  static const uint8_t z_pad[HASH_BLOCK];
  nep_sha256_start(h);
  nep_sha256_add(h, z_pad, sizeof z_pad);
}

/* DST_prime = DST || one length byte. */
static void add_dst_prime(nep_sha256 *h, nep_bytes dst)
{
  uint8_t dst_len = (uint8_t)dst.len;
  nep_sha256_add(h, dst.data, dst.len);
  nep_sha256_add(h, &dst_len, 1);
}

/* RFC 9380 §5.3.1 steps 6-12: the message is in, b_0 and the output blocks follow. */
static void expand_end(nep_sha256 *h, nep_bytes dst, uint8_t *out, size_t len)
{
  require(len <= EXPAND_MAX, "more output wanted than RFC 9380 allows");
  require(dst.len <= DST_MAX, "tag longer than 255 bytes");
  const uint8_t len_and_zero[3] = {(uint8_t)(len >> 8), (uint8_t)len, 0};
  uint8_t b0[HASH_BYTES], bi[HASH_BYTES] = {0};
  nep_sha256_add(h, len_and_zero, sizeof len_and_zero);
  add_dst_prime(h, dst);
  nep_sha256_end(h, b0);
  for (unsigned i = 1; len > 0; i++) {
    uint8_t index = (uint8_t)i;
    for (size_t k = 0; k < HASH_BYTES; k++)
      bi[k] ^= b0[k];
    nep_sha256_start(h);
    nep_sha256_add(h, bi, sizeof bi);
    nep_sha256_add(h, &index, 1);
    add_dst_prime(h, dst);
    nep_sha256_end(h, bi);
    size_t part = len < HASH_BYTES ? len : HASH_BYTES;
    memcpy(out, bi, part);
    out += part;
    len -= part;
  }
  nep_wipe(b0, sizeof b0);
  nep_wipe(bi, sizeof bi);
}

void nep_expand_message(nep_bytes dst, nep_bytes msg, uint8_t *out, size_t len)
{
  nep_sha256 h;
  expand_start(&h);
  nep_sha256_add(&h, msg.data, msg.len);
  expand_end(&h, dst, out, len);
}

/* protocol.md §3: L = ceil((ceil(log2 q) + 128) / 8). q is no power of two. */
static size_t bytes_per_scalar(const nep_group *g)
{
  size_t bits = g->q_limbs * 64 - (size_t)__builtin_clzll(g->q[g->q_limbs - 1]);
  return (bits + 128 + 7) / 8;
}

size_t nep_hash_to_field_max(const nep_group *g)
{
  return EXPAND_MAX / bytes_per_scalar(g);
}

/* RFC 9380 §5.2 with extension degree 1: the message is in, n scalars of L bytes each follow. */
static void field_end(nep_sha256 *h, const nep_group *g, nep_bytes dst, size_t n, nep_scalar *out)
{
  uint8_t uniform[EXPAND_MAX];
  size_t size = bytes_per_scalar(g);
  require(n <= nep_hash_to_field_max(g), "more scalars wanted than one hash gives");
  expand_end(h, dst, uniform, n * size);
  for (size_t i = 0; i < n; i++)
    nep_scalar_reduce(g, &out[i], uniform + i * size, size);
  nep_wipe(uniform, n * size);
}

void nep_hash_to_field_raw(const nep_group *g, const char *tag, nep_bytes msg, size_t n,
                           nep_scalar *out)
{
  nep_sha256 h;
  expand_start(&h);
  nep_sha256_add(&h, msg.data, msg.len);
  field_end(&h, g, nep_str_bytes(tag), n, out);
}

void nep_hash_to_field(const nep_group *g, const char *tag, nep_bytes msg, size_t n,
                       nep_scalar *out)
{
  char dst[DST_MAX + 1];
  int len = snprintf(dst, sizeof dst, "%s-SHA256", tag);
  require(len > 0 && (size_t)len < sizeof dst, "tag too long");
  nep_hash_to_field_raw(g, dst, msg, n, out);
}

void nep_challenge_start(nep_challenge *c, const nep_group *g, const char *tag)
{
  /* protocol.md §3: the complete tag is d || "-group_hash-" || group name || "-SHA256". */
  int len = snprintf(c->dst, sizeof c->dst, "%s-group_hash-%s-SHA256", tag, nep_group_name(g));
  require(len > 0 && (size_t)len < sizeof c->dst, "tag too long");
  c->dst_len = (size_t)len;
  c->group = g;
  c->elements = 0;
  expand_start(&c->hash);
}

void nep_challenge_text(nep_challenge *c, nep_bytes text)
{
  require(c->elements == 0, "message text after the first element");
  nep_sha256_add(&c->hash, text.data, text.len);
}

void nep_challenge_element_text(nep_challenge *c, nep_bytes text)
{
  if (c->elements++ > 0)
    nep_sha256_add(&c->hash, ",", 1);
  nep_sha256_add(&c->hash, text.data, text.len);
}

/* Of an element that may be secret still. */
static size_t text_length(const nep_group *g, const char *text)
{
  return g->one_length ? g->element_chars : strlen(text);
}

void nep_challenge_elements(nep_challenge *c, const nep_element *e, size_t n)
{
  char texts[TEXTS_AT_ONCE][NEP_ELEMENT_TEXT_MAX];
  while (n > 0) {
    size_t part = n < TEXTS_AT_ONCE ? n : TEXTS_AT_ONCE;
    nep_element_text_many(c->group, e, part, texts);
    for (size_t i = 0; i < part; i++)
      nep_challenge_element_text(c, (nep_bytes){texts[i], text_length(c->group, texts[i])});
    e += part;
    n -= part;
  }
}

void nep_challenge_end(nep_challenge *c, nep_scalar *out)
{
  field_end(&c->hash, c->group, (nep_bytes){c->dst, c->dst_len}, 1, out);
}
