/* nep-voter check: has anybody changed the order of the voter's ballots (A23)? */
#ifndef NEP_CLIENT_CHECK_CASTS_H
#define NEP_CLIENT_CHECK_CASTS_H

#include "client-cli/own_ballots.h"
#include "client-cli/voter.h"
#include "protocol/verify.h"

typedef struct nep_casts_report {
  bool checked; /* false: there is no casts file, as with archives of older servers */
  size_t gaps;  /* of the own ballots: before so many the device made others that are missing */
} nep_casts_report;

/* Holds the casts file (option --casts; else the server's, when the archive came from there)
   against the verified archive. Code "casts-invalid" when a check fails; the faults are printed. */
NEP_MUST_USE nep_status nep_check_casts(nep_voter *v, const nep_verified *verified,
                                        const char *archive, const nep_own_ballots *own,
                                        nep_casts_report *out, nep_error *err);

/* Tells the voter. */
void nep_check_casts_say(const nep_casts_report *r);

#endif
