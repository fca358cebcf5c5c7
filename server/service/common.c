/* Small things that several services need. */
#include "base/clock.h"
#include "protocol/archive.h"
#include "protocol/json.h"
#include "server/service/inside.h"

#include <string.h>

int64_t nep_record_size(size_t len)
{
  size_t blocks = (len + NEP_TAR_BLOCK - 1) / NEP_TAR_BLOCK;
  return (int64_t)((blocks + 1) * NEP_TAR_BLOCK);
}

/* ---- an election ---- */

typedef struct group_of {
  const char *uuid;
  const nep_group *group;
} group_of;

static nep_status find_group(nep_db *db, void *ctx, nep_error *err)
{
  group_of *x = ctx;
  nep_election_row election = {0};
  nep_status st = nep_db_election_get(db, x->uuid, &election, err);
  if (st == NEP_OK && (x->group = nep_group_find(election.group, strlen(election.group))) == NULL)
    st = nep_fail(err, NEP_E_INTERNAL, "stored-group", x->uuid, "unknown group");
  nep_election_row_free(&election);
  return st;
}

nep_status nep_election_group(nep_pool *role, const char *uuid, const nep_group **out,
                              nep_error *err)
{
  group_of x = {.uuid = uuid};
  nep_status st = nep_db_transaction(role, true, find_group, &x, err);
  *out = x.group;
  return st;
}

const char *nep_voting_refusal(const nep_head_row *head, int64_t now)
{
  if (head->phase < NEP_PHASE_OPEN)
    return "not-open";
  return head->phase > NEP_PHASE_OPEN || now >= head->closes ? "closed" : NULL;
}

nep_status nep_padding_check(const nep_buf *body, size_t wanted, const char *code, nep_error *err)
{
  if (body->len == wanted)
    return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, code, "body",
                  "the body has %zu bytes; in this election it has exactly %zu", body->len, wanted);
}

void nep_padding_take_off(nep_buf *body)
{
  while (body->len > 0 && body->data[body->len - 1] == ' ')
    body->len--;
}

/* ---- texts ---- */

static void start_member(nep_buf *json, const char *name)
{
  char last = json->len == 0 ? '{' : json->data[json->len - 1];
  if (last != '{' && last != '[')
    nep_buf_char(json, ',');
  nep_json_write_string(json, name, strlen(name));
  nep_buf_char(json, ':');
}

void nep_member_string(nep_buf *json, const char *name, const char *value)
{
  start_member(json, name);
  if (value == NULL)
    nep_buf_str(json, "null");
  else
    nep_json_write_string(json, value, strlen(value));
}

void nep_member_time(nep_buf *json, const char *name, int64_t seconds)
{
  char text[21];
  nep_clock_text(seconds, text);
  nep_member_string(json, name, text);
}

nep_status nep_sign_one(nep_service *s, nep_signed_purpose purpose, const nep_buf *message,
                        nep_buf *json, nep_error *err)
{
  nep_bytes bytes = nep_buf_bytes(message);
  return nep_signer_sign(s->signer, purpose, &bytes, 1, json, err);
}

void nep_event_row_text(const nep_event_row *e, nep_buf *text, char hash[65])
{
  nep_event_type type = NEP_EVENT_SETUP;
  while (type < NEP_EVENT_RESULT && strcmp(nep_event_name(type), e->type) != 0)
    type++;
  nep_event_write(e->parent, (uint64_t)e->height, type, e->payload, text, hash);
}
