#include "bench/seeded.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"

/* Each request takes its own keystream of ChaCha20 (RFC 8439). */
typedef struct stream {
  uint8_t key[crypto_stream_chacha20_ietf_KEYBYTES];
  uint64_t requests;
  bool begun;
} stream;

static const char *seed_text;
static _Thread_local stream current;

static const char *name(void)
{
  return "seeded";
}

static void fill(void *const out, const size_t len)
{
  uint8_t nonce[crypto_stream_chacha20_ietf_NONCEBYTES] = {0};
  if (!current.begun) {
    fputs("a random number was asked for before its place was named\n", stderr);
    abort();
  }
  memcpy(nonce, &current.requests, sizeof current.requests);
  current.requests++;
  crypto_stream_chacha20_ietf(out, len, nonce, current.key);
}

static uint32_t word(void)
{
  uint32_t w;
  fill(&w, sizeof w);
  return w;
}

void nep_seeded_start(const char *seed)
{
  static randombytes_implementation seeded = {
      .implementation_name = name, .random = word, .buf = fill};
  seed_text = seed;
  (void)randombytes_set_implementation(&seeded);
}

void nep_seeded_begin(const char *purpose, uint64_t place, uint64_t number)
{
  nep_buf text = {0};
  nep_sha256 h;
  nep_buf_printf(&text, "make-event|%s|%s|%llu|%llu", seed_text, purpose, (unsigned long long)place,
                 (unsigned long long)number);
  nep_sha256_start(&h);
  nep_sha256_add(&h, text.data, text.len);
  nep_sha256_end(&h, current.key);
  nep_buf_free(&text);
  current.requests = 0;
  current.begun = true;
}
