/* Counting again what is stored, and reading what decryptions are checked against. */
#ifndef NEP_SERVER_SERVICE_RECOUNT_H
#define NEP_SERVER_SERVICE_RECOUNT_H

#include "protocol/tally.h"
#include "server/service/inside.h"
#include "server/service/setups.h"

/* Encrypted tally and `sized` of the stored ballots (protocol.md §10): the last one of each
   credential, read in pieces. */
NEP_MUST_USE nep_status nep_recount(nep_service *s, const char *uuid, nep_buf *tally,
                                    nep_buf *sized, nep_error *err);

/* A tallied election as decryptions and results see it. */
typedef struct nep_tallied {
  nep_setup *setup;
  nep_trustees *trustees;
  nep_encrypted_tally *tally;
  uint64_t total_weight;
  nep_factors **factors; /* of the partial decryptions stored so far */
  size_t n_factors;
} nep_tallied;

/* End with nep_tallied_free in either case. */
NEP_MUST_USE nep_status nep_tallied_read(nep_service *s, const char *uuid, nep_tallied *t,
                                         nep_error *err);
void nep_tallied_free(nep_service *s, nep_tallied *t);

#endif
