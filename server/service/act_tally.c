/* The encrypted tally: computed here from the stored ballots, and it must be the one uploaded, the
   one that officials and observers have signed for (A24), after an end of the vote that mirrors
   have countersigned. What they signed is published beside the archive. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/json.h"
#include "records/countersignature.h"
#include "records/tally_act.h"
#include "server/service/acts.h"
#include "server/service/additions.h"
#include "server/service/envelopes.h"
#include "server/service/recount.h"

typedef struct upload {
  json_t *object; /* owns the texts */
  nep_bytes tally, sized;
  nep_envelopes acts, countersignatures;
} upload;

/* ---- the tally by itself ---- */

static nep_status same(nep_bytes uploaded, const nep_buf *own, const char *field, nep_error *err)
{
  if (uploaded.len == own->len && memcmp(uploaded.data, own->data, own->len) == 0)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_CHECK, "tally-mismatch", field,
                 "it is not what the stored ballots give");
  return nep_advise(err, "compute it from the archive that this server exports after closing");
}

static nep_status compare(nep_act_call *c, const upload *u, nep_error *err)
{
  nep_buf tally = {0}, sized = {0};
  nep_status st = nep_recount(c->service, c->uuid, &tally, &sized, err);
  if (st == NEP_OK)
    st = same(u->tally, &tally, "encrypted_tally", err);
  if (st == NEP_OK)
    st = same(u->sized, &sized, "sized", err);
  nep_buf_free(&sized);
  nep_buf_free(&tally);
  return st;
}

/* ---- what was signed about it ---- */

static nep_status read_hashes(nep_db *db, void *ctx, nep_error *err)
{
  nep_tally_act *act = ctx;
  nep_status st = nep_db_data_hash(db, act->uuid, NEP_DATA_ELECTION, act->election_hash, err);
  return st == NEP_OK ? nep_db_data_hash(db, act->uuid, NEP_DATA_SETUP, act->setup_hash, err) : st;
}

/* The act that this election needs: all of it is known here, the end of voting by the calendar. */
static nep_status check_acts(nep_act_call *c, const upload *u, const nep_trust *trust,
                             nep_error *err)
{
  nep_tally_act act = {.uuid = ""};
  memcpy(act.uuid, c->uuid, strlen(c->uuid) + 1);
  memcpy(act.end_ballots, c->head.event, sizeof act.end_ballots);
  nep_sha256_hex(u->tally.data, u->tally.len, act.tally_hash);
  nep_clock_text(c->head.closes, act.closes);
  memcpy(act.trust, trust->hash, sizeof act.trust);
  nep_status st = nep_db_transaction(c->service->official, true, read_hashes, &act, err);
  if (st == NEP_OK)
    st = nep_tally_acts_verify(u->acts.texts, u->acts.n, trust, &act, err);
  return st;
}

/* In phase closed the head is that of the EndBallots event. */
static nep_status check_mirrors(const nep_act_call *c, const upload *u, const nep_trust *trust,
                                nep_error *err)
{
  nep_head head = {.height = (uint64_t)c->head.height, .size = (uint64_t)c->head.archive_end};
  memcpy(head.uuid, c->uuid, strlen(c->uuid) + 1);
  memcpy(head.event, c->head.event, sizeof head.event);
  return nep_countersignatures_verify(u->countersignatures.texts, u->countersignatures.n, trust,
                                      &head, err);
}

static nep_status check_signed(nep_act_call *c, const upload *u, nep_error *err)
{
  nep_trust *trust = NULL;
  nep_status st = nep_trust_from(c->service->official, c->uuid, &trust, err);
  if (st == NEP_OK)
    st = check_acts(c, u, trust, err);
  if (st == NEP_OK)
    st = check_mirrors(c, u, trust, err);
  nep_trust_free(trust);
  return st;
}

/* ---- the act ---- */

static nep_status read_body(nep_bytes body, upload *u, nep_error *err)
{
  nep_status st = nep_json_parse(body, &u->object, err);
  if (st == NEP_OK)
    st = nep_json_fields(u->object, "body", err, "encrypted_tally", "sized", "acts",
                         "countersignatures", NULL);
  if (st == NEP_OK)
    st = nep_json_string(u->object, "encrypted_tally", &u->tally.data, &u->tally.len, err);
  if (st == NEP_OK)
    st = nep_json_string(u->object, "sized", &u->sized.data, &u->sized.len, err);
  if (st == NEP_OK)
    st = nep_envelopes_read(u->object, "acts", &u->acts, err);
  if (st == NEP_OK)
    st = nep_envelopes_read(u->object, "countersignatures", &u->countersignatures, err);
  return st;
}

/* Once closed neither ballots nor calendar change, so the long work needs no lock. */
nep_status nep_tally_prepare(nep_act_call *c, nep_error *err)
{
  upload *u = nep_alloc(1, sizeof *u);
  c->prepared = u;
  nep_status st = read_body(c->body, u, err);
  if (st == NEP_OK)
    st = nep_look_phase(c, NEP_PHASE_CLOSED, err);
  if (st == NEP_OK)
    st = compare(c, u, err);
  return st == NEP_OK ? check_signed(c, u, err) : st;
}

nep_status nep_tally_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  const upload *u = c->prepared;
  char hash[65];
  int64_t size = 0;
  nep_status st = nep_require_phase(&c->head, NEP_PHASE_CLOSED, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_TALLY, u->tally, hash, &size, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_SIZED, u->sized, hash, &size, err);
  if (st == NEP_OK)
    st = nep_envelopes_store(db, c->uuid, NEP_ADDITION_TALLY, &u->acts, err);
  if (st == NEP_OK)
    st =
        nep_envelopes_store(db, c->uuid, NEP_ADDITION_COUNTERSIGNATURE, &u->countersignatures, err);
  if (st != NEP_OK)
    return st;
  return nep_append_event(c, db, NEP_EVENT_ENCRYPTED_TALLY, hash, size, NEP_PHASE_TALLIED, err);
}

void nep_tally_dispose(nep_act_call *c)
{
  upload *u = c->prepared;
  if (u == NULL)
    return;
  nep_envelopes_free(&u->countersignatures);
  nep_envelopes_free(&u->acts);
  json_decref(u->object);
  free(u);
}
