/* Counters of the HTTP side, as Prometheus text. Updating never blocks. */
#ifndef NEP_HTTP_METRICS_H
#define NEP_HTTP_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

typedef struct nep_metrics nep_metrics;

typedef enum nep_gauge {
  NEP_GAUGE_CONNECTIONS,
  NEP_GAUGE_REQUESTS,      /* in flight */
  NEP_GAUGE_QUEUED,        /* waiting for a worker thread */
  NEP_GAUGE_BODY_BYTES,    /* of voters and ballots */
  NEP_GAUGE_UNKNOWN_BYTES, /* of ballots and challenges whose election is not at hand */
  NEP_GAUGE_ACT_BYTES,     /* of the commission's acts */
  NEP_GAUGE_COUNT
} nep_gauge;

nep_metrics *nep_metrics_new(void);
void nep_metrics_free(nep_metrics *m);

/* Adds to a gauge and returns its new value. */
int64_t nep_metrics_move(nep_metrics *m, nep_gauge gauge, int64_t by);
int64_t nep_metrics_gauge(const nep_metrics *m, nep_gauge gauge);

/* route: index in the table, or SIZE_MAX for a request that found none. */
void nep_metrics_count(nep_metrics *m, size_t route, unsigned status, int64_t duration_ms);

void nep_metrics_write(const nep_metrics *m, nep_buf *text);

#endif
