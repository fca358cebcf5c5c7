/* Inside client-cli/ only: what http.c and http_download.c share. */
#ifndef NEP_CLIENT_HTTP_DOWNLOAD_H
#define NEP_CLIENT_HTTP_DOWNLOAD_H

#include <curl/curl.h>

#include "client-cli/http.h"

struct nep_http {
  CURL *curl;
  char *server; /* without a slash at the end */
  char *ca;     /* or NULL */
  char message[CURL_ERROR_SIZE];
};

/* Resets the handle for a request of server + path with everything that holds for all of them. */
void nep_http_prepare(nep_http *h, const char *path);
/* The error of a transfer that got no whole answer. */
nep_status nep_http_broken(nep_http *h, CURLcode code, nep_error *err);

#endif
