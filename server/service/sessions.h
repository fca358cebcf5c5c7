/* Signing in: nonces that are used once, sessions of 15 minutes. */
#ifndef NEP_SERVER_SERVICE_SESSIONS_H
#define NEP_SERVER_SERVICE_SESSIONS_H

#include "server/db/registry.h"
#include "server/service/inside.h"

enum {
  NEP_SIGN_IN_SECONDS = 300,
  NEP_SESSION_SECONDS = 900,
  NEP_ACCESSES_MAX = 200 /* shown at once */
};

/* 32 random bytes as text (base64url), and the hash under which they are stored. */
void nep_token_new(char text[44], char hash[65]);

/* The person of a session, and a line in the access log; NEP_E_DENIED "session" when it is unknown
   or has expired. *person is new. */
NEP_MUST_USE nep_status nep_session_enter(nep_db *db, const char *session, const char *address,
                                          const char *action, char **person, nep_error *err);

#endif
