/* What the server says about an election: GET /v1/elections/{uuid}. Nothing of it is believed where
   it can be computed. */
#ifndef NEP_CLIENT_SUMMARY_H
#define NEP_CLIENT_SUMMARY_H

#include "client-cli/http.h"
#include "crypto/group.h"
#include "protocol/json.h"

typedef struct nep_summary {
  char uuid[65];
  char event[129];
  char phase[16];
  const nep_group *group;
  char election_hash[65];
  char setup_hash[65];       /* "" before the freeze */
  char credentials_hash[65]; /* "" before the freeze */
  int64_t ballot_bytes;
  json_t *json; /* the whole answer */
} nep_summary;

NEP_MUST_USE nep_status nep_summary_get(nep_http *h, const char *uuid, nep_summary *out,
                                        nep_error *err);
/* The same from its text. */
NEP_MUST_USE nep_status nep_summary_parse(nep_bytes text, const char *uuid, nep_summary *out,
                                          nep_error *err);
void nep_summary_free(nep_summary *s);

/* The list of elections: GET /v1/elections; *out is the array, a new reference. */
NEP_MUST_USE nep_status nep_elections_get(nep_http *h, json_t **out, nep_error *err);

/* The name of a phase for people. */
const char *nep_phase_name(const char *phase);

#endif
