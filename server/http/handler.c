#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "server/http/exchange.h"

static int64_t cut_off_after(const nep_http *h, int64_t ms)
{
  return nep_clock_ms() + h->config->limits_request_ms + ms;
}

static bool key_of(const struct sockaddr *address, uint8_t key[16])
{
  nep_address visitor;
  if (!nep_address_from_socket(address, &visitor))
    return false;
  nep_address_limit_key(&visitor, key);
  return true;
}

enum MHD_Result nep_on_accept(void *cls, const struct sockaddr *address, socklen_t size)
{
  nep_http *h = cls;
  uint8_t key[16];
  (void)size;
  if (!h->crowd)
    return MHD_YES; /* all of them come from the proxies */
  return key_of(address, key) && nep_crowd_has_room(h->crowd, key) &&
                 nep_limit_take(h->accepts, key, nep_clock_ms())
             ? MHD_YES
             : MHD_NO;
}

/* Once each when a connection begins and when it ends. */
static void count_visitor(nep_http *h, struct MHD_Connection *c,
                          void (*count)(nep_crowd *crowd, const uint8_t key[16]))
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  uint8_t key[16];
  if (h->crowd && info && key_of(info->client_addr, key))
    count(h->crowd, key);
}

void nep_on_connection(void *cls, struct MHD_Connection *c, void **ctx,
                       enum MHD_ConnectionNotificationCode what)
{
  nep_http *h = cls;
  if (what == MHD_CONNECTION_NOTIFY_STARTED) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    *ctx = nep_watch_add(h->watch, info->connect_fd, cut_off_after(h, 0));
    nep_metrics_move(h->site.metrics, NEP_GAUGE_CONNECTIONS, 1);
    count_visitor(h, c, nep_crowd_enter);
  } else if (*ctx) {
    nep_watch_remove(h->watch, *ctx);
    *ctx = NULL;
    nep_metrics_move(h->site.metrics, NEP_GAUGE_CONNECTIONS, -1);
    count_visitor(h, c, nep_crowd_leave);
  }
}

void *nep_on_request_line(void *cls, const char *uri, struct MHD_Connection *c)
{
  nep_http *h = cls;
  nep_exchange *x = nep_alloc(1, sizeof *x);
  x->http = h;
  x->connection = c;
  x->account = NEP_GAUGE_BODY_BYTES;
  x->request.site = &h->site;
  x->request.reply.file = -1;
  x->started_ms = nep_clock_ms();
  x->deadline_ms = x->started_ms + h->config->limits_request_ms;
  if (strlen(uri) <= (size_t)h->config->limits_uri_bytes)
    x->uri = nep_strdup(uri);
  x->watched = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
  nep_watch_move(h->watch, x->watched, x->deadline_ms, NULL, NULL);
  nep_metrics_move(h->site.metrics, NEP_GAUGE_REQUESTS, 1);
  return x;
}

/* From now on the watching thread says 408 when the rest does not come: an answer of ours could not
   be queued before it has. */
static void await_body(nep_exchange *x)
{
  if (!x->expects)
    nep_watch_move(x->http->watch, x->watched, x->deadline_ms, nep_exchange_too_late, x);
}

static enum MHD_Result on_headers(nep_exchange *x, const char *method, const char *version)
{
  nep_error err = {0};
  unsigned status = 0;
  uint64_t body_size = 0;
  x->stage = NEP_STAGE_READING;
  if (nep_exchange_begin(x, method, version, &body_size, &status, &err) == NEP_OK) {
    await_body(x);
    return MHD_YES;
  }
  nep_exchange_refuse(x, status, &err, (nep_bytes){"", 0});
  /* Answering while a client still sends would make the kernel reset the connection and take the
     answer with it; so a body of moderate size is read and dropped first. */
  x->stage = NEP_STAGE_REFUSED;
  x->close = x->close || body_size > NEP_SWALLOW_MAX;
  if (x->close)
    return nep_exchange_respond(x);
  await_body(x);
  return MHD_YES;
}

/* What all bodies of an account may take together. */
static int64_t account_max(const nep_exchange *x)
{
  int64_t max = x->http->config->limits_body_memory;
  return x->account == NEP_GAUGE_UNKNOWN_BYTES ? max / 4 : max;
}

/* Keeps a piece of the body. */
static void on_body(nep_exchange *x, const char *data, size_t size)
{
  nep_http *h = x->http;
  int64_t held = nep_metrics_move(h->site.metrics, x->account, (int64_t)size);
  nep_buf_secret_add(&x->request.body, data, size);
  if (held <= account_max(x))
    return;
  nep_error err = {0};
  nep_fail(&err, NEP_E_BUSY, "busy", NULL, "too many large requests at a time");
  nep_exchange_refuse(x, 503, &err, (nep_bytes){"", 0});
  x->stage = NEP_STAGE_REFUSED;
  nep_metrics_move(h->site.metrics, x->account, -(int64_t)x->request.body.len);
  nep_buf_wipe(&x->request.body);
}

static enum MHD_Result on_whole_request(nep_exchange *x)
{
  bool suspended = false;
  nep_exchange_perform(x, &suspended);
  return suspended ? MHD_YES : nep_exchange_respond(x);
}

/* The rest came, but too late. */
static enum MHD_Result cut_off(nep_exchange *x)
{
  nep_watch_move(x->http->watch, x->watched, nep_clock_ms(), NULL, NULL);
  if (!x->cut_off)
    nep_exchange_too_late(x);
  return MHD_NO;
}

enum MHD_Result nep_on_access(void *cls, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **ctx)
{
  (void)cls;
  (void)c;
  (void)url; /* the raw form was kept by nep_on_request_line */
  nep_exchange *x = *ctx;
  bool more = *data_size > 0;
  if (x->stage == NEP_STAGE_ARRIVED)
    return on_headers(x, method, version);
  if (x->stage == NEP_STAGE_ANSWERED)
    return nep_exchange_respond(x);
  if (x->stage == NEP_STAGE_SENDING)
    return MHD_YES;
  if (nep_clock_ms() >= x->deadline_ms)
    return cut_off(x);
  if (more && x->stage == NEP_STAGE_READING)
    on_body(x, data, *data_size);
  *data_size = 0;
  if (more)
    return MHD_YES;
  return x->stage == NEP_STAGE_REFUSED ? nep_exchange_respond(x) : on_whole_request(x);
}

/* What happened, never who did it. Reasons go to the log for our own faults only, and not where a
   voter is involved. */
static void log_exchange(const nep_exchange *x, int64_t duration_ms)
{
  const nep_route *route = x->request.route;
  unsigned status = x->request.reply.status;
  bool fault = status >= 500 && x->error.status != NEP_E_BUSY;
  nep_log_line l = nep_log_begin(fault ? NEP_LOG_ERROR : NEP_LOG_INFO, "request");
  nep_log_text(&l, "method", route ? route->method : "");
  nep_log_text(&l, "route", route ? route->path : "");
  nep_log_number(&l, "status", status);
  nep_log_number(&l, "duration_ms", duration_ms);
  if (x->error.status != NEP_OK)
    nep_log_text(&l, "code", x->error.code);
  if (fault && route && !(route->flags & NEP_ROUTE_VOTER)) {
    nep_log_text(&l, "where", x->error.where);
    nep_log_text(&l, "reason", x->error.reason);
  }
  nep_log_end(&l);
}

static void exchange_free(nep_exchange *x)
{
  nep_reply_clear(&x->request.reply);
  nep_buf_wipe(&x->request.body);
  nep_free_string(x->request.session);
  free(x->request.act);
  free(x->if_none_match);
  free(x->range);
  free(x->if_range);
  free(x->uri);
  free(x);
}

void nep_on_completed(void *cls, struct MHD_Connection *c, void **ctx,
                      enum MHD_RequestTerminationCode how)
{
  nep_http *h = cls;
  nep_exchange *x = *ctx;
  (void)c;
  (void)how;
  if (!x)
    return;
  nep_watch_move(h->watch, x->watched, cut_off_after(h, h->config->limits_idle_seconds * 1000),
                 NULL, NULL);
  if (x->cut_off)
    x->request.reply.status = 408;
  int64_t duration = nep_clock_ms() - x->started_ms;
  size_t n = 0;
  const nep_route *routes = nep_routes(&n);
  nep_metrics_count(h->site.metrics,
                    x->request.route ? (size_t)(x->request.route - routes) : SIZE_MAX,
                    x->request.reply.status, duration);
  log_exchange(x, duration);
  nep_metrics_move(h->site.metrics, x->account, -(int64_t)x->request.body.len);
  nep_metrics_move(h->site.metrics, NEP_GAUGE_REQUESTS, -1);
  *ctx = NULL;
  exchange_free(x);
}
