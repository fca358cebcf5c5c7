/* Sealed boxes: ElGamal encapsulation of a random group element, AES-256-GCM under its hash. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/keys.h"

enum { KEY_BYTES = 32, IV_BYTES = 32, TAG_BYTES = 16, PLAINTEXT_MAX = 1 << 20 };

typedef struct box_key {
  uint8_t key[KEY_BYTES];
  uint8_t iv[IV_BYTES];
} box_key;

/* OpenSSL refuses these fixed parameters only when it is broken or out of memory. */
static void must(bool holds)
{
  if (holds)
    return;
  fputs("libcrypto refuses AES-256-GCM\n", stderr);
  abort();
}

/* SHA256(D || use || text(e)); the element may be secret. */
static void hash_element(const nep_group *g, const char *tag, const char *use, const nep_element *e,
                         uint8_t out[32])
{
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_sha256 h;
  nep_sha256_start(&h);
  nep_sha256_add(&h, tag, strlen(tag));
  nep_sha256_add(&h, use, strlen(use));
  nep_sha256_add(&h, text, nep_element_text(g, e, text));
  nep_sha256_end(&h, out);
  nep_wipe(text, sizeof text);
}

/* protocol.md §6 step 2: key = SHA256(D || "-key|" || text(g^s)), iv = SHA256(D || "-iv|" ||
 * text(alpha)). */
static void derive(const nep_group *g, const char *tag, const nep_element *shared,
                   const nep_element *alpha, box_key *k)
{
  hash_element(g, tag, "-key|", shared, k->key);
  hash_element(g, tag, "-iv|", alpha, k->iv);
}

/* All 32 bytes are the IV: GCM derives its first counter from it by GHASH. */
static EVP_CIPHER_CTX *cipher_new(const box_key *k, int encrypt)
{
  EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
  must(ctx != NULL);
  must(EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, NULL, NULL, encrypt) == 1);
  must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_IVLEN, IV_BYTES, NULL) == 1);
  must(EVP_CipherInit_ex(ctx, NULL, NULL, k->key, k->iv, encrypt) == 1);
  return ctx;
}

static void gcm_encrypt(const box_key *k, nep_bytes plaintext, nep_buf *out)
{
  int part = 0, rest = 0;
  EVP_CIPHER_CTX *ctx = cipher_new(k, 1);
  uint8_t *data = (uint8_t *)nep_buf_room(out, plaintext.len + TAG_BYTES);
  must(EVP_CipherUpdate(ctx, data, &part, (const uint8_t *)plaintext.data, (int)plaintext.len) ==
       1);
  must(EVP_CipherFinal_ex(ctx, data + part, &rest) == 1);
  must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, data + part + rest) == 1);
  out->len += plaintext.len + TAG_BYTES;
  EVP_CIPHER_CTX_free(ctx);
}

/* data is `len` bytes of ciphertext and the tag; `out` has room for len bytes, to be used only when
   the answer is true. */
static bool gcm_decrypt(const box_key *k, const uint8_t *data, size_t len, uint8_t *out)
{
  uint8_t tag[TAG_BYTES];
  int part = 0, rest = 0;
  memcpy(tag, data + len, sizeof tag);
  EVP_CIPHER_CTX *ctx = cipher_new(k, 0);
  must(EVP_CipherUpdate(ctx, out, &part, data, (int)len) == 1);
  must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag) == 1);
  bool fits = EVP_CipherFinal_ex(ctx, out + part, &rest) == 1;
  EVP_CIPHER_CTX_free(ctx);
  return fits;
}

void nep_seal(const nep_group *g, const char *tag, const nep_element *encryption_key,
              nep_bytes plaintext, nep_sealed *out)
{
  nep_scalar r, s;
  nep_element shared;
  box_key k;
  must(plaintext.len <= PLAINTEXT_MAX);
  nep_scalar_random(g, &r);
  nep_scalar_random(g, &s);
  nep_element_exp_g(g, &out->alpha, &r);
  nep_element_exp_g(g, &shared, &s);
  nep_element_exp(g, &out->beta, encryption_key, &r);
  nep_element_mul(g, &out->beta, &out->beta, &shared);
  derive(g, tag, &shared, &out->alpha, &k);
  out->data = (nep_buf){0};
  gcm_encrypt(&k, plaintext, &out->data);
  nep_wipe(&k, sizeof k);
  nep_wipe(&shared, sizeof shared);
  nep_scalar_wipe(&r);
  nep_scalar_wipe(&s);
}

/* g^s = beta / alpha^dk */
static void open_shared(const nep_group *g, const nep_scalar *dk, const nep_sealed *sealed,
                        nep_element *shared)
{
  nep_element mask;
  nep_element_exp(g, &mask, &sealed->alpha, dk);
  nep_element_div(g, shared, &sealed->beta, &mask);
  nep_wipe(&mask, sizeof mask);
}

nep_status nep_unseal_shared(const nep_group *g, const char *tag, const nep_element *shared,
                             const nep_sealed *sealed, nep_buf *plaintext, nep_error *err)
{
  if (sealed->data.len < TAG_BYTES || sealed->data.len > PLAINTEXT_MAX + TAG_BYTES)
    return nep_fail(err, NEP_E_CHECK, "channel", "data",
                    "%zu bytes cannot be a sealed message (16 to %d)", sealed->data.len,
                    PLAINTEXT_MAX + TAG_BYTES);
  size_t len = sealed->data.len - TAG_BYTES;
  uint8_t *opened = nep_secret_alloc(len);
  box_key k;
  derive(g, tag, shared, &sealed->alpha, &k);
  bool fits = gcm_decrypt(&k, (const uint8_t *)sealed->data.data, len, opened);
  if (fits)
    nep_buf_secret_add(plaintext, opened, len);
  nep_wipe(&k, sizeof k);
  nep_secret_free(opened);
  if (fits)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_CHECK, "channel", NULL,
                 "the sealed message does not open with this key");
  return nep_advise(err, "check that the message is meant for this trustee and was not altered");
}

nep_status nep_unseal(const nep_group *g, const char *tag, const nep_scalar *dk,
                      const nep_sealed *sealed, nep_buf *plaintext, nep_error *err)
{
  nep_element shared;
  open_shared(g, dk, sealed, &shared);
  nep_status status = nep_unseal_shared(g, tag, &shared, sealed, plaintext, err);
  nep_wipe(&shared, sizeof shared);
  return status;
}

void nep_sealed_free(nep_sealed *s)
{
  if (s)
    nep_buf_free(&s->data);
}
