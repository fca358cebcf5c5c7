/* Inside service/ only: what the services share. */
#ifndef NEP_SERVER_SERVICE_INSIDE_H
#define NEP_SERVER_SERVICE_INSIDE_H

#include <stdatomic.h>

#include "crypto/group.h"
#include "server/db/board.h"
#include "server/db/db.h"
#include "server/service/keys.h"
#include "server/service/service.h"
#include "server/service/turns.h"
#include "server/signer/client.h"

typedef struct nep_setups nep_setups;
typedef struct nep_copies nep_copies;
typedef struct nep_counts nep_counts;
typedef struct nep_caster nep_caster;
typedef struct nep_challenger nep_challenger;

typedef struct nep_counters {
  atomic_uint_fast64_t cast_accepted, cast_repeated, cast_refused, cast_invalid, cast_failed;
  atomic_uint_fast64_t cast_transactions;
  atomic_uint_fast64_t registrations, sessions, acts, challenges;
} nep_counters;

struct nep_service {
  nep_service_config config; /* its texts are our own copies */
  nep_pool *registry, *board, *official;
  nep_pool *casting; /* the board again: committers wait for nobody else's statements */
  nep_signer *signer;
  nep_keys *keys;
  nep_setups *setups;
  nep_copies *copies;
  nep_counts *counts;
  nep_turns *showings; /* of chains, to nep-signer (showing.h) */
  nep_caster *caster;
  nep_challenger *challenger;
  nep_counters counters;
};

/* The group of an election, read through this role's connections. */
NEP_MUST_USE nep_status nep_election_group(nep_pool *role, const char *uuid, const nep_group **out,
                                           nep_error *err);

/* Why the election takes neither ballots nor challenges now: "not-open" or "closed"; NULL when it
   does. Both head and clock are read after the lock in the transaction that stores (A13). */
const char *nep_voting_refusal(const nep_head_row *head, int64_t now);

/* A16: every body of a kind has one length in an election; NEP_E_INPUT with this code when this one
   has another. */
NEP_MUST_USE nep_status nep_padding_check(const nep_buf *body, size_t wanted, const char *code,
                                          nep_error *err);
/* The spaces behind it. */
void nep_padding_take_off(nep_buf *body);

/* Bytes that a record of `len` bytes takes in an archive. */
int64_t nep_record_size(size_t len);

/* The canonical text of an event as the archive holds it, and its hash. */
void nep_event_row_text(const nep_event_row *e, nep_buf *text, char hash[65]);

/* {"name":"value" with a comma before it unless it is the first. */
void nep_member_string(nep_buf *json, const char *name, const char *value);
void nep_member_time(nep_buf *json, const char *name, int64_t seconds);

/* Signs one message of a purpose and appends the envelope. */
NEP_MUST_USE nep_status nep_sign_one(nep_service *s, nep_signed_purpose purpose,
                                     const nep_buf *message, nep_buf *json, nep_error *err);

/* A18: holds the database against what nep-signer remembers. NEP_E_STATE "board-went-back" or
   "board-forked" when it signed an event that the database lacks or has replaced. */
NEP_MUST_USE nep_status nep_board_compare(nep_service *s, nep_error *err);

#endif
