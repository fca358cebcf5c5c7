/* Parsed definitions and credential lists of frozen elections, kept for verification. */
#ifndef NEP_SERVER_SERVICE_SETUPS_H
#define NEP_SERVER_SERVICE_SETUPS_H

#include "protocol/ballot.h"
#include "server/service/inside.h"

enum { NEP_SETUPS_MAX = 32 }; /* kept at once; the one not used for longest makes room */

/* Never changes once an election is frozen; shared by threads. */
typedef struct nep_setup {
  char uuid[65];
  nep_election *election;
  nep_credentials *credentials;
  size_t envelope; /* length of a casting body (A16) */
  unsigned users;
  uint64_t used; /* when last taken, by a counter */
  bool kept;     /* in the list */
} nep_setup;

nep_setups *nep_setups_new(void);
void nep_setups_free(nep_setups *all); /* NULL allowed; nothing is taken any more */
/* Group of the election, or NULL while its setup is not kept and would have to be read first. */
const nep_group *nep_setup_group(nep_service *s, const char *uuid);
/* Before the freeze NEP_E_STATE "phase". Give back what was taken. */
NEP_MUST_USE nep_status nep_setup_take(nep_service *s, const char *uuid, nep_setup **out,
                                       nep_error *err);
void nep_setup_give(nep_service *s, nep_setup *setup); /* NULL allowed */

#endif
