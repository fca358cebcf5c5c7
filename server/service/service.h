/* The server's business, between http/ (routes) and db/ (statements): knows neither libmicrohttpd
   nor libpq types. Functions block on the database unless said otherwise and are thread-safe; http/
   calls them on its worker threads. Results are JSON texts appended to `json`; an error becomes a
   problem document (RFC 9457) whose HTTP status follows from err->status. The reason of NEP_E_IO
   and NEP_E_INTERNAL is for the operator: it is logged (except where a voter is involved) and never
   sent, so it holds no value of a row. */
#ifndef NEP_SERVER_SERVICE_H
#define NEP_SERVER_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "records/act.h"
#include "records/idtoken.h"

typedef struct nep_service nep_service;

enum { NEP_CAST_THREADS_MAX = 64 };

typedef struct nep_service_config {
  const char *db_registry, *db_board, *db_official; /* libpq connection strings, one per role */
  unsigned db_connections;                          /* per role */
  const char *state_folder;  /* archive copies; created by the operator, 0700 */
  const char *signer_socket; /* path of nep-signer's socket */
  const char *jwks_file;     /* keys of the identity provider; re-read on change */
  const char *jwks_address;  /* https address instead of the file, or NULL */
  const char *jwks_ca;       /* CA file for jwks_address, or NULL */
  nep_idtoken_policy id_policy;
  unsigned cast_threads; /* verifying ballots, at most NEP_CAST_THREADS_MAX; 0: one per processor */
  unsigned cast_queue;   /* ballots waiting at most; beyond: NEP_E_BUSY */
  size_t list_memory;    /* bytes for elections' definitions and lists of credentials */
  unsigned cast_batch;   /* ballots per transaction at most (256) */
} nep_service_config;

/* Connects, checks the schema version, holds the database against nep-signer's memory (A18), starts
   verification and committer threads. */
NEP_MUST_USE nep_status nep_service_start(const nep_service_config *config, nep_service **out,
                                          nep_error *err);
/* Answers what waits to be cast or published, and ends the threads: nothing more may be submitted,
   anything else may still be asked. */
void nep_service_finish(nep_service *s);
/* The same where that was not called, then frees. NULL allowed. */
void nep_service_stop(nep_service *s);
/* NEP_OK when database and signer answer. */
NEP_MUST_USE nep_status nep_service_ready(nep_service *s, nep_error *err);
/* Appends Prometheus lines of the services' own counters. Never blocks. */
void nep_service_metrics(nep_service *s, nep_buf *text);

/* ---- public ---- */

NEP_MUST_USE nep_status nep_elections_list(nep_service *s, nep_buf *json, nep_error *err);
NEP_MUST_USE nep_status nep_election_show(nep_service *s, const char *uuid, nep_buf *json,
                                          nep_error *err);

typedef enum nep_document {
  NEP_DOCUMENT_DEFINITION, /* canonical election text */
  NEP_DOCUMENT_TRUSTEES,
  NEP_DOCUMENT_CREDENTIALS, /* from frozen on */
  NEP_DOCUMENT_RESULT,      /* from announced on */
  /* No part of the archive: */
  NEP_DOCUMENT_TRUST,             /* the event's trust file */
  NEP_DOCUMENT_VERDICT,           /* the auditors' verdict on the registry, from frozen on */
  NEP_DOCUMENT_FREEZE_ACTS,       /* array of envelopes; [] before the freeze */
  NEP_DOCUMENT_TALLY_ACTS,        /* array of envelopes; [] before the tally */
  NEP_DOCUMENT_COUNTERSIGNATURES, /* the same: of the EndBallots head */
  NEP_DOCUMENT_DECRYPTION_PROOFS  /* array of second proofs, one for each partial decryption */
} nep_document;
/* The exact bytes; hash is their SHA-256 hex (ETag). */
NEP_MUST_USE nep_status nep_document_get(nep_service *s, const char *uuid, nep_document which,
                                         nep_buf *bytes, char hash[65], nep_error *err);

/* {"ballots":[{"height","tracker","credential","event"}..],"next":height|null}, heights > after. */
NEP_MUST_USE nep_status nep_ballots_page(nep_service *s, const char *uuid, uint64_t after,
                                         unsigned limit, nep_buf *json, nep_error *err);
/* The ballot's exact text. */
NEP_MUST_USE nep_status nep_ballot_get(nep_service *s, const char *uuid, const char *tracker,
                                       nep_buf *bytes, nep_error *err);
/* The archive up to and including event `height` (UINT64_MAX: all there is): a file of the state
   folder whose first `size` bytes never change. *height becomes the one found. */
NEP_MUST_USE nep_status nep_archive_get(nep_service *s, const char *uuid, uint64_t *height,
                                        char path[4096], uint64_t *size, char event_hash[65],
                                        nep_error *err);
/* The same of the casts file: the statements of the ballots up to that event of the archive. */
NEP_MUST_USE nep_status nep_casts_get(nep_service *s, const char *uuid, uint64_t *height,
                                      char path[4096], uint64_t *size, char event_hash[65],
                                      nep_error *err);
/* Appends a piece of the board of challenges (records/challenge_board.h): its lines from number
   `from` on, as many as one answer holds; nothing when there is none (yet). */
NEP_MUST_USE nep_status nep_challenges_page(nep_service *s, const char *uuid, uint64_t from,
                                            nep_buf *lines, nep_error *err);
/* body {"credential"}: {"statement","receipt"} of that credential's ballot with the highest number,
   or both null. Public things, but whoever asks is most often the voter. */
NEP_MUST_USE nep_status nep_last_cast(nep_service *s, const char *uuid, nep_bytes body,
                                      nep_buf *json, nep_error *err);
/* Signed head (records/receipt.h). */
NEP_MUST_USE nep_status nep_head_get(nep_service *s, const char *uuid, nep_buf *json,
                                     nep_error *err);
/* The same of the casts file; NEP_E_NOT_FOUND "casts" while it has no statement. */
NEP_MUST_USE nep_status nep_casts_head_get(nep_service *s, const char *uuid, nep_buf *json,
                                           nep_error *err);
/* {"key":hex}: the signer's public key. */
NEP_MUST_USE nep_status nep_signer_key_get(nep_service *s, nep_buf *json, nep_error *err);

/* ---- voters; `address` is the visitor's, kept in the voter's own access log only ---- */

NEP_MUST_USE nep_status nep_sign_in_start(nep_service *s, nep_buf *json, nep_error *err);
/* body: {"id_token"}; answer {"session","expires"} */
NEP_MUST_USE nep_status nep_session_open(nep_service *s, nep_bytes body, const char *address,
                                         nep_buf *json, nep_error *err);
NEP_MUST_USE nep_status nep_register(nep_service *s, nep_bytes body, const char *address,
                                     nep_buf *json, nep_error *err);
NEP_MUST_USE nep_status nep_own_registration(nep_service *s, const char *session,
                                             const char *address, nep_buf *json, nep_error *err);
NEP_MUST_USE nep_status nep_own_accesses(nep_service *s, const char *session, const char *address,
                                         nep_buf *json, nep_error *err);

/* ---- casting: never blocks ---- */

/* Length of every casting body of the election (A16), or 0 while it is not at hand without waiting.
 */
size_t nep_cast_length(nep_service *s, const char *uuid);

/* Called once, on a service thread, after the commit (or the refusal). json is the signed receipt
   on NEP_OK; on a refusal after verification it is the signed refusal (may be empty). `created` is
   false when the identical ballot was stored before. */
typedef void nep_cast_done(void *ctx, nep_status status, bool created, const nep_buf *json,
                           const nep_error *err);
/* Copies body. NEP_E_BUSY when the queue is full: then `done` is not called. */
NEP_MUST_USE nep_status nep_cast_submit(nep_service *s, const char *uuid, nep_bytes body,
                                        nep_cast_done *done, void *ctx, nep_error *err);

/* The same for a challenge that a voter publishes (records/published_challenge.h): its length, and
   verifying and storing it, which never happens on the caller's thread. json is {"uuid","number",
   "time"}, empty on a refusal. */
size_t nep_challenge_length(nep_service *s, const char *uuid);
NEP_MUST_USE nep_status nep_challenge_submit(nep_service *s, const char *uuid, nep_bytes body,
                                             nep_cast_done *done, void *ctx, nep_error *err);

/* ---- commission ---- */

/* Checks the act (key known and not revoked, fresh nonce, time) and performs it in one transaction
   together with its record. uuid is "" for NEP_ACT_CREATE. When it fails, `json` is empty or one
   JSON object whose members http/ adds to the problem document ("rows" and "total" of a bad roll).
 */
NEP_MUST_USE nep_status nep_act_perform(nep_service *s, nep_action action, const char *uuid,
                                        nep_bytes header, nep_bytes body, nep_buf *json,
                                        nep_error *err);

/* ---- at the machine (nep-server's own commands) ---- */

/* Applies the numbered migrations of `folder` with the owner's connection; prints each to stdout.
 */
NEP_MUST_USE nep_status nep_migrate(const char *conninfo, const char *folder, nep_error *err);
NEP_MUST_USE nep_status nep_official_add(const char *conninfo, const char *name,
                                         const char *public_hex, nep_error *err);
NEP_MUST_USE nep_status nep_official_revoke(const char *conninfo, const char *name, nep_error *err);

#endif
