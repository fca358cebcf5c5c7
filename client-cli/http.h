/* HTTPS to the election server (libcurl): https only, the certificate always checked, everything
   that comes back bounded. A refusal of the server (a problem document, RFC 9457) becomes a
   nep_error with the document's code, field, detail and advice. */
#ifndef NEP_CLIENT_HTTP_H
#define NEP_CLIENT_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

typedef struct nep_http nep_http;

/* `server` is https://host[:port][/path]; `ca` a file of certificate authorities, NULL for the
   system's. */
NEP_MUST_USE nep_status nep_http_new(const char *server, const char *ca, nep_http **out,
                                     nep_error *err);
void nep_http_free(nep_http *h); /* NULL allowed */

typedef struct nep_request {
  const char *path;         /* begins with a slash */
  const char *content_type; /* NULL: a GET; otherwise a POST of `body` */
  nep_bytes body;
  const char *header; /* one more header line "Name: value", or NULL */
  size_t max;         /* most bytes of the answer */
  long *http_status;  /* filled with the answer's status, 0 when there was none; may be NULL */
  unsigned tries; /* for requests that may be repeated: when the server is busy or the connection
                     breaks, it is sent again after a pause; 0 and 1: once */
} nep_request;

/* Sends; the answer's body is appended to *answer (on a refusal: the problem document). NEP_E_IO
   when there was no answer, code "connection". */
NEP_MUST_USE nep_status nep_http_send(nep_http *h, const nep_request *request, nep_buf *answer,
                                      nep_error *err);

/* A GET of at most `max` bytes, repeated when the server is busy. */
NEP_MUST_USE nep_status nep_http_get(nep_http *h, const char *path, size_t max, nep_buf *answer,
                                     nep_error *err);

/* Downloads to a file, following redirections on https. What `file` holds already is taken for the
   beginning of the same bytes and only the rest is asked for (Range); so `path` must name bytes
   that never change. */
NEP_MUST_USE nep_status nep_http_download(nep_http *h, const char *path, const char *file,
                                          uint64_t max, nep_error *err);

#endif
