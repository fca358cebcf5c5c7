/* Inside records/ only: which key of a key set must verify a token. */
#ifndef NEP_RECORDS_IDTOKEN_KEY_H
#define NEP_RECORDS_IDTOKEN_KEY_H

#include <cjose/cjose.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/status.h"

/* Checks the token's header (algorithm RS256, ES256 or PS256, nothing critical that we do not know)
   and finds its key: the one with the header's "kid", or the only one that fits when it has none.
   *out is to be released with cjose_jwk_release. Code "id-token", where "alg", "kid", "crit",
   "jwks". */
NEP_MUST_USE nep_status nep_idtoken_key(nep_bytes jwks, const json_t *header, cjose_jwk_t **out,
                                        nep_error *err);

#endif
