/* Inside the server only: one request and its answer, with libmicrohttpd's side of it. */
#ifndef NEP_HTTP_EXCHANGE_H
#define NEP_HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "server/http/crowd.h"
#include "server/http/limit.h"
#include "server/http/routes.h"
#include "server/http/server.h"
#include "server/http/watch.h"
#include "server/http/workers.h"

struct nep_http {
  nep_site site;
  const nep_config *config;
  struct MHD_Daemon *daemon;
  nep_workers *workers;
  nep_watch *watch;
  nep_limit *limit;   /* requests of a visitor */
  nep_limit *accepts; /* connections of a visitor, because TLS handshakes are dear */
  nep_crowd *crowd;   /* those that are open; NULL behind proxies */
  nep_buf tls_key, tls_certificate;
  int listener; /* after quiescing: to be closed at the end; else -1 */
  uint16_t port;
  atomic_bool started;   /* what libmicrohttpd says is no reason of a failed start any more */
  atomic_bool stopping;  /* no new connections; answers close theirs */
  atomic_bool closed;    /* requests are no longer performed */
  atomic_int entering;   /* threads handing a request over at this moment */
  char mhd_message[256]; /* what libmicrohttpd said last while starting */
};

typedef enum nep_stage {
  NEP_STAGE_ARRIVED,  /* headers are complete, nothing was looked at */
  NEP_STAGE_READING,  /* the body is being received */
  NEP_STAGE_REFUSED,  /* the answer is known; the rest of a small body is read and dropped */
  NEP_STAGE_ANSWERED, /* request.reply is complete, or will be when the connection is resumed */
  NEP_STAGE_SENDING
} nep_stage;

typedef struct nep_exchange {
  nep_request request;
  nep_http *http;
  struct MHD_Connection *connection;
  nep_watched *watched;
  nep_stage stage;
  nep_gauge account; /* of its body */
  char *uri;         /* raw; NULL when longer than allowed */
  int64_t started_ms;
  int64_t deadline_ms; /* the whole request must have arrived, and its work begun */
  nep_error error;     /* of the answer; status NEP_OK when it is none */
  bool expects;        /* "100 Continue" may be on its way to the client */
  bool cut_off;        /* 408 was sent past libmicrohttpd */
  bool close;          /* the connection is not to be used again */
  char *if_none_match, *range, *if_range;
} nep_exchange;

enum { NEP_SWALLOW_MAX = 1 << 20, NEP_SLOWEST_READER = 16384 };

/* begin.c: everything that can be said before the body comes. On a refusal the status is not NEP_OK
 *and status is the HTTP status. */
NEP_MUST_USE nep_status nep_exchange_begin(nep_exchange *x, const char *method, const char *version,
                                           uint64_t *body_size, unsigned *status, nep_error *err);

/* perform.c: runs the endpoint, here or elsewhere. When *suspended the connection is resumed later.
 */
void nep_exchange_perform(nep_exchange *x, bool *suspended);

/* Makes the answer a problem document and keeps the error for the log. */
void nep_exchange_refuse(nep_exchange *x, unsigned status, const nep_error *err, nep_bytes extra);

/* respond.c: queues request.reply. */
enum MHD_Result nep_exchange_respond(nep_exchange *x);
/* Sends 408 while the body is still coming, which libmicrohttpd has no way for, and sets cut_off.
   May run on the watching thread: GnuTLS lets one thread send while another receives. */
void nep_exchange_too_late(void *exchange);

/* handler.c: libmicrohttpd's callbacks. */
enum MHD_Result nep_on_accept(void *cls, const struct sockaddr *address, socklen_t size);
void *nep_on_request_line(void *cls, const char *uri, struct MHD_Connection *c);
enum MHD_Result nep_on_access(void *cls, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **ctx);
void nep_on_completed(void *cls, struct MHD_Connection *c, void **ctx,
                      enum MHD_RequestTerminationCode how);
void nep_on_connection(void *cls, struct MHD_Connection *c, void **ctx,
                       enum MHD_ConnectionNotificationCode what);

#endif
