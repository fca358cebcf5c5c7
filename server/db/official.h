/* Statements on the schema official, and what acts do to the roll. Run on the officials' pool, but
   for nep_db_official_add and _revoke, which belong to the owner. */
#ifndef NEP_SERVER_DB_OFFICIAL_H
#define NEP_SERVER_DB_OFFICIAL_H

#include "server/db/db.h"

/* *found false when the name is unknown. */
NEP_MUST_USE nep_status nep_db_official_find(nep_db *db, const char *name, bool *found,
                                             char key[65], bool *revoked, nep_error *err);
NEP_MUST_USE nep_status nep_db_act_known(nep_db *db, const char *nonce, bool *known,
                                         nep_error *err);

typedef struct nep_act_row {
  const char *uuid, *action, *official, *nonce, *body_hash;
  nep_bytes envelope;
  int64_t at;
} nep_act_row;
/* A nonce that was used before: nep_db_constraint says "acts_nonce". */
NEP_MUST_USE nep_status nep_db_act_insert(nep_db *db, const nep_act_row *act, nep_error *err);

/* With the owner's connection string, each in a transaction of its own. */
NEP_MUST_USE nep_status nep_db_official_add(const char *conninfo, const char *name, const char *key,
                                            nep_error *err);
NEP_MUST_USE nep_status nep_db_official_revoke(const char *conninfo, const char *name,
                                               nep_error *err);

/* ---- the roll, staged in a temporary table of this transaction ---- */
typedef struct nep_roll_row {
  int64_t line;
  const char *identifier, *name;
  const char *birth_date; /* "1990-02-28" or NULL */
  int64_t weight;         /* 0 when the column is left out */
} nep_roll_row;
/* COPY of n rows. */
NEP_MUST_USE nep_status nep_db_roll_stage(nep_db *db, const nep_roll_row *rows, size_t n,
                                          nep_error *err);
/* Lines whose identifier stands on the roll already, in order. */
typedef void nep_db_line_each(void *ctx, int64_t line);
NEP_MUST_USE nep_status nep_db_roll_conflicts(nep_db *db, const char *uuid, nep_db_line_each *each,
                                              void *ctx, nep_error *err);
NEP_MUST_USE nep_status nep_db_roll_insert(nep_db *db, const char *uuid, nep_error *err);
/* How many rows the roll has. */
NEP_MUST_USE nep_status nep_db_roll_size(nep_db *db, const char *uuid, int64_t *rows,
                                         nep_error *err);

#endif
