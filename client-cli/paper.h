/* The ballot paper: an election's definition, trustees and list of credentials, verified by the
   voter's own program before anything is encrypted. */
#ifndef NEP_CLIENT_PAPER_H
#define NEP_CLIENT_PAPER_H

#include "client-cli/http.h"
#include "client-cli/summary.h"
#include "protocol/ballot.h"
#include "protocol/trustees.h"

typedef struct nep_paper {
  nep_election *election;
  nep_trustees *trustees;
  nep_credentials *credentials;
  char setup_hash[65], trustees_hash[65], credentials_hash[65]; /* computed */
} nep_paper;

/* Checks everything that the voter depends on: the definition is well formed, of this election,
   with the hash that the server names; the trustees' proofs and signatures hold and the product of
   their keys is the election's key (A25); the list of credentials is well formed; the three are
   what the setup names; the padded length of ballots is the one that follows from the definition
   (A16). Codes "paper-hash", "paper-key", "paper-uuid", "paper-length" and those of protocol/. */
NEP_MUST_USE nep_status nep_paper_verify(const nep_summary *summary, nep_bytes definition,
                                         nep_bytes trustees, nep_bytes credentials, nep_paper *out,
                                         nep_error *err);

/* Downloads the three documents and verifies them. */
NEP_MUST_USE nep_status nep_paper_get(nep_http *h, const nep_summary *summary, nep_paper *out,
                                      nep_error *err);
void nep_paper_free(nep_paper *p);

#endif
