/* The HTTPS server: from sockets to endpoints. */
#ifndef NEP_HTTP_SERVER_H
#define NEP_HTTP_SERVER_H

#include <stdint.h>

#include "server/http/config.h"

typedef struct nep_http nep_http;

/* Listens and serves on threads of its own. config and service are borrowed. */
NEP_MUST_USE nep_status nep_http_start(const nep_config *config, nep_service *service,
                                       nep_http **out, nep_error *err);

/* The port listened on (that of the configuration, or the one found for port 0). */
uint16_t nep_http_port(const nep_http *h);

/* First half of stopping: no new connections; waits until requests under way are answered, at most
   [server] stop_ms; then finishes what workers have begun. */
void nep_http_drain(nep_http *h);

/* Second half, between nep_service_finish and nep_service_stop: closes what is left, which may
   still ask the service, and frees. NULL allowed. */
void nep_http_stop(nep_http *h);

#endif
