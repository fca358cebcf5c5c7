/* All ballots of one credential: as the server's board lists them, and as they stand in an archive.
 */
#ifndef NEP_CLIENT_OWN_BALLOTS_H
#define NEP_CLIENT_OWN_BALLOTS_H

#include "client-cli/voter.h"

typedef struct nep_own_ballot {
  uint64_t height;
  char tracker[44];
  char event[65];
} nep_own_ballot;

typedef struct nep_own_ballots {
  nep_own_ballot *list; /* by height */
  size_t n;
  uint64_t events;       /* seen in all (of an archive) */
  char wanted_event[65]; /* hash of the event at the wanted height, "" when there is none */
} nep_own_ballots;

/* Reads the whole board, page by page: the server does not learn whose ballots are looked for. */
NEP_MUST_USE nep_status nep_own_ballots_on_board(nep_http *h, const char *uuid,
                                                 const char *credential, nep_own_ballots *out,
                                                 nep_error *err);

/* Whether this ballot's text names the credential. */
NEP_MUST_USE bool nep_ballot_is_of(nep_bytes text, const char *credential);

/* Reads an archive that nep_verify_archive has found valid up to `head`, hash of its last event;
   code "archive-changed" when it is another one by now. `wanted` is a height whose event the caller
   wants to know. */
NEP_MUST_USE nep_status nep_own_ballots_in_archive(const char *path, const char *head,
                                                   const char *credential, uint64_t wanted,
                                                   nep_own_ballots *out, nep_error *err);
void nep_own_ballots_free(nep_own_ballots *b);

#endif
