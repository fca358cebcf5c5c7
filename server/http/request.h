/* One request as endpoints see it: nothing of libmicrohttpd here. */
#ifndef NEP_HTTP_REQUEST_H
#define NEP_HTTP_REQUEST_H

#include "server/http/config.h"
#include "server/http/metrics.h"
#include "server/http/query.h"
#include "server/http/reply.h"
#include "server/service/service.h"

enum { NEP_UUID_TEXT = 65, NEP_TRACKER_TEXT = 44 };

/* What all requests share. */
typedef struct nep_site {
  const nep_config *config;
  nep_service *service;
  nep_metrics *metrics;
  bool (*is_stopping)(
      void *ctx); /* then /readyz refuses, so that a load balancer looks elsewhere */
  void *stopping_ctx;
} nep_site;

typedef struct nep_route nep_route;

typedef struct nep_request {
  const nep_site *site;
  const nep_route *route;
  char uuid[NEP_UUID_TEXT];       /* from the path; "" when it has none */
  char tracker[NEP_TRACKER_TEXT]; /* standard base64 */
  nep_query query;
  nep_buf body;
  char address[NEP_ADDRESS_TEXT]; /* the visitor's; never logged */
  nep_address visitor;
  bool is_named; /* false: a proxy stands for a visitor whom its header does not name */
  char *session; /* of "Authorization: Bearer", or NULL */
  char *act;     /* of "NEP-Act", or NULL */
  nep_reply reply;
} nep_request;

/* An endpoint fills r->reply and returns NEP_OK; or fails, perhaps leaving a JSON object in *extra
   for the problem document. */
typedef nep_status nep_endpoint(nep_request *r, nep_buf *extra, nep_error *err);

#endif
