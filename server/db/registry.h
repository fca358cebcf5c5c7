/* Statements on the schema registry: persons, registrations, sessions. Run on the registry's pool.
 */
#ifndef NEP_SERVER_DB_REGISTRY_H
#define NEP_SERVER_DB_REGISTRY_H

#include "server/db/db.h"

/* ---- registrations ---- */

/* What the registry may know of an election; it cannot change phase before this transaction ends.
 */
typedef struct nep_held_election {
  char phase[16];
  char *event;
  char group[24];
  int64_t registration_closes; /* 0 before a calendar is set */
} nep_held_election;
/* NEP_E_NOT_FOUND "election"; on NEP_OK free out->event. */
NEP_MUST_USE nep_status nep_db_hold_phase(nep_db *db, const char *uuid, nep_held_election *out,
                                          nep_error *err);
/* Registrations of one person in one event happen one after the other. */
NEP_MUST_USE nep_status nep_db_person_lock(nep_db *db, const char *event, const char *person,
                                           nep_error *err);
NEP_MUST_USE nep_status nep_db_on_roll(nep_db *db, const char *uuid, const char *person,
                                       bool *found, nep_error *err);
NEP_MUST_USE nep_status nep_db_key_set_insert(nep_db *db, const char *hash, nep_bytes body,
                                              nep_error *err);

typedef struct nep_registration_row {
  const char *nonce, *event, *person;
  const char *replaces; /* NULL for a first one */
  const char *token, *key_set;
  const char *sealed; /* records/sealed_registration.h */
  int64_t at;
} nep_registration_row;
NEP_MUST_USE nep_status nep_db_registration_insert(nep_db *db, const nep_registration_row *r,
                                                   nep_error *err);
NEP_MUST_USE nep_status nep_db_registered_insert(nep_db *db, const char *uuid, const char *nonce,
                                                 nep_error *err);
/* *found false when there is none; at is its time. */
NEP_MUST_USE nep_status nep_db_registration_at(nep_db *db, const char *nonce, const char *event,
                                               const char *person, bool *found, int64_t *at,
                                               nep_error *err);
/* The one that no other replaces; *found false when the person has none in the event. */
NEP_MUST_USE nep_status nep_db_registration_latest(nep_db *db, const char *event,
                                                   const char *person, bool *found, char nonce[44],
                                                   nep_error *err);
typedef nep_status nep_db_registered_each(void *ctx, const char *uuid, nep_error *err);
/* The elections of one registration in the order of uuids. */
NEP_MUST_USE nep_status nep_db_registered(nep_db *db, const char *nonce,
                                          nep_db_registered_each *each, void *ctx, nep_error *err);
typedef nep_status nep_db_own_each(void *ctx, const char *event, const char *nonce,
                                   const char *replaces, int64_t at, bool latest, nep_error *err);
NEP_MUST_USE nep_status nep_db_own_registrations(nep_db *db, const char *person,
                                                 nep_db_own_each *each, void *ctx, nep_error *err);
/* People on the roll, and those with a registration that holds. */
NEP_MUST_USE nep_status nep_db_counts(nep_db *db, const char *uuid, int64_t *roll,
                                      int64_t *registered, nep_error *err);

/* ---- the export for the auditors: in the order of records/registry.h; rows are valid during the
   call ---- */
typedef void nep_db_roll_each(void *ctx, const char *identifier, int64_t weight); /* 0: none */
typedef void nep_db_key_set_each(void *ctx, const char *hash, nep_bytes body);
typedef void nep_db_registration_each(void *ctx, const nep_registration_row *row);
NEP_MUST_USE nep_status nep_db_export_roll(nep_db *db, const char *uuid, nep_db_roll_each *each,
                                           void *ctx, nep_error *err);
NEP_MUST_USE nep_status nep_db_export_key_sets(nep_db *db, const char *uuid,
                                               nep_db_key_set_each *each, void *ctx,
                                               nep_error *err);
NEP_MUST_USE nep_status nep_db_export_registrations(nep_db *db, const char *uuid,
                                                    nep_db_registration_each *each, void *ctx,
                                                    nep_error *err);
/* How many registrations that export holds; for the officials' pool, which cannot read one. */
NEP_MUST_USE nep_status nep_db_export_size(nep_db *db, const char *uuid, int64_t *registrations,
                                           nep_error *err);

/* ---- sessions: only hashes of nonces and tokens are stored ---- */
NEP_MUST_USE nep_status nep_db_nonce_insert(nep_db *db, const char *hash, int64_t expires,
                                            nep_error *err);
/* Takes it away; *found false when it was used, has expired or never was. */
NEP_MUST_USE nep_status nep_db_nonce_use(nep_db *db, const char *hash, bool *found, nep_error *err);
NEP_MUST_USE nep_status nep_db_session_insert(nep_db *db, const char *hash, const char *person,
                                              int64_t expires, nep_error *err);
/* *person is new (free), NULL when the session is unknown or has expired. */
NEP_MUST_USE nep_status nep_db_session_person(nep_db *db, const char *hash, char **person,
                                              nep_error *err);
NEP_MUST_USE nep_status nep_db_expired_delete(nep_db *db, nep_error *err);

/* ---- the person's own access log ---- */
NEP_MUST_USE nep_status nep_db_access_insert(nep_db *db, const char *person, int64_t at,
                                             const char *action, const char *address,
                                             nep_error *err);
typedef nep_status nep_db_access_each(void *ctx, int64_t at, const char *action,
                                      const char *address, nep_error *err);
/* Newest first, `limit` at most. */
NEP_MUST_USE nep_status nep_db_accesses(nep_db *db, const char *person, int64_t limit,
                                        nep_db_access_each *each, void *ctx, nep_error *err);

#endif
