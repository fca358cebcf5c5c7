/* Parsed definitions and credential lists of frozen elections, kept for verification in as much
   memory as the configuration allows. Reading one takes seconds where there are many voters, so one
   is read at a time. Anybody may ask for any election, so those stay longest in which a ballot was
   verified last: asking alone is no reason to keep one. */
#ifndef NEP_SERVER_SERVICE_SETUPS_H
#define NEP_SERVER_SERVICE_SETUPS_H

#include "protocol/ballot.h"
#include "server/service/inside.h"

/* Never changes once an election is frozen; shared by threads. */
typedef struct nep_setup {
  char uuid[65];
  nep_election *election;
  nep_credentials *credentials;
  size_t envelope;             /* length of a casting body (A16) */
  size_t bytes;                /* memory that all of it takes */
  atomic_uint_fast64_t proved; /* when it was last proved, by a counter; 0: never */
  unsigned users;              /* with the list's lock, like the rest */
  bool kept;
  struct nep_setup *next; /* of those that are kept, the one read last first */
} nep_setup;

nep_setups *nep_setups_new(size_t max_bytes);
void nep_setups_free(nep_setups *all);    /* NULL allowed; nothing is taken any more */
size_t nep_setups_bytes(nep_setups *all); /* memory of those that are kept */

/* Taken, or NULL when it would have to be read first: never waits for that. */
nep_setup *nep_setup_at_hand(nep_service *s, const char *uuid);
/* Reads it when it is not at hand, and waits while another one is read: for threads that have
   nobody else to serve. Before the freeze NEP_E_STATE "phase". */
NEP_MUST_USE nep_status nep_setup_take(nep_service *s, const char *uuid, nep_setup **out,
                                       nep_error *err);
/* The same, but NEP_E_BUSY "setup-reading" while another one is read. */
NEP_MUST_USE nep_status nep_setup_take_soon(nep_service *s, const char *uuid, nep_setup **out,
                                            nep_error *err);
/* What was taken; NULL allowed. */
void nep_setup_give(nep_service *s, nep_setup *setup);
/* Something that only a voter or an official of this election can make was verified with it. */
void nep_setup_proved(nep_service *s, nep_setup *setup);

/* ---- setup_read.c ---- */

/* From the database. */
NEP_MUST_USE nep_status nep_setup_read(nep_service *s, const char *uuid, nep_setup **out,
                                       nep_error *err);
void nep_setup_free(nep_setup *setup); /* NULL allowed; nobody has it */
/* Length of a casting body, without reading the lists: so that what cannot be a ballot does not
   make anybody read them. The same errors. */
NEP_MUST_USE nep_status nep_cast_length_read(nep_service *s, const char *uuid, size_t *length,
                                             nep_error *err);

#endif
