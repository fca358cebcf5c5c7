/* The table of all addresses that nep-server answers. */
#ifndef NEP_HTTP_ROUTES_H
#define NEP_HTTP_ROUTES_H

#include "records/act.h"
#include "server/http/request.h"

typedef enum nep_route_body { NEP_BODY_NONE, NEP_BODY_JSON, NEP_BODY_CSV } nep_route_body;

/* Where an endpoint runs: on the thread of the connection (it must not wait for anything), on a
   worker thread, or in a queue of the service's own: that of casting, that of challenges. */
typedef enum nep_route_runs {
  NEP_RUNS_HERE,
  NEP_RUNS_ON_WORKER,
  NEP_RUNS_IN_CASTING,
  NEP_RUNS_IN_CHALLENGES
} nep_route_runs;

enum {
  NEP_ROUTE_SESSION = 1, /* needs "Authorization: Bearer"; a refusal is 401 */
  NEP_ROUTE_ACT = 2,     /* needs "NEP-Act" */
  NEP_ROUTE_VOTER = 4    /* a person's business: the log says no reasons, only codes */
};

struct nep_route {
  const char *method;
  const char *path; /* template */
  const char *name; /* operationId in doc/openapi.yaml */
  nep_endpoint *endpoint;
  nep_route_runs runs;
  nep_route_body body;
  size_t limit; /* offset in nep_config of the most bytes a body may have */
  unsigned flags;
  nep_action action; /* with NEP_ROUTE_ACT */
  int document;      /* nep_document of an endpoint that serves several */
  const char *query[3];
};

const nep_route *nep_routes(size_t *n);

/* Finds the route and fills uuid and tracker. NEP_E_NOT_FOUND when no route has this path; when
   some have, but none with this method, also NEP_E_NOT_FOUND with *allow set. HEAD finds GET. */
NEP_MUST_USE nep_status nep_route_find(const char *method, nep_bytes path, const nep_route **route,
                                       char uuid[NEP_UUID_TEXT], char tracker[NEP_TRACKER_TEXT],
                                       const char **allow, nep_error *err);

size_t nep_route_body_max(const nep_route *route, const nep_config *config);

#endif
