/* Setting the dates, and moving those that may still be moved. */
#include "base/clock.h"
#include "protocol/json.h"
#include "server/service/acts.h"

static nep_status read_time(const json_t *body, const char *name, int64_t *out, nep_error *err)
{
  const char *text = NULL;
  size_t len = 0;
  nep_status st = nep_json_string(body, name, &text, &len, err);
  if (st == NEP_OK && !nep_clock_parse(text, out))
    st = nep_fail(err, NEP_E_INPUT, "time", name,
                  "a time like 2026-11-23T07:00:00Z (UTC) is expected");
  return st;
}

static nep_status read_calendar(nep_bytes text, nep_head_row *out, nep_error *err)
{
  json_t *body = NULL;
  nep_status st = nep_json_parse(text, &body, err);
  if (st == NEP_OK)
    st = nep_json_fields(body, "body", err, "registration_closes", "opens", "closes", NULL);
  if (st == NEP_OK)
    st = read_time(body, "registration_closes", &out->registration_closes, err);
  if (st == NEP_OK)
    st = read_time(body, "opens", &out->opens, err);
  if (st == NEP_OK)
    st = read_time(body, "closes", &out->closes, err);
  json_decref(body);
  return st;
}

static nep_status check_order(const nep_head_row *n, int64_t now, nep_error *err)
{
  if (n->registration_closes > n->opens)
    return nep_fail(err, NEP_E_INPUT, "calendar", "opens",
                    "voting cannot open before registration closes");
  if (n->opens >= n->closes)
    return nep_fail(err, NEP_E_INPUT, "calendar", "closes", "voting must close after it opens");
  if (n->closes <= now)
    return nep_fail(err, NEP_E_INPUT, "calendar", "closes", "that time has passed");
  return NEP_OK;
}

static nep_status fixed(const char *field, const nep_head_row *head, nep_error *err)
{
  return nep_fail(err, NEP_E_STATE, "calendar-fixed", field,
                  "in phase %s this date cannot be changed so", nep_phase_name(head->phase));
}

/* Nobody is surprised: a deadline that is announced moves later only, once it matters. */
static nep_status check_change(const nep_head_row *old, const nep_head_row *n, int64_t now,
                               nep_error *err)
{
  bool moved = !old->has_calendar || n->registration_closes != old->registration_closes;
  if (old->phase > NEP_PHASE_OPEN)
    return fixed("closes", old, err);
  /* Voters have been refused since: voting does not begin anew for those who did not hear of it. */
  if (old->phase == NEP_PHASE_OPEN && old->closes <= now)
    return nep_fail(err, NEP_E_STATE, "too-late", "closes",
                    "voting has ended; its end can only be put off before it is reached");
  if (old->phase <= NEP_PHASE_REGISTRATION) {
    if (moved && n->registration_closes <= now)
      return nep_fail(err, NEP_E_INPUT, "calendar", "registration_closes", "that time has passed");
    return NEP_OK;
  }
  if (moved)
    return fixed("registration_closes", old, err);
  if (n->opens < old->opens || (old->phase == NEP_PHASE_OPEN && n->opens != old->opens))
    return fixed("opens", old, err);
  if (n->closes < old->closes)
    return fixed("closes", old, err);
  return NEP_OK;
}

nep_status nep_calendar_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  nep_head_row wanted = c->head;
  nep_status st = read_calendar(c->body, &wanted, err);
  if (st == NEP_OK)
    st = check_order(&wanted, c->now, err);
  if (st == NEP_OK)
    st = check_change(&c->head, &wanted, c->now, err);
  if (st == NEP_OK)
    st = nep_db_head_calendar(db, c->uuid, &wanted, err);
  return st;
}
