/* The voter's own registrations and accesses as the server has them. */
#ifndef NEP_CLIENT_OWN_REGISTRATION_H
#define NEP_CLIENT_OWN_REGISTRATION_H

#include <jansson.h>

#include "client-cli/registration_make.h"

/* GET of a document about the signed-in voter; *out is its member `list`, a new reference. */
NEP_MUST_USE nep_status nep_own_document(nep_voter *v, const char *session, const char *path,
                                         const char *list, json_t **out, nep_error *err);

/* True when none of the registrations replaces the one with this nonce. */
bool nep_registration_is_latest(const json_t *registrations, const char *nonce);

/* Signs in and asks for the registration in force for an event; NEP_E_NOT_FOUND when there is none.
 */
NEP_MUST_USE nep_status nep_own_registration(nep_voter *v, const char *event, nep_replaced *out,
                                             nep_error *err);

#endif
