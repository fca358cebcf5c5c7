/* A verifier's own notes on what it has finished (--state): a run that was stopped goes on, and a
   later one proves only what is new. One file, mode 0600, replaced as a whole. It holds no secret,
   but what it says is believed: it is refused when it belongs to another user, when others can
   write or read it, when its hash is wrong (which shows accidents, no more), and when another
   version of the verifier or another kind of run has written it. */
#ifndef NEP_TALLY_STATE_H
#define NEP_TALLY_STATE_H

#include "protocol/verify.h"
#include "tally/event_list.h"

typedef struct nep_state nep_state;

/* `scope` says what kind of run it is: "archive", "event", "shard 2/5". A missing file is an empty
   state. Code "state". */
NEP_MUST_USE nep_status nep_state_open(const char *path, const char *scope, nep_state **out,
                                       nep_error *err);
void nep_state_free(nep_state *s); /* NULL allowed */

/* All of the following may be called by several threads, and with s NULL, which does nothing. */

/* What is known of an archive, into *out; false when nothing is. */
NEP_MUST_USE bool nep_state_prefix(nep_state *s, const char *name, nep_prefix *out);
/* The report of an archive whose verification ended, a new reference; NULL when there is none. */
json_t *nep_state_report(nep_state *s, const char *name);
/* Notes; `report` NULL while the verification goes on. Written to the file when the last time is
   long enough ago. */
void nep_state_note(nep_state *s, const char *name, const nep_prefix *finished,
                    const json_t *report);
/* The names that are noted, one after the other; NULL at the end. *cursor begins as NULL. Borrowed;
   no note may be made in between. */
const char *nep_state_name(nep_state *s, void **cursor);
/* Writes everything. The first error of any writing. */
NEP_MUST_USE nep_status nep_state_end(nep_state *s, nep_error *err);

/* nep_verify_archive that goes on where the state says, and notes what it finishes.
 *finished, which may be NULL, gets what is finished in the end. With s NULL: nep_verify_archive. */
NEP_MUST_USE nep_status nep_state_verify(nep_state *s, const char *name, const char *path,
                                         const nep_verify_options *options, nep_prefix *finished,
                                         nep_verified **out, nep_error *err);

#endif
