/* One client of a measurement: a connection over which one request follows the other. libcurl makes
   the connection and its TLS; what is said over it is written and read here, as its own HTTP takes
   as long again as all else that a client does, on the processors of the server that is measured.
 */
#ifndef NEP_BENCH_CAST_CLIENT_H
#define NEP_BENCH_CAST_CLIENT_H

#include <stdbool.h>

#include "base/buf.h"

typedef struct cast_client cast_client;

/* Connects to the server of this https address and waits until that is done; ca is the file of the
   certificate authority. NULL when it cannot: the reason is told on stderr. To be closed. */
cast_client *cast_client_open(const char *ca, const char *url);
void cast_client_close(cast_client *c);
/* To wait for, for whatever may happen (EPOLLIN and EPOLLOUT, edge-triggered). */
int cast_client_socket(const cast_client *c);

/* After CAST_FAILED, whose reason is told on stderr, the client is only good for closing. */
typedef enum cast_progress { CAST_WAITS, CAST_ANSWERED, CAST_FAILED } cast_progress;

/* Takes a body of JSON to be posted to an address, once the answer to the request before is there.
   CAST_FAILED when the address is not on the server that it is connected to. */
cast_progress cast_client_post(cast_client *c, const char *url, nep_bytes body);
/* Sends and receives what can be without waiting; with CAST_ANSWERED, and only then, *status is
   that of HTTP. */
cast_progress cast_client_go_on(cast_client *c, long *status);

#endif
