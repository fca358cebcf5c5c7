/* Inside protocol/ only: what every step of the Pedersen key generation begins with. */
#ifndef NEP_PROTOCOL_CEREMONY_STEP_H
#define NEP_PROTOCOL_CEREMONY_STEP_H

#include "protocol/threshold.h"

typedef struct nep_step {
  nep_threshold t;
  nep_findings findings;
  json_t *context, *certs, *lines, *more;
  nep_scalar sk, dk; /* of the member who acts */
  size_t self;       /* its place, from 0 */
} nep_step;

/* Reads and checks the context and, unless NULL, the certificates. End with nep_step_end whether it
   succeeded or not. */
NEP_MUST_USE nep_status nep_step_start(nep_step *s, nep_bytes context, const nep_bytes *certs,
                                       nep_error *err);
void nep_step_end(nep_step *s);

/* Two members with one key would be one person with two shares. */
NEP_MUST_USE nep_status nep_step_check_distinct(const nep_threshold *t, nep_error *err);
/* Keys of the member with this seed, who must have a certificate. */
NEP_MUST_USE nep_status nep_step_become(nep_step *s, const char *seed, nep_error *err);
/* One canonical JSON text, newlines at its end allowed; `what` names it in errors. */
NEP_MUST_USE nep_status nep_step_read_text(nep_bytes text, const char *what, json_t **out,
                                           nep_error *err);

#endif
