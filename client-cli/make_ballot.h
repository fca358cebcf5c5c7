/* Making a ballot on the voter's device: cast or challenge. */
#ifndef NEP_CLIENT_MAKE_BALLOT_H
#define NEP_CLIENT_MAKE_BALLOT_H

#include "client-cli/cast_place.h"
#include "client-cli/voter.h"
#include "protocol/ballot.h"

/* Takes the choice, encrypts it, and shows the code that commits the device to the encrypted
   message before it knows whether the message will be cast. Cast: *made is true, the ballot is
   signed and stored as the folder's n-th (before anything is sent), its statement says `place`,
   choice and randomness are forgotten. Challenged: *made is false, choice and randomness are in a
   file for nep-verify challenge, and nothing was signed. */
NEP_MUST_USE nep_status nep_voter_make_ballot(nep_voter *v, const nep_election *e,
                                              const char *credential, unsigned n,
                                              const nep_cast_place *place, bool *made,
                                              nep_error *err);

#endif
