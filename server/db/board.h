/* Statements on the schema board: the public record. One function, one statement, one file. Texts
   that a row owns are freed by its _free; callbacks get rows that are valid during the call. */
#ifndef NEP_SERVER_DB_BOARD_H
#define NEP_SERVER_DB_BOARD_H

#include "server/db/db.h"

typedef enum nep_phase {
  NEP_PHASE_DRAFT,
  NEP_PHASE_REGISTRATION,
  NEP_PHASE_FROZEN,
  NEP_PHASE_OPEN,
  NEP_PHASE_CLOSED,
  NEP_PHASE_TALLIED,
  NEP_PHASE_ANNOUNCED
} nep_phase;
const char *nep_phase_name(nep_phase phase); /* "draft", … */

/* The kinds of board.data, by their names in the database. */
#define NEP_DATA_ELECTION "election"
#define NEP_DATA_TRUSTEES "trustees"
#define NEP_DATA_CREDENTIALS "credentials"
#define NEP_DATA_SETUP "setup"
#define NEP_DATA_TALLY "tally"
#define NEP_DATA_SIZED "sized"
#define NEP_DATA_DECRYPTION "decryption"
#define NEP_DATA_OWNED "owned"
#define NEP_DATA_RESULT "result"

typedef struct nep_election_row {
  char uuid[65];
  char *event, *name, *description;
  char identifier[8];
  char group[24];
  int64_t ballot_bytes;
  int64_t stamp; /* timestamp of the archive */
} nep_election_row;
void nep_election_row_free(nep_election_row *r);

typedef struct nep_head_row {
  nep_phase phase;
  bool has_calendar;
  int64_t registration_closes, opens, closes; /* seconds since 1970 */
  int64_t claims_until;                       /* the same; 0 before the freeze */
  bool has_event;
  int64_t height;
  char event[65];
  int64_t event_time;
  int64_t archive_end;
  int64_t ballots, voted;
} nep_head_row;

typedef struct nep_event_row {
  int64_t height;
  const char *type, *hash, *parent, *payload; /* parent and payload NULL when absent */
  int64_t archive_end;
  nep_bytes ballot; /* of a Ballot event */
} nep_event_row;

/* ---- elections and their data ---- */
NEP_MUST_USE nep_status nep_db_election_insert(nep_db *db, const nep_election_row *e,
                                               nep_error *err);
/* NEP_E_NOT_FOUND "election" when there is none. */
NEP_MUST_USE nep_status nep_db_election_get(nep_db *db, const char *uuid, nep_election_row *out,
                                            nep_error *err);
typedef nep_status nep_db_election_each(void *ctx, const char *uuid, const char *name,
                                        const char *event, const char *phase, nep_error *err);
NEP_MUST_USE nep_status nep_db_elections_list(nep_db *db, nep_db_election_each *each, void *ctx,
                                              nep_error *err);
/* hash gets the SHA-256 of the body. */
NEP_MUST_USE nep_status nep_db_data_insert(nep_db *db, const char *uuid, int64_t height,
                                           const char *kind, nep_bytes body, char hash[65],
                                           nep_error *err);
/* The one record of this kind, appended to *body; NEP_E_NOT_FOUND "document" when there is none. */
NEP_MUST_USE nep_status nep_db_data_get(nep_db *db, const char *uuid, const char *kind,
                                        nep_buf *body, char hash[65], nep_error *err);
NEP_MUST_USE nep_status nep_db_data_hash(nep_db *db, const char *uuid, const char *kind,
                                         char hash[65], nep_error *err);
typedef nep_status nep_db_data_each(void *ctx, nep_bytes body, const char *hash, nep_error *err);
/* All records of this kind in the order of their events. */
NEP_MUST_USE nep_status nep_db_data_list(nep_db *db, const char *uuid, const char *kind,
                                         nep_db_data_each *each, void *ctx, nep_error *err);
/* All records that stand before the event at `height`, in the order of protocol.md §11. */
NEP_MUST_USE nep_status nep_db_data_before(nep_db *db, const char *uuid, int64_t height,
                                           nep_db_data_each *each, void *ctx, nep_error *err);

/* ---- beside the archive ---- */

/* The kinds of board.additions, by their names in the database. */
#define NEP_ADDITION_TRUST "trust"
#define NEP_ADDITION_FREEZE "freeze"
#define NEP_ADDITION_VERDICT "verdict"
#define NEP_ADDITION_TALLY "tally"
#define NEP_ADDITION_COUNTERSIGNATURE "countersignature"
#define NEP_ADDITION_DECRYPTION_PROOF "decryption-proof"

/* number counts from 0 within a kind; there is one trust file and one verdict. */
NEP_MUST_USE nep_status nep_db_addition_insert(nep_db *db, const char *uuid, const char *kind,
                                               int64_t number, nep_bytes body, nep_error *err);
/* All of this kind, in order. */
NEP_MUST_USE nep_status nep_db_additions_list(nep_db *db, const char *uuid, const char *kind,
                                              nep_db_data_each *each, void *ctx, nep_error *err);

/* ---- heads ---- */
NEP_MUST_USE nep_status nep_db_head_insert(nep_db *db, const char *uuid, int64_t archive_end,
                                           nep_error *err);
NEP_MUST_USE nep_status nep_db_head_get(nep_db *db, const char *uuid, nep_head_row *out,
                                        nep_error *err);
/* Nobody else changes the election until this transaction ends. */
NEP_MUST_USE nep_status nep_db_head_lock(nep_db *db, const char *uuid, nep_head_row *out,
                                         nep_error *err);
/* phase, height, event, archive_end, claims_until: after an act. */
NEP_MUST_USE nep_status nep_db_head_act(nep_db *db, const char *uuid, const nep_head_row *head,
                                        nep_error *err);
NEP_MUST_USE nep_status nep_db_head_calendar(nep_db *db, const char *uuid, const nep_head_row *head,
                                             nep_error *err);

/* ---- events ---- */
NEP_MUST_USE nep_status nep_db_event_insert(nep_db *db, const char *uuid, const nep_event_row *e,
                                            int64_t at, nep_error *err);
/* NEP_E_NOT_FOUND "event" when there is none. */
NEP_MUST_USE nep_status nep_db_event_get(nep_db *db, const char *uuid, int64_t height,
                                         char hash[65], int64_t *archive_end, nep_error *err);
typedef nep_status nep_db_event_each(void *ctx, const nep_event_row *e, nep_error *err);
NEP_MUST_USE nep_status nep_db_events_range(nep_db *db, const char *uuid, int64_t from, int64_t to,
                                            nep_db_event_each *each, void *ctx, nep_error *err);
/* The same without the ballots' texts, for who only follows the chain. */
NEP_MUST_USE nep_status nep_db_events_chain(nep_db *db, const char *uuid, int64_t from, int64_t to,
                                            nep_db_event_each *each, void *ctx, nep_error *err);

/* ---- cast statements ---- */
typedef struct nep_casts_head {
  int64_t height; /* of the ballot; 0 when there is no statement */
  char event[65];
  int64_t casts_end;
} nep_casts_head;
/* The last statement whose ballot stands at `upto` or below. */
NEP_MUST_USE nep_status nep_db_casts_head(nep_db *db, const char *uuid, int64_t upto,
                                          nep_casts_head *out, nep_error *err);
/* The statement of the credential's last ballot, when it has one, with ballot's hash, height, hash
   and time of its event. */
typedef nep_status nep_db_cast_of_each(void *ctx, nep_bytes statement, const char *ballot,
                                       int64_t height, const char *event, int64_t at,
                                       nep_error *err);
NEP_MUST_USE nep_status nep_db_cast_of(nep_db *db, const char *uuid, const char *credential,
                                       nep_db_cast_of_each *each, void *ctx, nep_error *err);
typedef struct nep_cast_row {
  int64_t height; /* of the ballot's event */
  nep_bytes body;
  const char *hash, *event, *parent; /* parent NULL for the first */
  int64_t casts_end;
} nep_cast_row;
typedef nep_status nep_db_cast_each(void *ctx, const nep_cast_row *c, nep_error *err);
NEP_MUST_USE nep_status nep_db_casts_range(nep_db *db, const char *uuid, int64_t from, int64_t to,
                                           nep_db_cast_each *each, void *ctx, nep_error *err);
/* The same without the statements. */
NEP_MUST_USE nep_status nep_db_casts_chain(nep_db *db, const char *uuid, int64_t from, int64_t to,
                                           nep_db_cast_each *each, void *ctx, nep_error *err);

/* ---- challenges: they never count ---- */
typedef struct nep_challenge_row {
  int64_t number; /* from 1, in the order of their publication */
  const char *credential;
  nep_bytes body;
  int64_t at;
} nep_challenge_row;
/* The database refuses a gap, a message that is there or was cast, and too many of a credential. */
NEP_MUST_USE nep_status nep_db_challenge_insert(nep_db *db, const char *uuid,
                                                const nep_challenge_row *row, nep_error *err);
/* Number and time of the challenge that reveals this message (hash in hex); number 0 for none. */
NEP_MUST_USE nep_status nep_db_challenge_known(nep_db *db, const char *uuid, const char *message,
                                               int64_t *number, int64_t *at, nep_error *err);
/* A message is compared with this many ballots of its credential at most, so that the lock of the
   head is never held long. */
enum { NEP_COMPARED_BALLOTS = 256 };
typedef struct nep_challenge_counts {
  int64_t last;    /* number of the board, 0 for none */
  int64_t own;     /* challenges of the credential */
  int64_t ballots; /* of the credential; NEP_COMPARED_BALLOTS + 1 stands for more */
} nep_challenge_counts;
NEP_MUST_USE nep_status nep_db_challenges_count(nep_db *db, const char *uuid,
                                                const char *credential, nep_challenge_counts *out,
                                                nep_error *err);
typedef nep_status nep_db_challenge_each(void *ctx, const nep_challenge_row *row, nep_error *err);
/* Those with this number and above, in order: `limit` at most, and as many as have `bytes`
   together, but one in any case. Their credentials are left out. */
NEP_MUST_USE nep_status nep_db_challenges_page(nep_db *db, const char *uuid, int64_t from,
                                               int64_t limit, int64_t bytes,
                                               nep_db_challenge_each *each, void *ctx,
                                               nep_error *err);
/* Whether a stored ballot of the credential signs this message (hash in hex). */
NEP_MUST_USE nep_status nep_db_message_cast(nep_db *db, const char *uuid, const char *credential,
                                            const char *message, bool *cast, nep_error *err);

/* ---- ballots (casting.h stores them) ---- */
typedef nep_status nep_db_page_each(void *ctx, int64_t height, const char *hash,
                                    const char *credential, const char *event, nep_error *err);
NEP_MUST_USE nep_status nep_db_ballots_page(nep_db *db, const char *uuid, int64_t after,
                                            int64_t limit, nep_db_page_each *each, void *ctx,
                                            nep_error *err);
/* Appends the text; NEP_E_NOT_FOUND "ballot". */
NEP_MUST_USE nep_status nep_db_ballot_get(nep_db *db, const char *uuid, const char *hash,
                                          nep_buf *body, nep_error *err);
/* The last ballot of each credential above `after`, in the order of credentials, `limit` at most.
 */
typedef nep_status nep_db_last_each(void *ctx, const char *credential, nep_bytes body,
                                    nep_error *err);
NEP_MUST_USE nep_status nep_db_last_ballots(nep_db *db, const char *uuid, const char *after,
                                            int64_t limit, nep_db_last_each *each, void *ctx,
                                            nep_error *err);

#endif
