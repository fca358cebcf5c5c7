/* The last ballot of one credential: a voter's second device goes on from there. */
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "records/receipt.h"
#include "server/service/inside.h"
#include "server/service/setups.h"

typedef struct find {
  const char *uuid, *credential;
  const nep_election *election;
  nep_buf statement;
  nep_cast_receipt receipt;
} find;

/* ---- what is asked for ---- */

static nep_status read_body(nep_bytes body, json_t **object, nep_bytes *credential, nep_error *err)
{
  const char *text = NULL;
  size_t len = 0;
  nep_status st = nep_json_parse(body, object, err);
  if (st == NEP_OK)
    st = nep_json_fields(*object, "body", err, "credential", NULL);
  if (st == NEP_OK)
    st = nep_json_string(*object, "credential", &text, &len, err);
  *credential = (nep_bytes){text, len};
  return st;
}

static nep_status check_listed(const nep_setup *setup, nep_bytes credential, nep_error *err)
{
  size_t place;
  if (nep_credentials_find(setup->credentials, credential.data, credential.len, &place))
    return NEP_OK;
  return nep_fail(err, NEP_E_NOT_FOUND, "credential", "credential",
                  "is not on the list of this election");
}

/* ---- what is found ---- */

static nep_status note(void *ctx, nep_bytes statement, const char *ballot, int64_t height,
                       const char *event, int64_t at, nep_error *err)
{
  find *f = ctx;
  nep_cast_receipt *r = &f->receipt;
  nep_buf_add(&f->statement, statement.data, statement.len);
  memcpy(r->uuid, f->uuid, strlen(f->uuid) + 1);
  memcpy(r->election_hash, f->election->phi, sizeof r->election_hash);
  memcpy(r->event, event, sizeof r->event);
  r->height = (uint64_t)height;
  nep_clock_text(at, r->time);
  return nep_tracker(ballot, r->tracker)
             ? NEP_OK
             : nep_fail(err, NEP_E_INTERNAL, "stored-hash", "ballot", "a stored hash is malformed");
}

static nep_status look(nep_db *db, void *ctx, nep_error *err)
{
  find *f = ctx;
  nep_buf_clear(&f->statement);
  memset(&f->receipt, 0, sizeof f->receipt);
  return nep_db_cast_of(db, f->uuid, f->credential, note, f, err);
}

/* The receipt is the one that whoever cast the ballot got; and as there, nep-signer needs to know
   nothing of the chain for it. */
static nep_status answer(nep_service *s, const find *f, nep_buf *json, nep_error *err)
{
  nep_buf message = {0}, receipt = {0};
  nep_cast_receipt_write(&f->receipt, &message);
  nep_status st = nep_sign_one(s, NEP_SIGN_CAST_RECEIPT, &message, &receipt, err);
  if (st == NEP_OK) {
    nep_buf_str(json, "{\"statement\":");
    nep_buf_add(json, f->statement.data, f->statement.len);
    nep_buf_str(json, ",\"receipt\":");
    nep_buf_add(json, receipt.data, receipt.len);
    nep_buf_char(json, '}');
  }
  nep_buf_free(&receipt);
  nep_buf_free(&message);
  return st;
}

nep_status nep_last_cast(nep_service *s, const char *uuid, nep_bytes body, nep_buf *json,
                         nep_error *err)
{
  find f = {.uuid = uuid};
  nep_setup *setup = NULL;
  json_t *object = NULL;
  nep_bytes credential = {0};
  nep_status st = read_body(body, &object, &credential, err);
  if (st == NEP_OK) /* on a thread that others wait for */
    st = nep_setup_take_soon(s, uuid, &setup, err);
  if (st == NEP_OK)
    st = check_listed(setup, credential, err);
  f.credential = credential.data;
  if (st == NEP_OK) {
    f.election = setup->election;
    st = nep_db_transaction(s->board, true, look, &f, err);
  }
  if (st == NEP_OK && f.statement.len == 0)
    nep_buf_str(json, "{\"statement\":null,\"receipt\":null}");
  else if (st == NEP_OK)
    st = answer(s, &f, json, err);
  nep_buf_free(&f.statement);
  json_decref(object);
  nep_setup_give(s, setup);
  return st;
}
