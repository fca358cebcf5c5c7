/* Publishing challenges: a bounded queue and one thread of its own, which verifies and stores them
   one after the other (challenge_store.c). Each costs an encryption, which fills no lanes together
   with others: ballots never wait behind one. */
#ifndef NEP_SERVER_SERVICE_CHALLENGE_H
#define NEP_SERVER_SERVICE_CHALLENGE_H

#include "server/service/inside.h"

enum { NEP_CHALLENGES_WAITING = 64 };

nep_challenger *nep_challenger_start(nep_service *s); /* never NULL */
/* Finishes what waits and ends the thread; again: does nothing. NULL allowed. */
void nep_challenger_stop(nep_challenger *c);
void nep_challenger_free(nep_challenger *c); /* once stopped; NULL allowed */

/* Verifies a body as it came and stores what was published; *json gets {"uuid","number","time"}.
   *created is false when the same challenge was there before, which gets the first answer. Nothing
   is stored unless every check held. Codes: "phase", "challenge-envelope", those of
   nep_published_verify, "not-open", "closed", "challenge-cast", "challenge-limit". */
NEP_MUST_USE nep_status nep_challenge_publish(nep_service *s, const char *uuid, nep_buf *body,
                                              bool *created, nep_buf *json, nep_error *err);

#endif
