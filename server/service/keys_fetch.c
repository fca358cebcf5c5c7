#include <curl/curl.h>

#include "server/service/keys.h"

typedef struct body {
  nep_buf *out;
  size_t max;
} body;

/* Fewer bytes taken than offered end the exchange. */
static size_t take(char *data, size_t size, size_t n, void *ctx)
{
  body *b = ctx;
  if (b->out->len + size * n > b->max)
    return 0;
  nep_buf_add(b->out, data, size * n);
  return size * n;
}

static void set_options(CURL *curl, const char *address, const char *ca, body *b)
{
  curl_easy_setopt(curl, CURLOPT_URL, address);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (ca != NULL)
    curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)NEP_KEYS_FETCH_SECONDS);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, b);
}

nep_status nep_keys_fetch(const char *address, const char *ca, size_t max, nep_buf *out,
                          nep_error *err)
{
  body b = {out, max};
  long status = 0;
  CURL *curl = curl_easy_init();
  if (curl == NULL)
    return nep_fail(err, NEP_E_INTERNAL, "identity-keys", "jwks_address", "libcurl did not start");
  set_options(curl, address, ca, &b);
  CURLcode code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup(curl);
  if (code != CURLE_OK)
    return nep_fail(err, NEP_E_IO, "identity-keys", "jwks_address", "%s", curl_easy_strerror(code));
  if (status != 200 || out->len == 0)
    return nep_fail(err, NEP_E_IO, "identity-keys", "jwks_address",
                    "the provider answered %ld with %zu bytes", status, out->len);
  return NEP_OK;
}
