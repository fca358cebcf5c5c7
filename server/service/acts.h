/* Acts of officials. Each action has a row in the table of act.c: work that needs no lock first (it
   may take long), then its effect, in one transaction with the act's own record. */
#ifndef NEP_SERVER_SERVICE_ACTS_H
#define NEP_SERVER_SERVICE_ACTS_H

#include "protocol/archive.h"
#include "server/db/official.h"
#include "server/service/inside.h"

typedef struct nep_act_call {
  nep_service *service;
  nep_action action;
  const char *uuid; /* of the election; for a creation the body's */
  nep_bytes header, body;
  nep_act act;
  nep_head_row head; /* read after the lock */
  int64_t now;       /* the database's clock, after the lock */
  nep_buf *json;     /* the answer's further members; on failure those of the problem document */
  bool whole;        /* the answer is what the effect wrote, with nothing around it */
  bool performed;    /* the effect succeeded: json is an answer, which leaves after the commit */
  void *prepared;    /* the action's own, from prepare to dispose */
} nep_act_call;

typedef nep_status nep_act_prepare(nep_act_call *c, nep_error *err);
/* May run again from the start: it clears c->json before it writes there (the caller does). */
typedef nep_status nep_act_effect(nep_act_call *c, nep_db *db, nep_error *err);
typedef void nep_act_dispose(nep_act_call *c);

nep_act_prepare nep_create_prepare, nep_registration_prepare, nep_tally_prepare,
    nep_decryption_prepare, nep_result_prepare, nep_registry_prepare, nep_freeze_prepare;
nep_act_effect nep_create_effect, nep_roll_effect, nep_calendar_effect, nep_registration_effect,
    nep_freeze_effect, nep_open_effect, nep_close_effect, nep_tally_effect, nep_decryption_effect,
    nep_result_effect, nep_registry_effect;
nep_act_dispose nep_create_dispose, nep_tally_dispose, nep_decryption_dispose, nep_registry_dispose,
    nep_freeze_dispose;

/* NEP_E_STATE "phase" unless the election is in `wanted`. */
NEP_MUST_USE nep_status nep_require_phase(const nep_head_row *head, nep_phase wanted,
                                          nep_error *err);
/* The same outside the transaction, before long work. */
NEP_MUST_USE nep_status nep_look_phase(nep_act_call *c, nep_phase wanted, nep_error *err);

/* NEP_E_STATE "too-early" before the calendar's end of registration. */
NEP_MUST_USE nep_status nep_require_registration_over(const nep_act_call *c, nep_error *err);

/* Inserts a data record of the event that comes next; adds its size in the archive to *size. */
NEP_MUST_USE nep_status nep_append_data(nep_act_call *c, nep_db *db, const char *kind,
                                        nep_bytes body, char hash[65], int64_t *size,
                                        nep_error *err);
/* Appends that event; the head moves on to it and into `phase`. `payload` may be NULL. */
NEP_MUST_USE nep_status nep_append_event(nep_act_call *c, nep_db *db, nep_event_type type,
                                         const char *payload, int64_t data_size, nep_phase phase,
                                         nep_error *err);

#endif
