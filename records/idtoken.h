/* OpenID Connect ID tokens (cjose): RS256, ES256, PS256. */
#ifndef NEP_RECORDS_IDTOKEN_H
#define NEP_RECORDS_IDTOKEN_H

#include <jansson.h>

#include "base/buf.h"
#include "base/status.h"

enum { NEP_IDTOKEN_MAX = 8192, NEP_JWKS_MAX = 65536 };

typedef struct nep_idtoken_policy {
  const char *issuer;     /* claim "iss" must equal it */
  const char *audience;   /* claim "aud" must be or contain it (then "azp" must equal it) */
  const char *roll_claim; /* claim that identifies the person on the roll, e.g. "sub" */
  int64_t leeway;         /* seconds of clock difference allowed */
  int64_t max_age;        /* "iat" may be at most this old, seconds */
} nep_idtoken_policy;

typedef struct nep_idtoken {
  char *person;  /* value of roll_claim */
  char *subject; /* "sub" */
  char *nonce;
  int64_t issued, expires;
} nep_idtoken;

/* Verifies signature (by a key of the JWKS), algorithm, issuer, audience, expiry at `now`, and
   nonce when `nonce` is not NULL. Code "id-token"; `where` is the claim. Free with
   nep_idtoken_free. */
NEP_MUST_USE nep_status nep_idtoken_check(nep_bytes token, nep_bytes jwks,
                                          const nep_idtoken_policy *policy, const char *nonce,
                                          int64_t now, nep_idtoken *out, nep_error *err);
/* When the token says that it was issued; nothing of it is verified. For tokens that are checked
   long after they were used: they must have been right at that moment. */
NEP_MUST_USE nep_status nep_idtoken_issued(nep_bytes token, int64_t *issued, nep_error *err);
void nep_idtoken_free(nep_idtoken *t);

#endif
