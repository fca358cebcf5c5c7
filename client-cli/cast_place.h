/* Where the voter's next ballot stands among those of the credential: after every ballot that this
   device has made, and after the last one of another device, which the server shows (A20, A23). */
#ifndef NEP_CLIENT_CAST_PLACE_H
#define NEP_CLIENT_CAST_PLACE_H

#include "client-cli/voter.h"
#include "protocol/election.h"

typedef struct nep_cast_place {
  int64_t sequence;
  char previous[65]; /* hash of the ballot that it follows; "" for none */
} nep_cast_place;

/* Asks the server for the credential's last ballot and believes only what the credential itself has
   signed: the server can leave it out, but neither invent one nor change a number; the folder's own
   numbers are a lower bound all the same. Tells the voter of a ballot that was not made with this
   folder, and when the server leaves out one that it has confirmed. The question comes before the
   choice and does not depend on it. Codes "cast-signature", "cast-statement", "receipt-content",
   "signature", "server-answer"; "cast-numbers" when no higher number is left. */
NEP_MUST_USE nep_status nep_cast_place_find(nep_voter *v, const nep_election *e,
                                            const char *credential, nep_cast_place *out,
                                            nep_error *err);

#endif
