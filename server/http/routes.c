#include "server/http/routes.h"

#include <string.h>

#include "base/encode.h"
#include "records/published_challenge.h"
#include "server/http/endpoints.h"

#define LIMIT(name) offsetof(nep_config, limits_##name##_bytes)
#define ELECTION "/v1/elections/{uuid}"

#define PUBLIC(path_, name_, endpoint_, ...)                                                       \
  {                                                                                                \
    .method = "GET", .path = path_, .name = name_, .endpoint = endpoint_,                          \
    .runs = NEP_RUNS_ON_WORKER, __VA_ARGS__                                                        \
  }
#define VOTER(method_, path_, name_, endpoint_, body_, flags_)                                     \
  {                                                                                                \
    .method = method_, .path = path_, .name = name_, .endpoint = endpoint_,                        \
    .runs = NEP_RUNS_ON_WORKER, .body = body_, .limit = LIMIT(json),                               \
    .flags = NEP_ROUTE_VOTER | flags_                                                              \
  }
#define ACT(path_, name_, action_, body_, limit_)                                                  \
  {                                                                                                \
    .method = "POST", .path = path_, .name = name_, .endpoint = nep_post_act,                      \
    .runs = NEP_RUNS_ON_WORKER, .body = body_, .limit = limit_, .flags = NEP_ROUTE_ACT,            \
    .action = action_                                                                              \
  }

static const nep_route routes[] = {
    {.method = "GET", .path = "/healthz", .name = "getHealth", .endpoint = nep_get_health},
    PUBLIC("/readyz", "getReadiness", nep_get_ready, .flags = 0),
    {.method = "GET", .path = "/metrics", .name = "getMetrics", .endpoint = nep_get_metrics},

    PUBLIC("/v1/key", "getKey", nep_get_key, .flags = 0),
    PUBLIC("/v1/elections", "listElections", nep_get_elections, .flags = 0),
    PUBLIC(ELECTION, "getElection", nep_get_election, .flags = 0),
    PUBLIC(ELECTION "/definition", "getDefinition", nep_get_document,
           .document = NEP_DOCUMENT_DEFINITION),
    PUBLIC(ELECTION "/trustees", "getTrustees", nep_get_document,
           .document = NEP_DOCUMENT_TRUSTEES),
    PUBLIC(ELECTION "/trust", "getTrust", nep_get_document, .document = NEP_DOCUMENT_TRUST),
    PUBLIC(ELECTION "/credentials", "getCredentials", nep_get_document,
           .document = NEP_DOCUMENT_CREDENTIALS),
    PUBLIC(ELECTION "/result", "getResult", nep_get_document, .document = NEP_DOCUMENT_RESULT),
    PUBLIC(ELECTION "/documents/verdict", "getVerdict", nep_get_document,
           .document = NEP_DOCUMENT_VERDICT),
    PUBLIC(ELECTION "/documents/freeze-acts", "getFreezeActs", nep_get_document,
           .document = NEP_DOCUMENT_FREEZE_ACTS),
    PUBLIC(ELECTION "/documents/tally-acts", "getTallyActs", nep_get_document,
           .document = NEP_DOCUMENT_TALLY_ACTS),
    PUBLIC(ELECTION "/documents/countersignatures", "getCountersignatures", nep_get_document,
           .document = NEP_DOCUMENT_COUNTERSIGNATURES),
    PUBLIC(ELECTION "/documents/decryption-proofs", "getDecryptionProofs", nep_get_document,
           .document = NEP_DOCUMENT_DECRYPTION_PROOFS),
    PUBLIC(ELECTION "/ballots", "listBallots", nep_get_ballots, .query = {"after", "limit"}),
    PUBLIC(ELECTION "/ballots/{tracker}", "getBallot", nep_get_ballot, .flags = 0),
    PUBLIC(ELECTION "/archive", "getArchive", nep_get_archive, .query = {"upto"}),
    PUBLIC(ELECTION "/casts", "getCasts", nep_get_casts, .query = {"upto"}),
    PUBLIC(ELECTION "/challenges", "listChallenges", nep_get_challenges, .query = {"from"}),
    PUBLIC(ELECTION "/casts/head", "getCastsHead", nep_get_casts_head, .flags = 0),
    PUBLIC(ELECTION "/head", "getHead", nep_get_head, .flags = 0),

    VOTER("POST", "/v1/sign-in", "startSignIn", nep_post_sign_in, NEP_BODY_JSON, 0),
    VOTER("POST", "/v1/sessions", "openSession", nep_post_session, NEP_BODY_JSON, 0),
    VOTER("POST", "/v1/registrations", "register", nep_post_registration, NEP_BODY_JSON, 0),
    VOTER("GET", "/v1/me/registration", "getOwnRegistration", nep_get_own_registration,
          NEP_BODY_NONE, NEP_ROUTE_SESSION),
    VOTER("GET", "/v1/me/accesses", "getOwnAccesses", nep_get_own_accesses, NEP_BODY_NONE,
          NEP_ROUTE_SESSION),

    VOTER("POST", ELECTION "/casts/last", "getLastCast", nep_post_last_cast, NEP_BODY_JSON, 0),
    {.method = "POST",
     .path = ELECTION "/ballots",
     .name = "castBallot",
     .runs = NEP_RUNS_IN_CASTING,
     .body = NEP_BODY_JSON,
     .limit = LIMIT(ballot),
     .flags = NEP_ROUTE_VOTER},

    {.method = "POST",
     .path = ELECTION "/challenges",
     .name = "publishChallenge",
     .runs = NEP_RUNS_IN_CHALLENGES,
     .body = NEP_BODY_JSON,
     .limit = LIMIT(ballot),
     .flags = NEP_ROUTE_VOTER},

    ACT("/v1/elections", "createElection", NEP_ACT_CREATE, NEP_BODY_JSON, LIMIT(act)),
    ACT(ELECTION "/roll", "importRoll", NEP_ACT_ROLL, NEP_BODY_CSV, LIMIT(roll)),
    ACT(ELECTION "/calendar", "setCalendar", NEP_ACT_CALENDAR, NEP_BODY_JSON, LIMIT(json)),
    ACT(ELECTION "/registration", "startRegistration", NEP_ACT_REGISTRATION, NEP_BODY_JSON,
        LIMIT(json)),
    ACT(ELECTION "/registry", "exportRegistry", NEP_ACT_REGISTRY, NEP_BODY_JSON, LIMIT(json)),
    ACT(ELECTION "/freeze", "freezeElection", NEP_ACT_FREEZE, NEP_BODY_JSON, LIMIT(act)),
    ACT(ELECTION "/open", "openElection", NEP_ACT_OPEN, NEP_BODY_JSON, LIMIT(json)),
    ACT(ELECTION "/close", "closeElection", NEP_ACT_CLOSE, NEP_BODY_JSON, LIMIT(json)),
    ACT(ELECTION "/tally", "uploadTally", NEP_ACT_TALLY, NEP_BODY_JSON, LIMIT(act)),
    ACT(ELECTION "/decryption", "uploadDecryption", NEP_ACT_DECRYPTION, NEP_BODY_JSON, LIMIT(act)),
    ACT(ELECTION "/result", "uploadResult", NEP_ACT_RESULT, NEP_BODY_JSON, LIMIT(act)),
};
enum { ROUTES = sizeof routes / sizeof *routes };

const nep_route *nep_routes(size_t *n)
{
  *n = ROUTES;
  return routes;
}

size_t nep_route_body_max(const nep_route *route, const nep_config *config)
{
  if (route->body == NEP_BODY_NONE)
    return 0;
  int64_t limit;
  memcpy(&limit, (const char *)config + route->limit, sizeof limit);
  return route->runs == NEP_RUNS_IN_CHALLENGES ? NEP_PUBLISHED_CASTS * (size_t)limit
                                               : (size_t)limit;
}

static nep_status read_uuid(nep_bytes raw, char out[NEP_UUID_TEXT], nep_error *err)
{
  if (raw.len < 14 || raw.len >= NEP_UUID_TEXT || !nep_is_base58(raw.data, raw.len))
    return nep_fail(err, NEP_E_INPUT, "uuid", "uuid",
                    "must be 14 to 64 characters of the Base58 alphabet");
  memcpy(out, raw.data, raw.len);
  out[raw.len] = '\0';
  return NEP_OK;
}

/* A tracker comes in base64 with percent-encoded '/' and '+', or in base64url. */
static nep_status read_tracker(nep_bytes raw, char out[NEP_TRACKER_TEXT], nep_error *err)
{
  uint8_t hash[32];
  size_t len = 0;
  if (nep_percent_decode(raw, out, NEP_TRACKER_TEXT)) {
    for (char *c = out; *c; c++)
      *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    if (nep_unbase64(out, strlen(out), hash, sizeof hash, &len) && len == sizeof hash)
      return NEP_OK;
  }
  out[0] = '\0';
  return nep_fail(err, NEP_E_INPUT, "tracker", "tracker",
                  "must be 43 characters of base64 or base64url");
}

/* What a path allows; the table is small and this is the way of a mistake. */
static const char *methods_of(nep_bytes path)
{
  bool get = false, post = false;
  nep_path_match match;
  for (size_t i = 0; i < ROUTES; i++)
    if (nep_path_match_template(path, routes[i].path, &match)) {
      get = get || strcmp(routes[i].method, "GET") == 0;
      post = post || strcmp(routes[i].method, "POST") == 0;
    }
  return get && post ? "GET, HEAD, POST" : get ? "GET, HEAD" : post ? "POST" : NULL;
}

nep_status nep_route_find(const char *method, nep_bytes path, const nep_route **route,
                          char uuid[NEP_UUID_TEXT], char tracker[NEP_TRACKER_TEXT],
                          const char **allow, nep_error *err)
{
  if (strcmp(method, "HEAD") == 0)
    method = "GET";
  uuid[0] = tracker[0] = '\0';
  *allow = NULL;
  nep_path_match match;
  for (size_t i = 0; i < ROUTES; i++) {
    if (strcmp(routes[i].method, method) != 0 ||
        !nep_path_match_template(path, routes[i].path, &match))
      continue;
    *route = &routes[i];
    nep_status status = match.n > 0 ? read_uuid(match.params[0], uuid, err) : NEP_OK;
    if (status == NEP_OK && match.n > 1)
      status = read_tracker(match.params[1], tracker, err);
    return status;
  }
  *allow = methods_of(path);
  if (*allow)
    return nep_fail(err, NEP_E_NOT_FOUND, "method", NULL, "this address allows %s only", *allow);
  nep_fail(err, NEP_E_NOT_FOUND, "path", NULL, "nothing is served at this address");
  nep_advise(err, "doc/openapi.yaml lists every address");
  return NEP_E_NOT_FOUND;
}
