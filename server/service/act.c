/* Who asks, whether they may, and the transaction around what they ask for. */
#include "server/service/acts.h"

#include <string.h>

typedef struct row {
  nep_act_prepare *prepare; /* may be NULL */
  nep_act_effect *effect;
  nep_act_dispose *dispose; /* may be NULL */
} row;

static const row actions[NEP_ACTION_COUNT] = {
    [NEP_ACT_CREATE] = {nep_create_prepare, nep_create_effect, nep_create_dispose},
    [NEP_ACT_ROLL] = {NULL, nep_roll_effect, NULL},
    [NEP_ACT_CALENDAR] = {NULL, nep_calendar_effect, NULL},
    [NEP_ACT_REGISTRATION] = {nep_registration_prepare, nep_registration_effect, NULL},
    [NEP_ACT_REGISTRY] = {nep_registry_prepare, nep_registry_effect, nep_registry_dispose},
    [NEP_ACT_FREEZE] = {nep_freeze_prepare, nep_freeze_effect, nep_freeze_dispose},
    [NEP_ACT_OPEN] = {NULL, nep_open_effect, NULL},
    [NEP_ACT_CLOSE] = {NULL, nep_close_effect, NULL},
    [NEP_ACT_TALLY] = {nep_tally_prepare, nep_tally_effect, nep_tally_dispose},
    [NEP_ACT_DECRYPTION] = {nep_decryption_prepare, nep_decryption_effect, nep_decryption_dispose},
    [NEP_ACT_RESULT] = {nep_result_prepare, nep_result_effect, NULL},
};

/* ---- who asks ---- */

static nep_status check_official(nep_db *db, const nep_act *act, nep_error *err)
{
  char key[65];
  bool found = false, revoked = false;
  nep_status st = nep_db_official_find(db, act->official, &found, key, &revoked, err);
  if (st != NEP_OK)
    return st;
  if (!found || strcmp(key, act->key) != 0)
    return nep_fail(err, NEP_E_DENIED, "official", "NEP-Act",
                    "this key is not that of an official named %s", act->official);
  if (revoked)
    return nep_fail(err, NEP_E_DENIED, "official-revoked", "NEP-Act", "the key of %s is revoked",
                    act->official);
  return NEP_OK;
}

static nep_status replayed(nep_error *err)
{
  return nep_fail(err, NEP_E_STATE, "replay", "NEP-Act", "this request was performed before");
}

static nep_status admit(nep_db *db, void *ctx, nep_error *err)
{
  nep_act_call *c = ctx;
  const char *path_uuid = c->action == NEP_ACT_CREATE ? "" : c->uuid;
  bool known = false;
  nep_status st = nep_db_clock(db, &c->now, err);
  if (st == NEP_OK)
    st = nep_act_verify(c->header, c->action, path_uuid, c->body, c->now, &c->act, err);
  if (st == NEP_OK)
    st = check_official(db, &c->act, err);
  if (st == NEP_OK)
    st = nep_db_act_known(db, c->act.nonce, &known, err);
  return st == NEP_OK && known ? replayed(err) : st;
}

/* ---- the transaction ---- */

static nep_status record(nep_db *db, const nep_act_call *c, nep_error *err)
{
  nep_act_row act = {
      .uuid = c->uuid,
      .action = nep_action_name(c->action),
      .official = c->act.official,
      .nonce = c->act.nonce,
      .body_hash = c->act.body,
      .envelope = c->header,
      .at = c->now,
  };
  nep_status st = nep_db_act_insert(db, &act, err);
  bool again = st == NEP_E_CHECK && strcmp(nep_db_constraint(db), "acts_nonce") == 0;
  return again ? replayed(err) : st;
}

static nep_status perform(nep_db *db, void *ctx, nep_error *err)
{
  nep_act_call *c = ctx;
  nep_status st = NEP_OK;
  nep_buf_clear(c->json);
  c->performed = false;
  if (c->action != NEP_ACT_CREATE)
    st = nep_db_head_lock(db, c->uuid, &c->head, err);
  if (st == NEP_OK)
    st = nep_db_clock(db, &c->now, err);
  if (st == NEP_OK)
    st = check_official(db, &c->act, err);
  if (st == NEP_OK)
    st = record(db, c, err);
  if (st == NEP_OK)
    st = actions[c->action].effect(c, db, err);
  c->performed = st == NEP_OK;
  return st;
}

/* {"uuid","phase", …}: the effect's own members come after. */
static void finish(const nep_act_call *c)
{
  nep_buf whole = {0};
  if (c->whole)
    return;
  nep_buf_char(&whole, '{');
  nep_member_string(&whole, "uuid", c->uuid);
  nep_member_string(&whole, "phase", nep_phase_name(c->head.phase));
  if (c->head.has_event) {
    nep_buf_printf(&whole, ",\"height\":%lld", (long long)c->head.height);
    nep_member_string(&whole, "head", c->head.event);
  }
  if (c->json->len > 0 && c->json->data[0] != ',')
    nep_buf_char(&whole, ',');
  nep_buf_add(&whole, c->json->data, c->json->len);
  nep_buf_char(&whole, '}');
  nep_buf_clear(c->json);
  nep_buf_add(c->json, whole.data, whole.len);
  nep_buf_free(&whole);
}

nep_status nep_act_perform(nep_service *s, nep_action action, const char *uuid, nep_bytes header,
                           nep_bytes body, nep_buf *json, nep_error *err)
{
  nep_act_call c = {
      .service = s, .action = action, .uuid = uuid, .header = header, .body = body, .json = json};
  nep_status st = nep_db_transaction(s->official, true, admit, &c, err);
  if (st == NEP_OK && actions[action].prepare != NULL)
    st = actions[action].prepare(&c, err);
  if (st == NEP_OK)
    st = nep_db_transaction(s->official, false, perform, &c, err);
  if (st == NEP_OK) {
    atomic_fetch_add(&s->counters.acts, 1);
    finish(&c);
  } else if (c.performed) { /* by a transaction that may not have been committed */
    nep_buf_clear(json);
  }
  if (actions[action].dispose != NULL)
    actions[action].dispose(&c);
  return st;
}
