#include "server/service/keys.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "records/idtoken.h"

struct nep_keys {
  char *file, *address, *ca;
  pthread_mutex_t lock;
  nep_buf copy; /* of the address */
  int64_t copied_ms;
};

static char *copy_text(const char *text)
{
  return text == NULL ? NULL : nep_strdup(text);
}

static nep_status check_address(const char *address, nep_error *err)
{
  if (address == NULL || strncmp(address, "https://", 8) == 0)
    return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, "identity-keys", "jwks_address",
                  "it does not begin with https://");
}

nep_status nep_keys_new(const char *file, const char *address, const char *ca, nep_keys **out,
                        nep_error *err)
{
  nep_buf first = {0};
  char hash[65];
  *out = NULL;
  if ((file == NULL) == (address == NULL))
    return nep_fail(err, NEP_E_INPUT, "identity-keys", "jwks_file",
                    "exactly one of jwks_file and jwks_address is needed");
  nep_status st = check_address(address, err);
  if (st == NEP_OK && address != NULL && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    st = nep_fail(err, NEP_E_INTERNAL, "identity-keys", "jwks_address", "libcurl did not start");
  if (st != NEP_OK)
    return st;
  nep_keys *k = nep_alloc(1, sizeof *k);
  k->file = copy_text(file);
  k->address = copy_text(address);
  k->ca = copy_text(ca);
  pthread_mutex_init(&k->lock, NULL);
  st = nep_keys_get(k, &first, hash,
                    err); /* a provider that cannot be reached is seen at the start */
  nep_buf_free(&first);
  if (st != NEP_OK) {
    nep_keys_free(k);
    return st;
  }
  *out = k;
  return NEP_OK;
}

void nep_keys_free(nep_keys *k)
{
  if (k == NULL)
    return;
  pthread_mutex_destroy(&k->lock);
  nep_buf_free(&k->copy);
  free(k->ca);
  free(k->address);
  free(k->file);
  free(k);
}

/* The lock is held: one fetches, others wait for what it brings. */
static nep_status refresh(nep_keys *k, nep_error *err)
{
  nep_buf fetched = {0};
  int64_t age_ms = nep_clock_ms() - k->copied_ms;
  if (k->copy.len > 0 && age_ms < NEP_KEYS_FRESH_SECONDS * 1000)
    return NEP_OK;
  nep_status st = nep_keys_fetch(k->address, k->ca, NEP_JWKS_MAX, &fetched, err);
  if (st == NEP_OK) {
    nep_buf_free(&k->copy);
    k->copy = fetched;
    k->copied_ms = nep_clock_ms();
    return NEP_OK;
  }
  nep_buf_free(&fetched);
  return k->copy.len > 0 && age_ms < NEP_KEYS_STALE_SECONDS * 1000 ? NEP_OK : st;
}

static nep_status read_address(nep_keys *k, nep_buf *jwks, nep_error *err)
{
  pthread_mutex_lock(&k->lock);
  nep_status st = refresh(k, err);
  if (st == NEP_OK)
    nep_buf_add(jwks, k->copy.data, k->copy.len);
  pthread_mutex_unlock(&k->lock);
  return st;
}

nep_status nep_keys_get(nep_keys *k, nep_buf *jwks, char hash[65], nep_error *err)
{
  nep_status st = k->file != NULL ? nep_file_read(k->file, NEP_JWKS_MAX, jwks, err)
                                  : read_address(k, jwks, err);
  if (st != NEP_OK)
    return nep_fail(err, NEP_E_IO, "identity-keys", k->file != NULL ? "jwks_file" : "jwks_address",
                    "the identity provider's keys cannot be read now");
  nep_sha256_hex(jwks->data, jwks->len, hash);
  return NEP_OK;
}
