/* The statements of the one transaction that stores ballots (server/service/cast_commit.c). Each is
   for ballots of several elections at once: lists have one entry for each i < n. Plans are kept for
   a connection's life, so each entry is looked up by an index, whatever the tables' sizes were when
   the plan was made. */
#ifndef NEP_SERVER_DB_CASTING_H
#define NEP_SERVER_DB_CASTING_H

#include "server/db/board.h"

/* ---- what is read ---- */

typedef struct nep_casting_question {
  const char *const *elections; /* no repeats */
  size_t n_elections;
  /* False: elections that another transaction holds are passed over, as those that are not there
     always are. */
  bool wait;
  const char *const *uuids; /* elections of n ballots */
  const char *const *hashes;
  const char *const *credentials;
  size_t n;
} nep_casting_question;

typedef struct nep_casting_head {
  nep_head_row head;
  nep_casts_head casts; /* end of the chain of statements */
  int64_t now;          /* the database's clock, seconds since 1970 */
} nep_casting_head;

typedef struct nep_known_cast {
  bool stored;           /* a ballot with this hash; the next four are its own */
  const char *statement; /* hash of what came along, "" for none */
  int64_t height;
  const char *event; /* hash */
  int64_t at;
  int64_t last; /* highest sequence number of the credential, 0 for none */
  bool voted;   /* the credential has a ballot */
  /* The messages that the credential revealed: hashes in hex with a comma between two, "" for
     none. */
  const char *revealed;
} nep_known_cast;

/* Called in this order: the head of each election that is locked, then each of the n ballots. Of
   elections that are not locked, what is said is nobody's to rely on. */
typedef struct nep_casting_reader {
  void (*head)(void *ctx, const char *uuid, const nep_casting_head *head);
  void (*known)(void *ctx, size_t ballot, const nep_known_cast *known);
  void *ctx;
} nep_casting_reader;

/* Locks the elections, so that nobody else changes them until this transaction ends, in one order,
   so that two such transactions never wait for each other in a circle, and reads their heads; then
   what is stored already and the time, in a statement of its own, because one that waits for a lock
   sees other tables as they were before it waited. One trip, or two when a head moved meanwhile. n
   is not 0. */
NEP_MUST_USE nep_status nep_db_casting_read(nep_db *db, const nep_casting_question *question,
                                            const nep_casting_reader *reader, nep_error *err);

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
/* Stores the ballots, their events and their statements, and moves the heads of their elections (no
   repeats) on: height, event, archive_end, ballots and voted. One statement, all or nothing; the
   database checks both chains and the heads once for all. It does not wait: what the database
   refuses is told by the next statement that does, COMMIT at the latest. */
NEP_MUST_USE nep_status nep_db_casts_store(nep_db *db, const nep_cast_rows *rows,
                                           const char *const *elections,
                                           const nep_head_row *const *heads, size_t n_elections,
                                           nep_error *err);

#endif
