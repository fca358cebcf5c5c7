#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "server/http/conditional.h"
#include "server/http/exchange.h"

/* On each answer. Nothing here is a page, so a browser gets nothing to load, frame or guess. */
static const char *const fixed_headers[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Strict-Transport-Security", "max-age=63072000"},
    {"Referrer-Policy", "no-referrer"},
};
enum { FIXED = sizeof fixed_headers / sizeof *fixed_headers };

static const char *cache_control(const nep_reply *r)
{
  if (r->immutable)
    return "public, max-age=31536000, immutable";
  return r->etag[0] ? "no-cache" : "no-store";
}

/* RFC 9110 §13.2.2: what the client already has is not sent again; then the range. */
static void apply_conditions(nep_exchange *x)
{
  nep_reply *r = &x->request.reply;
  if (r->status != 200 || !r->etag[0])
    return;
  if (nep_etag_matches(x->if_none_match, r->etag)) {
    r->status = 304;
    r->file_size = 0;
    nep_buf_clear(&r->body);
    return;
  }
  if (r->file < 0)
    return;
  switch (
      nep_range_read(x->range, x->if_range, r->etag, r->file_total, &r->file_from, &r->file_size)) {
  case NEP_RANGE_WHOLE:
    break;
  case NEP_RANGE_PART:
    r->status = 206;
    break;
  case NEP_RANGE_OUTSIDE:
    r->status = 416;
    r->file_size = 0;
    r->immutable = false;
    break;
  }
}

/* It may be a session. */
static void wipe_body(void *ctx)
{
  nep_buf *body = ctx;
  nep_buf_wipe(body);
  free(body);
}

static struct MHD_Response *response_of_body(nep_reply *r)
{
  static char nothing[1];
  nep_buf *body = nep_alloc(1, sizeof *body);
  *body = r->body;
  r->body = (nep_buf){0};
  struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
      body->len, body->data ? body->data : nothing, wipe_body, body);
  if (!response)
    wipe_body(body);
  return response;
}

static struct MHD_Response *make_response(nep_reply *r)
{
  if (r->file >= 0 && r->file_size > 0) {
    struct MHD_Response *response =
        MHD_create_response_from_fd_at_offset64(r->file_size, r->file, r->file_from);
    if (response)
      r->file = -1; /* libmicrohttpd closes it */
    return response;
  }
  return response_of_body(r);
}

static void add_range_header(struct MHD_Response *response, const nep_reply *r)
{
  char text[96];
  if (r->status == 206)
    snprintf(text, sizeof text, "bytes %llu-%llu/%llu", (unsigned long long)r->file_from,
             (unsigned long long)(r->file_from + r->file_size - 1),
             (unsigned long long)r->file_total);
  else if (r->status == 416)
    snprintf(text, sizeof text, "bytes */%llu", (unsigned long long)r->file_total);
  else
    return;
  MHD_add_response_header(response, "Content-Range", text);
}

static void add_headers(struct MHD_Response *response, const nep_exchange *x)
{
  const nep_reply *r = &x->request.reply;
  char text[80];
  for (size_t i = 0; i < FIXED; i++)
    MHD_add_response_header(response, fixed_headers[i][0], fixed_headers[i][1]);
  MHD_add_response_header(response, "Cache-Control", cache_control(r));
  if (r->media && r->status != 304)
    MHD_add_response_header(response, "Content-Type", r->media);
  if (r->etag[0]) {
    snprintf(text, sizeof text, "\"%s\"", r->etag);
    MHD_add_response_header(response, "ETag", text);
  }
  if (r->file_total > 0)
    MHD_add_response_header(response, "Accept-Ranges", "bytes");
  add_range_header(response, r);
  if (r->location[0])
    MHD_add_response_header(response, "Location", r->location);
  if (r->allow)
    MHD_add_response_header(response, "Allow", r->allow);
  if (r->status == 401)
    MHD_add_response_header(response, "WWW-Authenticate", "Bearer");
  if (r->retry_after) {
    snprintf(text, sizeof text, "%u", r->retry_after);
    MHD_add_response_header(response, "Retry-After", text);
  }
  if (x->close || atomic_load(&x->http->stopping))
    MHD_add_response_header(response, "Connection", "close");
}

enum MHD_Result nep_exchange_respond(nep_exchange *x)
{
  nep_reply *r = &x->request.reply;
  apply_conditions(x);
  uint64_t size = r->file >= 0 ? r->file_size : r->body.len;
  nep_watch_move(x->http->watch, x->watched,
                 nep_clock_ms() + x->http->config->limits_request_ms +
                     (int64_t)(size / NEP_SLOWEST_READER) * 1000,
                 NULL, NULL);
  if (x->cut_off)
    return MHD_NO;
  struct MHD_Response *response = make_response(r);
  if (!response)
    return MHD_NO;
  add_headers(response, x);
  x->stage = NEP_STAGE_SENDING;
  enum MHD_Result queued = MHD_queue_response(x->connection, r->status, response);
  MHD_destroy_response(response);
  return queued;
}

void nep_exchange_too_late(void *exchange)
{
  nep_exchange *x = exchange;
  nep_error err = {0};
  nep_reply reply = {.file = -1};
  nep_buf text = {0};
  nep_fail(&err, NEP_E_INPUT, "deadline", NULL, "the request did not arrive whole within %lld ms",
           (long long)x->http->config->limits_request_ms);
  nep_reply_problem(&reply, 408, &err, (nep_bytes){"", 0});
  nep_buf_printf(&text,
                 "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nCache-Control: no-store\r\n"
                 "Content-Type: %s\r\nContent-Length: %zu\r\n",
                 reply.media, reply.body.len);
  for (size_t i = 0; i < FIXED; i++)
    nep_buf_printf(&text, "%s: %s\r\n", fixed_headers[i][0], fixed_headers[i][1]);
  nep_buf_printf(&text, "\r\n%s", reply.body.data);
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  /* Short enough for an empty send buffer; a client that does not read it loses only this text. */
  if (info && info->tls_session)
    gnutls_record_send(info->tls_session, text.data, text.len);
  x->cut_off = true;
  nep_buf_free(&text);
  nep_reply_clear(&reply);
}
