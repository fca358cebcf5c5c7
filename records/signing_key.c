#include "records/signing_key.h"

#include <sodium.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"

#define FILE_LABEL "nep-signing-key-1 "
enum { SEED_TEXT = 43 /* base64 of 32 bytes */, FILE_MAX = 128 };

static nep_signing_key *from_seed(const uint8_t seed[crypto_sign_ed25519_SEEDBYTES])
{
  nep_signing_key *k = nep_secret_alloc(sizeof *k);
  crypto_sign_ed25519_seed_keypair(k->public, k->secret, seed);
  return k;
}

nep_signing_key *nep_signing_key_new(void)
{
  nep_signing_key *k = nep_secret_alloc(sizeof *k);
  crypto_sign_ed25519_keypair(k->public, k->secret);
  return k;
}

void nep_signing_key_free(nep_signing_key *k)
{
  nep_secret_free(k);
}

void nep_signing_key_public(const nep_signing_key *k, char hex[NEP_PUBLIC_KEY_HEX + 1])
{
  nep_hex(k->public, sizeof k->public, hex);
}

nep_status nep_signing_key_save(const nep_signing_key *k, const char *path, nep_error *err)
{
  uint8_t seed[crypto_sign_ed25519_SEEDBYTES];
  char text[SEED_TEXT + 1];
  nep_buf file = {0};
  crypto_sign_ed25519_sk_to_seed(seed, k->secret);
  nep_base64(seed, sizeof seed, text);
  nep_buf_secret_add(&file, FILE_LABEL, strlen(FILE_LABEL));
  nep_buf_secret_add(&file, text, SEED_TEXT);
  nep_buf_secret_add(&file, "\n", 1);
  nep_status status = nep_file_create(path, file.data, file.len, NEP_FILE_SECRET, err);
  nep_buf_wipe(&file);
  nep_wipe(text, sizeof text);
  nep_wipe(seed, sizeof seed);
  return status;
}

static bool read_seed(const nep_buf *file, uint8_t seed[crypto_sign_ed25519_SEEDBYTES])
{
  size_t label = strlen(FILE_LABEL), len = 0;
  return file->len == label + SEED_TEXT + 1 && memcmp(file->data, FILE_LABEL, label) == 0 &&
         file->data[file->len - 1] == '\n' &&
         nep_unbase64(file->data + label, SEED_TEXT, seed, crypto_sign_ed25519_SEEDBYTES, &len) &&
         len == crypto_sign_ed25519_SEEDBYTES;
}

nep_status nep_signing_key_load(const char *path, nep_signing_key **out, nep_error *err)
{
  uint8_t seed[crypto_sign_ed25519_SEEDBYTES];
  nep_buf file = {0};
  *out = NULL;
  nep_status status = nep_file_read_secret(path, FILE_MAX, &file, err);
  if (status == NEP_OK && read_seed(&file, seed))
    *out = from_seed(seed);
  else if (status == NEP_OK) {
    status = nep_fail(err, NEP_E_INPUT, "signing-key", path,
                      "is not a signing key (\"" FILE_LABEL "\" and 43 characters of base64)");
    nep_advise(err, "make a key with the command keygen");
  }
  nep_wipe(seed, sizeof seed);
  nep_buf_wipe(&file);
  return status;
}
