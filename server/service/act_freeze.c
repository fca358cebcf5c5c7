/* The freeze: the credential list that the auditors have judged becomes final, the setup that the
   officials have signed is published, and the claims period begins. */
#include <stdlib.h>

#include "base/memory.h"
#include "protocol/json.h"
#include "server/db/registry.h"
#include "server/service/freeze_request.h"

nep_status nep_freeze_prepare(nep_act_call *c, nep_error *err)
{
  nep_freeze_request *z = nep_alloc(1, sizeof *z);
  c->prepared = z;
  nep_status st = nep_look_phase(c, NEP_PHASE_REGISTRATION, err);
  if (st == NEP_OK)
    st = nep_require_registration_over(c, err);
  return st == NEP_OK ? nep_freeze_request_check(c, z, err) : st;
}

/* Registrations are only ever added: as many as the auditors had are the same ones. One more is a
   person whom they have not judged, or a credential in whose place another one stands by now. */
static nep_status check_registrations(nep_act_call *c, nep_db *db, const nep_freeze_request *z,
                                      nep_error *err)
{
  int64_t stored = 0;
  nep_status st = nep_db_export_size(db, c->uuid, &stored, err);
  if (st == NEP_OK && z->verdict.counts.registrations != (uint64_t)stored) {
    (void)nep_fail(err, NEP_E_CHECK, "verdict-registrations", "verdict.counts.registrations",
                   "the auditors have judged %llu registrations, %lld are stored",
                   (unsigned long long)z->verdict.counts.registrations, (long long)stored);
    st = nep_advise(err, "export the registry again and have it audited");
  }
  return st;
}

/* protocol.md §11: {"election":h,"trustees":h,"credentials":h} */
static nep_status write_setup(nep_act_call *c, nep_db *db, const char *credentials, nep_buf *out,
                              nep_error *err)
{
  char election[65], trustees[65];
  nep_status st = nep_db_data_hash(db, c->uuid, NEP_DATA_ELECTION, election, err);
  if (st == NEP_OK)
    st = nep_db_data_hash(db, c->uuid, NEP_DATA_TRUSTEES, trustees, err);
  if (st != NEP_OK)
    return st;
  nep_buf_char(out, '{');
  nep_member_string(out, "election", election);
  nep_member_string(out, "trustees", trustees);
  nep_member_string(out, "credentials", credentials);
  nep_buf_char(out, '}');
  return NEP_OK;
}

/* Published beside the archive. */
static nep_status write_verdict(nep_act_call *c, nep_db *db, const nep_freeze_request *z,
                                nep_error *err)
{
  nep_buf text = {0};
  nep_json_write(&text, json_object_get(z->body, "verdict"));
  nep_status st =
      nep_db_addition_insert(db, c->uuid, NEP_ADDITION_VERDICT, 0, nep_buf_bytes(&text), err);
  nep_buf_free(&text);
  return st;
}

static nep_status publish(nep_act_call *c, nep_db *db, const nep_freeze_request *z, nep_error *err)
{
  nep_buf setup = {0};
  char list_hash[65], setup_hash[65];
  int64_t size = 0;
  nep_status st =
      nep_append_data(c, db, NEP_DATA_CREDENTIALS, z->credentials, list_hash, &size, err);
  if (st == NEP_OK)
    st = write_verdict(c, db, z, err);
  if (st == NEP_OK)
    st = nep_envelopes_store(db, c->uuid, NEP_ADDITION_FREEZE, &z->acts, err);
  if (st == NEP_OK)
    st = write_setup(c, db, list_hash, &setup, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_SETUP, nep_buf_bytes(&setup), setup_hash, &size, err);
  if (st == NEP_OK) {
    nep_member_string(c->json, "credentials_hash", list_hash);
    nep_member_string(c->json, "setup_hash", setup_hash);
    nep_buf_printf(c->json, ",\"credentials\":%llu", (unsigned long long)z->listed);
  }
  nep_buf_free(&setup);
  return st;
}

nep_status nep_freeze_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  const nep_freeze_request *z = c->prepared;
  nep_status st = nep_require_phase(&c->head, NEP_PHASE_REGISTRATION, err);
  if (st == NEP_OK)
    st = nep_require_registration_over(c, err);
  if (st == NEP_OK)
    st = check_registrations(c, db, z, err);
  if (st == NEP_OK)
    st = publish(c, db, z, err);
  if (st == NEP_OK)
    st = nep_db_clock(db, &c->now, err); /* a long list takes a while: the period is whole */
  if (st != NEP_OK)
    return st;
  c->head.claims_until = c->now + z->trust->claims_period;
  nep_member_time(c->json, "claims_until", c->head.claims_until);
  c->head.phase = NEP_PHASE_FROZEN;
  return nep_db_head_act(db, c->uuid, &c->head, err);
}

void nep_freeze_dispose(nep_act_call *c)
{
  nep_freeze_request *z = c->prepared;
  if (z == NULL)
    return;
  nep_freeze_request_free(z);
  free(z);
}
