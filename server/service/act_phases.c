/* The plain steps of an election's life: registration, opening, closing. */
#include "base/clock.h"
#include "protocol/json.h"
#include "server/service/acts.h"
#include "server/service/additions.h"
#include "server/service/trust_fits.h"

/* Their body is {}: nothing in it could be meant and be overlooked. */
static nep_status require_empty(const nep_act_call *c, nep_error *err)
{
  json_t *body = NULL;
  nep_status st = nep_json_parse(c->body, &body, err);
  if (st == NEP_OK && (!json_is_object(body) || json_object_size(body) != 0))
    st = nep_fail(err, NEP_E_INPUT, "shape", "body", "{} is expected");
  json_decref(body);
  return st;
}

static nep_status too_early(const char *what, int64_t when, nep_error *err)
{
  char text[21];
  nep_clock_text(when, text);
  return nep_fail(err, NEP_E_STATE, "too-early", what, "the calendar says %s", text);
}

/* The server may have been set up otherwise since the election was made. */
nep_status nep_registration_prepare(nep_act_call *c, nep_error *err)
{
  nep_trust *trust = NULL;
  nep_status st = nep_look_phase(c, NEP_PHASE_DRAFT, err);
  if (st == NEP_OK)
    st = nep_trust_from(c->service->official, c->uuid, &trust, err);
  if (st == NEP_OK)
    st = nep_trust_fits(c->service, trust, err);
  nep_trust_free(trust);
  return st;
}

nep_status nep_registration_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  int64_t rows = 0;
  nep_status st = require_empty(c, err);
  if (st == NEP_OK)
    st = nep_require_phase(&c->head, NEP_PHASE_DRAFT, err);
  if (st == NEP_OK && !c->head.has_calendar)
    st = nep_fail(err, NEP_E_STATE, "calendar-missing", "uuid", "set the calendar first");
  if (st == NEP_OK && c->now >= c->head.registration_closes)
    st = nep_fail(err, NEP_E_STATE, "too-late", "registration_closes",
                  "the deadline of registration has passed; move it later first");
  if (st == NEP_OK)
    st = nep_db_roll_size(db, c->uuid, &rows, err);
  if (st == NEP_OK && rows == 0)
    st = nep_fail(err, NEP_E_STATE, "roll-missing", "uuid", "import the roll first");
  if (st != NEP_OK)
    return st;
  c->head.phase = NEP_PHASE_REGISTRATION;
  return nep_db_head_act(db, c->uuid, &c->head, err);
}

static nep_status add_size(void *ctx, nep_bytes body, const char *hash, nep_error *err)
{
  int64_t *size = ctx;
  (void)hash;
  (void)err;
  *size += nep_record_size(body.len);
  return NEP_OK;
}

/* Whoever misses the own credential in the frozen list must have time to say so. */
static nep_status claims_last(int64_t until, nep_error *err)
{
  char text[21];
  nep_clock_text(until, text);
  (void)nep_fail(err, NEP_E_STATE, "claims-period", "claims_until",
                 "voters can object to the list of credentials until %s", text);
  return nep_advise(err, "open after that; move the opening in the calendar when it is earlier");
}

nep_status nep_open_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  char setup[65];
  int64_t size = 0;
  nep_status st = require_empty(c, err);
  if (st == NEP_OK)
    st = nep_require_phase(&c->head, NEP_PHASE_FROZEN, err);
  if (st == NEP_OK && c->now < c->head.opens)
    st = too_early("opens", c->head.opens, err);
  if (st == NEP_OK && c->now < c->head.claims_until)
    st = claims_last(c->head.claims_until, err);
  if (st == NEP_OK && c->now >= c->head.closes)
    st = nep_fail(err, NEP_E_STATE, "too-late", "closes",
                  "voting would be over at once; move the closing time later first");
  if (st == NEP_OK)
    st = nep_db_data_before(db, c->uuid, 0, add_size, &size, err);
  if (st == NEP_OK)
    st = nep_db_data_hash(db, c->uuid, NEP_DATA_SETUP, setup, err);
  if (st != NEP_OK)
    return st;
  return nep_append_event(c, db, NEP_EVENT_SETUP, setup, size, NEP_PHASE_OPEN, err);
}

nep_status nep_close_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  nep_status st = require_empty(c, err);
  if (st == NEP_OK)
    st = nep_require_phase(&c->head, NEP_PHASE_OPEN, err);
  if (st == NEP_OK && c->now < c->head.closes)
    st = too_early("closes", c->head.closes, err);
  if (st != NEP_OK)
    return st;
  return nep_append_event(c, db, NEP_EVENT_END_BALLOTS, NULL, 0, NEP_PHASE_CLOSED, err);
}
