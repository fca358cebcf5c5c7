/* The statements of the one transaction that stores ballots (server/service/cast_commit.c). Each is
   for ballots of several elections at once: lists have one entry for each i < n, and where an
   answer belongs to one of them, `each` gets its i. Plans are kept for a connection's life, so each
   entry is looked up by an index, whatever the tables' sizes were when the plan was made. */
#ifndef NEP_SERVER_DB_CASTING_H
#define NEP_SERVER_DB_CASTING_H

#include "server/db/board.h"

/* ---- heads ---- */

/* Nobody else changes these elections (no repeats) until this transaction ends. They are locked in
   one order, so two such transactions never wait for each other in a circle. With `wait` false
   those that another transaction holds are passed over, as those that are not there always are. */
typedef void nep_db_locked_each(void *ctx, const char *uuid);
NEP_MUST_USE nep_status nep_db_heads_lock(nep_db *db, const char *const *uuids, size_t n, bool wait,
                                          nep_db_locked_each *each, void *ctx, nep_error *err);
/* What is read after the locks, in a statement of its own: a statement that waits for a lock sees
   other tables as they were before it waited. */
typedef struct nep_casting_head {
  nep_head_row head;
  nep_casts_head casts; /* end of the chain of statements */
  int64_t now;          /* the database's clock, seconds since 1970 */
} nep_casting_head;
typedef void nep_db_casting_head_each(void *ctx, size_t i, const nep_casting_head *head);
NEP_MUST_USE nep_status nep_db_casting_heads(nep_db *db, const char *const *uuids, size_t n,
                                             nep_db_casting_head_each *each, void *ctx,
                                             nep_error *err);
/* height, event, archive_end, ballots and voted move on to these. */
NEP_MUST_USE nep_status nep_db_heads_cast(nep_db *db, const char *const *uuids,
                                          const nep_head_row *const *heads, size_t n,
                                          nep_error *err);

/* ---- what is stored already ---- */

typedef struct nep_known_cast {
  bool stored;           /* a ballot with this hash; the next four are its own */
  const char *statement; /* hash of what came along, "" for none */
  int64_t height;
  const char *event; /* hash */
  int64_t at;
  int64_t last; /* highest sequence number of the credential, 0 for none */
  bool voted;   /* the credential has a ballot */
} nep_known_cast;
typedef void nep_db_known_each(void *ctx, size_t i, const nep_known_cast *known);
/* hashes: of ballots. `each` is called for all n. */
NEP_MUST_USE nep_status nep_db_casts_known(nep_db *db, const char *const *uuids,
                                           const char *const *hashes,
                                           const char *const *credentials, size_t n,
                                           nep_db_known_each *each, void *ctx, nep_error *err);
/* The messages (hashes in hex) that these credentials revealed. */
typedef void nep_db_revealed_each(void *ctx, size_t i, const char *message);
NEP_MUST_USE nep_status nep_db_challenges_of(nep_db *db, const char *const *uuids,
                                             const char *const *credentials, size_t n,
                                             nep_db_revealed_each *each, void *ctx, nep_error *err);

/* ---- what is stored now ---- */

typedef struct nep_cast_rows { /* n parallel lists, heights of an election ascending */
  size_t n;
  const char **uuids;
  int64_t *heights;         /* of the ballots' events */
  const char **credentials; /* texts */
  const char **hashes;      /* of the ballots */
  nep_bytes *bodies;
  const char **events;  /* hashes of the Ballot events */
  const char **parents; /* of these */
  int64_t *archive_ends;
  int64_t *times; /* of the events */
  int64_t *sequences;
  const char **statement_hashes;
  nep_bytes *statements;
  const char **cast_events;  /* hashes of the Cast events */
  const char **cast_parents; /* of these; "" for none */
  int64_t *casts_ends;
} nep_cast_rows;
/* In this order; the database checks both chains once for all. These and nep_db_heads_cast do not
   wait: what the database refuses is told by the next statement that does, COMMIT at the latest. */
NEP_MUST_USE nep_status nep_db_ballots_insert(nep_db *db, const nep_cast_rows *rows,
                                              nep_error *err);
NEP_MUST_USE nep_status nep_db_ballot_events_insert(nep_db *db, const nep_cast_rows *rows,
                                                    nep_error *err);
NEP_MUST_USE nep_status nep_db_casts_insert(nep_db *db, const nep_cast_rows *rows, nep_error *err);

#endif
