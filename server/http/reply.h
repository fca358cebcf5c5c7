/* What an endpoint answers; handler.c turns it into bytes on the wire. */
#ifndef NEP_HTTP_REPLY_H
#define NEP_HTTP_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

#define NEP_MEDIA_JSON "application/json"
#define NEP_MEDIA_PROBLEM "application/problem+json"
#define NEP_MEDIA_METRICS "text/plain; version=0.0.4; charset=utf-8"
#define NEP_MEDIA_LINES "application/x-ndjson"
#define NEP_MEDIA_ARCHIVE "application/x-belenios"

typedef struct nep_reply {
  unsigned status;   /* HTTP status; 0: nothing answered yet */
  const char *media; /* static */
  nep_buf body;
  char etag[65];  /* without quotes; "" for none */
  bool immutable; /* these bytes stay as they are for ever at this address */
  char location[256];
  const char *allow;             /* static; for 405 */
  unsigned retry_after;          /* seconds; 0: header left out */
  int file;                      /* descriptor whose bytes are sent instead of body; -1: none */
  uint64_t file_from, file_size; /* the part that is sent */
  uint64_t file_total;
} nep_reply;

void nep_reply_clear(nep_reply *r); /* also to initialise */

void nep_reply_json(nep_reply *r, unsigned status, nep_buf *json); /* takes json's bytes */

/* A problem document (RFC 9457). `extra` is empty or one JSON object whose members are added. The
   reason of our own faults (500, 503 but for NEP_E_BUSY) is not sent. */
void nep_reply_problem(nep_reply *r, unsigned status, const nep_error *err, nep_bytes extra);

/* HTTP status of a nep_status. */
unsigned nep_http_status_of(nep_status status);

/* Short text for a status, e.g. "Not found". */
const char *nep_http_title(unsigned status);

#endif
