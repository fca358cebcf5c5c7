#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/memory.h"
#include "server/http/exchange.h"
#include "server/http/headers.h"

enum { SESSION_MAX = 256, ACT_MAX = 4096 };

static enum MHD_Result add_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
  (void)kind;
  nep_headers_add(cls, name, value ? value : "");
  return MHD_YES;
}

static nep_status refuse(unsigned *status, unsigned http, nep_status why)
{
  *status = http;
  return why;
}

/* The message itself: lengths, counts, ambiguities. After any of these the connection is closed,
   for nobody can say where the next request would begin. */
static nep_status check_message(nep_exchange *x, const char *version, const nep_headers *h,
                                uint64_t *body_size, bool *chunked, unsigned *status,
                                nep_error *err)
{
  const nep_config *c = x->http->config;
  x->close = true;
  *status = 400;
  if (!x->uri)
    return refuse(status, 414,
                  nep_fail(err, NEP_E_INPUT, "address", NULL,
                           "the address is longer than %lld bytes",
                           (long long)c->limits_uri_bytes));
  if (h->lines > (size_t)c->limits_headers)
    return refuse(status, 431,
                  nep_fail(err, NEP_E_INPUT, "headers", NULL, "more than %lld header lines",
                           (long long)c->limits_headers));
  if (strcmp(version, "HTTP/1.1") == 0 && !nep_headers_value(h, NEP_HEADER_HOST))
    return nep_fail(err, NEP_E_INPUT, "headers", "Host", "is missing");
  nep_status checked = nep_headers_check(h, body_size, chunked, err);
  x->close = checked != NEP_OK;
  return checked;
}

static nep_status check_visitor(nep_exchange *x, const nep_headers *h, unsigned *status,
                                nep_error *err)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  nep_address peer;
  if (!info || !nep_address_from_socket(info->client_addr, &peer))
    return refuse(status, 500, nep_fail(err, NEP_E_INTERNAL, "address", NULL, "no peer address"));
  x->request.is_named = nep_address_of_visitor(&peer, nep_headers_value(h, NEP_HEADER_FORWARDED),
                                               &x->http->config->proxies, &x->request.visitor);
  nep_address_text(&x->request.visitor, x->request.address);
  uint8_t key[16];
  nep_address_limit_key(&x->request.visitor, key);
  if (nep_limit_take(x->http->limit, key, nep_clock_ms()))
    return NEP_OK;
  nep_fail(err, NEP_E_BUSY, "rate", NULL, "too many requests from this address");
  nep_advise(err, "wait a few seconds, then send the same request again");
  return refuse(status, 429, NEP_E_BUSY);
}

static nep_status find_route(nep_exchange *x, const char *method, unsigned *status, nep_error *err)
{
  nep_request *r = &x->request;
  size_t path_len = strcspn(x->uri, "?");
  const char *allow = NULL;
  nep_status found = nep_route_find(method, (nep_bytes){x->uri, path_len}, &r->route, r->uuid,
                                    r->tracker, &allow, err);
  *status = allow ? 405 : nep_http_status_of(found);
  r->reply.allow = allow;
  if (found != NEP_OK)
    return found;
  const char *query = x->uri[path_len] == '?' ? x->uri + path_len + 1 : "";
  found = nep_query_parse(nep_str_bytes(query), r->route->query, &r->query, err);
  *status = nep_http_status_of(found);
  return found;
}

static const char *media_of(const nep_route *route)
{
  return route->body == NEP_BODY_CSV ? "text/csv" : NEP_MEDIA_JSON;
}

static bool is_cast(const nep_request *r)
{
  return r->route->runs == NEP_RUNS_IN_CASTING || r->route->runs == NEP_RUNS_IN_CHALLENGES;
}

static size_t exact_length(const nep_request *r, nep_service *s)
{
  switch (r->route->runs) {
  case NEP_RUNS_IN_CASTING:
    return nep_cast_length(s, r->uuid);
  case NEP_RUNS_IN_CHALLENGES:
    return nep_challenge_length(s, r->uuid);
  default:
    return 0;
  }
}

/* The most that the body may have, and the account of it. A visitor without a ballot must not fill
   the memory of those who have one: a ballot (and a challenge) has the length of its election, once
   that is at hand, and before an account of its own; and so have large bodies of acts that nobody
   has signed yet. */
static size_t body_max(nep_exchange *x)
{
  const nep_request *r = &x->request;
  size_t max = nep_route_body_max(r->route, x->http->config);
  size_t exact = exact_length(r, x->http->site.service);
  if (r->route->flags & NEP_ROUTE_ACT)
    x->account = NEP_GAUGE_ACT_BYTES;
  else if (exact == 0 && is_cast(r))
    x->account = NEP_GAUGE_UNKNOWN_BYTES;
  return exact > 0 && exact < max ? exact : max;
}

static nep_status check_body(nep_exchange *x, const nep_headers *h, uint64_t body_size,
                             bool chunked, unsigned *status, nep_error *err)
{
  const nep_route *route = x->request.route;
  size_t max = body_max(x);
  *status = 400;
  if (route->body == NEP_BODY_NONE) {
    x->close = chunked || body_size > 0;
    return x->close ? nep_fail(err, NEP_E_INPUT, "body", NULL, "this address takes no body")
                    : NEP_OK;
  }
  x->close = chunked;
  if (chunked || !nep_headers_value(h, NEP_HEADER_CONTENT_LENGTH))
    return refuse(status, 411, nep_fail(err, NEP_E_INPUT, "body", "Content-Length", "is needed"));
  if (body_size > max) {
    x->close = body_size > NEP_SWALLOW_MAX;
    return refuse(
        status, 413,
        nep_fail(err, NEP_E_INPUT, "body", NULL, "the body is longer than %zu bytes", max));
  }
  if (!nep_media_type_is(nep_headers_value(h, NEP_HEADER_CONTENT_TYPE), media_of(route)) ||
      nep_headers_value(h, NEP_HEADER_CONTENT_ENCODING))
    return refuse(status, 415,
                  nep_fail(err, NEP_E_INPUT, "media-type", "Content-Type",
                           "must be %s, without compression", media_of(route)));
  return NEP_OK;
}

static nep_status take_session(nep_exchange *x, const char *header, unsigned *status,
                               nep_error *err)
{
  if (header && strncasecmp(header, "Bearer ", 7) == 0 && strlen(header) < SESSION_MAX) {
    x->request.session = nep_strdup(header + 7);
    return NEP_OK;
  }
  nep_fail(err, NEP_E_DENIED, "session", "Authorization", "this address needs a session");
  nep_advise(err, "sign in, then send \"Authorization: Bearer SESSION\"");
  return refuse(status, 401, NEP_E_DENIED);
}

static nep_status take_act(nep_exchange *x, const char *header, unsigned *status, nep_error *err)
{
  if (header && strlen(header) <= ACT_MAX) {
    x->request.act = nep_strdup(header);
    return NEP_OK;
  }
  return refuse(status, 403,
                nep_fail(err, NEP_E_DENIED, "act", "NEP-Act",
                         "this address needs an act signed by an official, of at most %d bytes",
                         ACT_MAX));
}

static char *copy(const nep_headers *h, nep_header which)
{
  const char *value = nep_headers_value(h, which);
  return value ? nep_strdup(value) : NULL;
}

/* RFC 9110 §14.2: ranges are for GET. */
static void take_conditions(nep_exchange *x, const char *method, const nep_headers *h)
{
  x->if_none_match = copy(h, NEP_HEADER_IF_NONE_MATCH);
  x->if_range = copy(h, NEP_HEADER_IF_RANGE);
  if (strcmp(method, "GET") == 0)
    x->range = copy(h, NEP_HEADER_RANGE);
}

static nep_status take_credentials(nep_exchange *x, const nep_headers *h, unsigned *status,
                                   nep_error *err)
{
  unsigned flags = x->request.route->flags;
  nep_status taken = NEP_OK;
  if (flags & NEP_ROUTE_SESSION)
    taken = take_session(x, nep_headers_value(h, NEP_HEADER_AUTHORIZATION), status, err);
  if (taken == NEP_OK && flags & NEP_ROUTE_ACT)
    taken = take_act(x, nep_headers_value(h, NEP_HEADER_ACT), status, err);
  x->expects = nep_headers_value(h, NEP_HEADER_EXPECT) != NULL;
  return taken;
}

nep_status nep_exchange_begin(nep_exchange *x, const char *method, const char *version,
                              uint64_t *body_size, unsigned *status, nep_error *err)
{
  nep_headers h = {0};
  bool chunked = false;
  MHD_get_connection_values(x->connection, MHD_HEADER_KIND, add_header, &h);
  nep_status checked = check_message(x, version, &h, body_size, &chunked, status, err);
  if (checked == NEP_OK)
    checked = check_visitor(x, &h, status, err);
  if (checked == NEP_OK)
    checked = find_route(x, method, status, err);
  if (checked == NEP_OK)
    checked = check_body(x, &h, *body_size, chunked, status, err);
  if (checked == NEP_OK)
    checked = take_credentials(x, &h, status, err);
  take_conditions(x, method, &h);
  x->close = x->close || chunked;
  nep_headers_free(&h);
  return checked;
}
