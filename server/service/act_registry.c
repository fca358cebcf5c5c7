/* The export of the registry for the auditors: everything that they judge, nothing that this server
   could read. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "records/registry.h"
#include "server/db/registry.h"
#include "server/service/acts.h"

typedef struct export
{
  const nep_act_call *call;
  nep_buf text;
}
export;

static void add_person(void *ctx, const char *identifier, int64_t weight)
{
  nep_registry_write_person(ctx, identifier, (uint64_t)weight);
}

static void add_key_set(void *ctx, const char *hash, nep_bytes body)
{
  nep_registry_write_key_set(ctx, hash, body);
}

static void add_registration(void *ctx, const nep_registration_row *r)
{
  nep_registry_write_registration(ctx, r->nonce, r->replaces, r->token, r->key_set, r->sealed);
}

/* With the registry's own role: that of the officials cannot read registrations. */
static nep_status write_export(nep_db *db, void *ctx, nep_error *err)
{
  export *x = ctx;
  const char *uuid = x->call->uuid;
  nep_held_election election = {0};
  nep_buf_clear(&x->text);
  nep_status st = nep_db_hold_phase(db, uuid, &election, err);
  if (st != NEP_OK)
    return st;
  nep_registry_open(&x->text, uuid, election.event, election.group);
  st = nep_db_export_roll(db, uuid, add_person, &x->text, err);
  nep_registry_write_key_sets(&x->text);
  if (st == NEP_OK)
    st = nep_db_export_key_sets(db, uuid, add_key_set, &x->text, err);
  nep_registry_write_registrations(&x->text);
  if (st == NEP_OK)
    st = nep_db_export_registrations(db, uuid, add_registration, &x->text, err);
  nep_registry_close(&x->text);
  free(election.event);
  return st;
}

nep_status nep_registry_prepare(nep_act_call *c, nep_error *err)
{
  export *x = nep_alloc(1, sizeof *x);
  x->call = c;
  c->prepared = x;
  nep_status st = nep_look_phase(c, NEP_PHASE_REGISTRATION, err);
  if (st == NEP_OK)
    st = nep_require_registration_over(c, err);
  return st == NEP_OK ? nep_db_transaction(c->service->registry, true, write_export, x, err) : st;
}

nep_status nep_registry_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  const export *x = c->prepared;
  (void)db;
  nep_status st = nep_require_phase(&c->head, NEP_PHASE_REGISTRATION, err);
  if (st != NEP_OK)
    return st;
  nep_buf_add(c->json, x->text.data, x->text.len);
  c->whole = true;
  return NEP_OK;
}

void nep_registry_dispose(nep_act_call *c)
{
  export *x = c->prepared;
  if (x == NULL)
    return;
  nep_buf_free(&x->text);
  free(x);
}
