#include "server/http/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "server/http/routes.h"

static const unsigned statuses[] = {200, 201, 206, 304, 307, 400, 401, 403, 404, 405, 408, 409,
                                    411, 413, 414, 415, 416, 422, 429, 431, 500, 503, 0};
static const int64_t bounds_ms[] = {1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000};
enum {
  ROUTES_MAX = 64, /* the last counts requests without a route */
  STATUSES = sizeof statuses / sizeof *statuses,
  BOUNDS = sizeof bounds_ms / sizeof *bounds_ms
};

struct nep_metrics {
  _Atomic int64_t gauges[NEP_GAUGE_COUNT];
  _Atomic uint64_t requests[ROUTES_MAX][STATUSES];
  _Atomic uint64_t durations[BOUNDS + 1];
  _Atomic uint64_t duration_total_ms;
};

nep_metrics *nep_metrics_new(void)
{
  return nep_alloc(1, sizeof(nep_metrics));
}

void nep_metrics_free(nep_metrics *m)
{
  free(m);
}

int64_t nep_metrics_move(nep_metrics *m, nep_gauge gauge, int64_t by)
{
  return atomic_fetch_add(&m->gauges[gauge], by) + by;
}

int64_t nep_metrics_gauge(const nep_metrics *m, nep_gauge gauge)
{
  return atomic_load(&m->gauges[gauge]);
}

void nep_metrics_count(nep_metrics *m, size_t route, unsigned status, int64_t duration_ms)
{
  size_t s = 0, b = 0;
  while (s < STATUSES - 1 && statuses[s] != status)
    s++;
  while (b < BOUNDS && duration_ms > bounds_ms[b])
    b++;
  atomic_fetch_add(&m->requests[route < ROUTES_MAX - 1 ? route : ROUTES_MAX - 1][s], 1);
  atomic_fetch_add(&m->durations[b], 1);
  atomic_fetch_add(&m->duration_total_ms, (uint64_t)duration_ms);
}

static void write_gauges(const nep_metrics *m, nep_buf *text)
{
  static const char *const names[NEP_GAUGE_COUNT][2] = {
      {"nep_http_connections", "Open connections."},
      {"nep_http_requests_in_flight", "Requests being received or answered."},
      {"nep_http_requests_queued", "Requests waiting for a worker thread."},
      {"nep_http_body_bytes", "Bytes of voters' bodies and ballots held in memory."},
      {"nep_http_unknown_bytes", "Bytes of ballots whose elections are not at hand."},
      {"nep_http_act_bytes", "Bytes of bodies of acts held in memory."},
  };
  for (unsigned i = 0; i < NEP_GAUGE_COUNT; i++)
    nep_buf_printf(text, "# HELP %s %s\n# TYPE %s gauge\n%s %" PRId64 "\n", names[i][0],
                   names[i][1], names[i][0], names[i][0], nep_metrics_gauge(m, (nep_gauge)i));
}

static void write_requests(const nep_metrics *m, nep_buf *text)
{
  size_t n = 0;
  const nep_route *routes = nep_routes(&n);
  nep_buf_str(text, "# HELP nep_http_requests_total Requests answered.\n"
                    "# TYPE nep_http_requests_total counter\n");
  for (size_t r = 0; r < ROUTES_MAX; r++)
    for (size_t s = 0; s < STATUSES; s++) {
      uint64_t count = atomic_load(&m->requests[r][s]);
      if (count == 0)
        continue;
      nep_buf_printf(
          text, "nep_http_requests_total{method=\"%s\",route=\"%s\",status=\"%u\"} %" PRIu64 "\n",
          r < n ? routes[r].method : "", r < n ? routes[r].path : "", statuses[s], count);
    }
}

static void write_durations(const nep_metrics *m, nep_buf *text)
{
  static const char name[] = "nep_http_request_duration_seconds";
  uint64_t sum = 0;
  nep_buf_printf(text, "# HELP %s Time from a request's first line to the end of its answer.\n",
                 name);
  nep_buf_printf(text, "# TYPE %s histogram\n", name);
  for (size_t b = 0; b < BOUNDS; b++) {
    sum += atomic_load(&m->durations[b]);
    nep_buf_printf(text, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, (double)bounds_ms[b] / 1000,
                   sum);
  }
  sum += atomic_load(&m->durations[BOUNDS]);
  nep_buf_printf(text, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, sum);
  nep_buf_printf(text, "%s_sum %.3f\n", name, (double)atomic_load(&m->duration_total_ms) / 1000);
  nep_buf_printf(text, "%s_count %" PRIu64 "\n", name, sum);
}

void nep_metrics_write(const nep_metrics *m, nep_buf *text)
{
  write_gauges(m, text);
  write_requests(m, text);
  write_durations(m, text);
}
