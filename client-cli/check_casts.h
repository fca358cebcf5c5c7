/* Whether the order of a credential's ballots is the one in which devices made them (A23). */
#ifndef NEP_CLIENT_CHECK_CASTS_H
#define NEP_CLIENT_CHECK_CASTS_H

#include "client-cli/own_ballots.h"
#include "client-cli/voter.h"
#include "protocol/verify.h"

typedef struct nep_casts_report {
  bool checked; /* the statements were there and every check of them held */
  bool failed;  /* a check failed, or they are withheld */
  size_t gaps;  /* of the own ballots: before so many the device made others that are missing */
} nep_casts_report;

/* Holds the casts file (option --casts; else the server's, downloaded to `file`, when the archive
   came from there) against the verified archive. `owed`: the server has confirmed a ballot that it
   got a statement with. Codes "casts-invalid" when a check fails; the faults are printed;
   "casts-withheld" when the server owes the file and has none. NEP_OK without having checked when
   there is no file otherwise. */
NEP_MUST_USE nep_status nep_check_casts(nep_voter *v, const nep_verified *verified,
                                        const char *archive, const char *file, bool owed,
                                        const nep_own_ballots *own, nep_casts_report *out,
                                        nep_error *err);

/* Tells the voter. */
void nep_check_casts_say(const nep_casts_report *r);
/* Code "order-not-checked" when it was not. */
NEP_MUST_USE nep_status nep_check_casts_done(const nep_casts_report *r, nep_error *err);

#endif
