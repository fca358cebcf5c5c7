/* One endpoint a file; routes.c lists them. */
#ifndef NEP_HTTP_ENDPOINTS_H
#define NEP_HTTP_ENDPOINTS_H

#include "server/http/request.h"

nep_endpoint nep_get_health, nep_get_ready, nep_get_metrics;
nep_endpoint nep_get_key, nep_get_elections, nep_get_election, nep_get_document;
nep_endpoint nep_get_ballots, nep_get_ballot, nep_get_archive, nep_get_casts, nep_get_head;
nep_endpoint nep_get_challenges;
nep_endpoint nep_post_sign_in, nep_post_session, nep_post_registration, nep_post_last_cast;
nep_endpoint nep_get_own_registration, nep_get_own_accesses;
nep_endpoint nep_post_act;

#endif
