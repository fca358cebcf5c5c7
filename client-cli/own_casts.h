/* What this folder has made with one credential in an election: ballots that were sent, and those
   that the server refused. Several voters may share a folder. */
#ifndef NEP_CLIENT_OWN_CASTS_H
#define NEP_CLIENT_OWN_CASTS_H

#include "protocol/election.h"
#include "records/receipt.h"

typedef struct nep_own_cast {
  unsigned n;               /* of its files (folder.h) */
  bool refused;             /* its ballot was put aside */
  bool confirmed;           /* there is a receipt for it: */
  nep_cast_receipt receipt; /* left empty; for who has verified it */
  char hash[65];
  char tracker[44];
} nep_own_cast;

typedef struct nep_own_casts {
  nep_own_cast *list; /* in the order in which they were made */
  size_t n;
} nep_own_casts;

/* Reads the ballots whose credential this is; *out is new. */
NEP_MUST_USE nep_status nep_own_casts_read(const char *dir, const char *uuid,
                                           const char *credential, nep_own_casts *out,
                                           nep_error *err);
/* The one with this tracker, NULL when this folder has not made it. */
const nep_own_cast *nep_own_casts_find(const nep_own_casts *c, const char *tracker);
void nep_own_casts_free(nep_own_casts *c);

/* Code "no-receipt": nothing can be checked, because this folder has cast nothing. */
nep_status nep_no_receipt(const char *dir, nep_error *err);

/* The credential that the last ballot of the folder was made with, for a voter who typed it. Code
   "no-receipt" when there is no ballot, "ballot-file" when it is damaged. */
NEP_MUST_USE nep_status nep_own_casts_credential(const char *dir, const nep_election *e,
                                                 char credential[NEP_ELEMENT_TEXT_MAX],
                                                 nep_error *err);

#endif
