#include "server/http/server.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "server/http/exchange.h"

enum { TLS_FILE_MAX = 65536, CONNECTION_MEMORY = 32768, POLL_MS = 10 };

/* Messages of libmicrohttpd are kept for a failed start and otherwise for debugging only: nobody
   has checked them for personal data. */
static void NEP_PRINTF(2, 0) on_mhd_message(void *cls, const char *format, va_list args)
{
  nep_http *h = cls;
  char text[sizeof h->mhd_message];
  vsnprintf(text, sizeof text, format, args);
  text[strcspn(text, "\n")] = '\0';
  if (!atomic_load(&h->started))
    memcpy(h->mhd_message, text, sizeof text);
  nep_log_line l = nep_log_begin(NEP_LOG_DEBUG, "libmicrohttpd");
  nep_log_text(&l, "message", text);
  nep_log_end(&l);
}

/* Paths and queries are decoded by our own strict reader. */
static size_t leave_escaped(void *cls, struct MHD_Connection *c, char *text)
{
  (void)cls;
  (void)c;
  return strlen(text);
}

static bool is_stopping(void *ctx)
{
  return atomic_load(&((nep_http *)ctx)->stopping);
}

typedef union any_address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} any_address;

static void listen_address(const nep_config *c, any_address *out)
{
  memset(out, 0, sizeof *out);
  uint16_t port = htons((uint16_t)c->server_port);
  if (nep_address_is_v4(&c->listen)) {
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = port;
    memcpy(&out->v4.sin_addr, c->listen.bytes + 12, 4);
  } else {
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = port;
    memcpy(&out->v6.sin6_addr, c->listen.bytes, 16);
  }
}

static struct MHD_Daemon *start_daemon(nep_http *h)
{
  const nep_config *c = h->config;
  any_address address;
  listen_address(c, &address);
  struct MHD_OptionItem more[2] = {{MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}};
  if (c->server_threads > 1)
    more[0] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, c->server_threads, NULL};
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME |
                   MHD_USE_ERROR_LOG | (nep_address_is_v4(&c->listen) ? 0U : MHD_USE_IPv6);
  return MHD_start_daemon(
      flags, (uint16_t)c->server_port, nep_on_accept, h, nep_on_access, h,
      MHD_OPTION_EXTERNAL_LOGGER, on_mhd_message, h, MHD_OPTION_SOCK_ADDR, &address,
      MHD_OPTION_HTTPS_MEM_KEY, h->tls_key.data, MHD_OPTION_HTTPS_MEM_CERT, h->tls_certificate.data,
      MHD_OPTION_HTTPS_PRIORITIES, c->server_tls_priorities, MHD_OPTION_NOTIFY_COMPLETED,
      nep_on_completed, h, MHD_OPTION_NOTIFY_CONNECTION, nep_on_connection, h,
      MHD_OPTION_URI_LOG_CALLBACK, nep_on_request_line, h, MHD_OPTION_UNESCAPE_CALLBACK,
      leave_escaped, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)c->limits_connections,
      MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)c->limits_idle_seconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT,
      1, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

static nep_status read_tls_files(nep_http *h, nep_error *err)
{
  const nep_config *c = h->config;
  nep_status status =
      nep_file_read(c->server_tls_certificate, TLS_FILE_MAX, &h->tls_certificate, err);
  if (status == NEP_OK)
    status = nep_file_read_secret(c->server_tls_key, TLS_FILE_MAX, &h->tls_key, err);
  return status;
}

static nep_status start_parts(nep_http *h, nep_error *err)
{
  const nep_config *c = h->config;
  h->limit = nep_limit_new(c->limits_requests_per_second, c->limits_burst);
  /* Twice the rate of requests: who asks too often is told so before being cut off. */
  h->accepts = nep_limit_new(2 * c->limits_requests_per_second, 2 * c->limits_burst);
  if (c->proxies.n == 0)
    h->crowd = nep_crowd_new((unsigned)c->limits_connections_per_address);
  h->workers = nep_workers_start((unsigned)c->server_workers, (size_t)c->server_queue);
  h->watch = nep_watch_start();
  if (!h->workers || !h->watch)
    return nep_fail(err, NEP_E_IO, "threads", NULL, "cannot start the threads of the server");
  h->daemon = start_daemon(h);
  if (!h->daemon) {
    nep_fail(err, NEP_E_IO, "listen", c->server_listen, "cannot serve HTTPS on port %lld: %s",
             (long long)c->server_port,
             h->mhd_message[0] ? h->mhd_message : "see address, certificate and key");
    return NEP_E_IO;
  }
  atomic_store(&h->started, true);
  h->port = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
  return NEP_OK;
}

nep_status nep_http_start(const nep_config *config, nep_service *service, nep_http **out,
                          nep_error *err)
{
  nep_http *h = nep_alloc(1, sizeof *h);
  h->config = config;
  h->listener = -1;
  h->site = (nep_site){.config = config,
                       .service = service,
                       .metrics = nep_metrics_new(),
                       .is_stopping = is_stopping,
                       .stopping_ctx = h};
  nep_status status = read_tls_files(h, err);
  if (status == NEP_OK)
    status = start_parts(h, err);
  if (status == NEP_OK)
    *out = h;
  else
    nep_http_stop(h);
  return status;
}

uint16_t nep_http_port(const nep_http *h)
{
  return h->port;
}

void nep_http_drain(nep_http *h)
{
  atomic_store(&h->stopping, true);
  h->listener = MHD_quiesce_daemon(h->daemon);
  int64_t until = nep_clock_ms() + h->config->server_stop_ms;
  const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
  while (nep_metrics_gauge(h->site.metrics, NEP_GAUGE_REQUESTS) > 0 && nep_clock_ms() < until)
    nanosleep(&pause, NULL);
  /* From here on nothing enters the service; what is inside comes out of it. */
  atomic_store(&h->closed, true);
  while (atomic_load(&h->entering) > 0)
    nanosleep(&pause, NULL);
  nep_workers_stop(h->workers);
}

void nep_http_stop(nep_http *h)
{
  if (!h)
    return;
  if (h->daemon)
    MHD_stop_daemon(h->daemon);
  if (h->listener >= 0)
    close(h->listener);
  nep_workers_free(h->workers);
  nep_watch_stop(h->watch);
  nep_crowd_free(h->crowd);
  nep_limit_free(h->accepts);
  nep_limit_free(h->limit);
  nep_metrics_free(h->site.metrics);
  nep_buf_wipe(&h->tls_key);
  nep_buf_free(&h->tls_certificate);
  free(h);
}
