#include "server/service/keys.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/json.h"
#include "records/idtoken.h"
#include "server/log/log.h"

struct nep_keys {
  char *file, *address, *ca;
  pthread_mutex_t lock;
  pthread_cond_t fetched;
  bool is_fetching;
  nep_buf copy; /* of the address */
  int64_t copied_ms;
  int64_t failed_ms; /* when the provider last gave no set; 0: it did */
};

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
  k->file = nep_strdup_optional(file);
  k->address = nep_strdup_optional(address);
  k->ca = nep_strdup_optional(ca);
  pthread_mutex_init(&k->lock, NULL);
  pthread_cond_init(&k->fetched, NULL);
  /* A file must be there from the start. A provider that is away must not keep anybody from
     casting: its keys are fetched when somebody signs in or registers. */
  if (file != NULL)
    st = nep_keys_get(k, &first, hash, err);
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
  pthread_cond_destroy(&k->fetched);
  pthread_mutex_destroy(&k->lock);
  nep_buf_free(&k->copy);
  free(k->ca);
  free(k->address);
  free(k->file);
  free(k);
}

/* A page that is no key set never takes the place of one. */
static nep_status check_set(nep_bytes text, nep_error *err)
{
  json_t *set = NULL;
  nep_status st = nep_json_parse(text, &set, err);
  if (st == NEP_OK && !json_is_array(json_object_get(set, "keys")))
    st = nep_fail(err, NEP_E_INPUT, "identity-keys", "jwks_address", "is no {\"keys\":[..]}");
  json_decref(set);
  return st;
}

/* Those who wait while a provider hangs do not wait for it once more each. */
static bool failed_just_now(const nep_keys *k)
{
  return k->failed_ms != 0 && nep_clock_ms() - k->failed_ms < NEP_KEYS_PAUSE_SECONDS * 1000;
}

/* The lock is held before and after, not meanwhile. */
static void fetch(nep_keys *k)
{
  nep_buf fetched = {0};
  nep_error err = {0};
  k->is_fetching = true;
  pthread_mutex_unlock(&k->lock);
  nep_status st = nep_keys_fetch(k->address, k->ca, NEP_JWKS_MAX, &fetched, &err);
  if (st == NEP_OK)
    st = check_set(nep_buf_bytes(&fetched), &err);
  pthread_mutex_lock(&k->lock);
  if (st == NEP_OK) {
    nep_buf_free(&k->copy);
    k->copy = fetched;
    k->copied_ms = nep_clock_ms();
    k->failed_ms = 0;
  } else {
    nep_buf_free(&fetched);
    k->failed_ms = nep_clock_ms();
    nep_log_error(NEP_LOG_ERROR, "identity-keys", &err);
  }
  k->is_fetching = false;
  pthread_cond_broadcast(&k->fetched);
}

static bool younger_than(const nep_keys *k, int64_t seconds)
{
  return k->copy.len > 0 && nep_clock_ms() - k->copied_ms < seconds * 1000;
}

/* The lock is held: one fetches, and whoever cannot use the copy that is there waits for what it
   brings. */
static nep_status refresh(nep_keys *k, nep_error *err)
{
  if (!younger_than(k, NEP_KEYS_FRESH_SECONDS) && !failed_just_now(k) && !k->is_fetching)
    fetch(k);
  while (k->is_fetching && !younger_than(k, NEP_KEYS_STALE_SECONDS))
    pthread_cond_wait(&k->fetched, &k->lock);
  if (younger_than(k, NEP_KEYS_STALE_SECONDS))
    return NEP_OK;
  return nep_fail(err, NEP_E_IO, "identity-keys", "jwks_address", "no key set could be fetched");
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
