#include "server/service/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "protocol/json.h"
#include "records/sign_in.h"

void nep_token_new(char text[44], char hash[65])
{
  uint8_t raw[32];
  nep_random_bytes(raw, sizeof raw);
  nep_base64url(raw, sizeof raw, text);
  nep_sha256_hex(text, strlen(text), hash);
}

nep_status nep_session_enter(nep_db *db, const char *session, const char *address,
                             const char *action, char **person, nep_error *err)
{
  char hash[65];
  int64_t now = 0;
  nep_sha256_hex(session, strlen(session), hash);
  nep_status st = nep_db_session_person(db, hash, person, err);
  if (st == NEP_OK && *person == NULL) {
    (void)nep_fail(err, NEP_E_DENIED, "session", "Authorization",
                   "the session is unknown or has ended");
    st = nep_advise(err, "sign in again");
  }
  if (st == NEP_OK)
    st = nep_db_clock(db, &now, err);
  if (st == NEP_OK)
    st = nep_db_access_insert(db, *person, now, action, address, err);
  return st;
}

/* ---- POST /v1/sign-in ---- */

typedef struct start {
  char text[44];
  char hash[65]; /* of the nonce that the token must have */
  int64_t expires;
} start;

static nep_status store_nonce(nep_db *db, void *ctx, nep_error *err)
{
  start *w = ctx;
  nep_status st = nep_db_clock(db, &w->expires, err);
  w->expires += NEP_SIGN_IN_SECONDS;
  if (st == NEP_OK)
    st = nep_db_expired_delete(db, err);
  return st == NEP_OK ? nep_db_nonce_insert(db, w->hash, w->expires, err) : st;
}

nep_status nep_sign_in_start(nep_service *s, nep_buf *json, nep_error *err)
{
  start w = {.expires = 0};
  char nonce[NEP_NONCE_LENGTH + 1];
  nep_token_new(w.text, w.hash);
  nep_sign_in_nonce(nep_str_bytes(w.text), nonce); /* PROTOCOL-ADDITIONS 2.5 */
  nep_sha256_hex(nonce, strlen(nonce), w.hash);
  nep_status st = nep_db_transaction(s->registry, false, store_nonce, &w, err);
  if (st != NEP_OK)
    return st;
  nep_buf_char(json, '{');
  nep_member_string(json, "nonce", w.text);
  nep_member_time(json, "expires", w.expires);
  nep_buf_char(json, '}');
  return NEP_OK;
}

/* ---- POST /v1/sessions ---- */

typedef struct opening {
  nep_service *service;
  const char *address;
  nep_bytes token;
  nep_bytes jwks;
  char text[44], hash[65];
  int64_t expires;
} opening;

static nep_status use_nonce(nep_db *db, const char *nonce, nep_error *err)
{
  char hash[65];
  bool found = false;
  nep_sha256_hex(nonce, strlen(nonce), hash);
  nep_status st = nep_db_nonce_use(db, hash, &found, err);
  if (st != NEP_OK || found)
    return st;
  (void)nep_fail(err, NEP_E_DENIED, "sign-in-nonce", "id_token",
                 "its nonce is not made from one that this server gave out, or that one was used "
                 "before or has expired");
  return nep_advise(err, "begin again with POST /v1/sign-in");
}

static nep_status open_session(nep_db *db, void *ctx, nep_error *err)
{
  opening *o = ctx;
  nep_idtoken token = {0};
  int64_t now = 0;
  nep_status st = nep_db_clock(db, &now, err);
  if (st == NEP_OK)
    st =
        nep_idtoken_check(o->token, o->jwks, &o->service->config.id_policy, NULL, now, &token, err);
  if (st != NEP_OK)
    return st;
  st = use_nonce(db, token.nonce, err);
  o->expires = now + NEP_SESSION_SECONDS;
  if (st == NEP_OK)
    st = nep_db_session_insert(db, o->hash, token.person, o->expires, err);
  if (st == NEP_OK)
    st = nep_db_access_insert(db, token.person, now, "sign-in", o->address, err);
  nep_idtoken_free(&token);
  return st;
}

static nep_status read_token(nep_bytes body, json_t **object, nep_bytes *token, nep_error *err)
{
  const char *text = NULL;
  size_t len = 0;
  nep_status st = nep_json_parse(body, object, err);
  if (st == NEP_OK)
    st = nep_json_fields(*object, "body", err, "id_token", NULL);
  if (st == NEP_OK)
    st = nep_json_string(*object, "id_token", &text, &len, err);
  *token = (nep_bytes){text, len};
  return st;
}

nep_status nep_session_open(nep_service *s, nep_bytes body, const char *address, nep_buf *json,
                            nep_error *err)
{
  opening o = {.service = s, .address = address};
  json_t *object = NULL;
  nep_buf jwks = {0};
  char key_set[65];
  nep_status st = read_token(body, &object, &o.token, err);
  if (st == NEP_OK)
    st = nep_keys_get(s->keys, &jwks, key_set, err);
  o.jwks = nep_buf_bytes(&jwks);
  nep_token_new(o.text, o.hash);
  if (st == NEP_OK)
    st = nep_db_transaction(s->registry, false, open_session, &o, err);
  if (st == NEP_OK) {
    atomic_fetch_add(&s->counters.sessions, 1);
    nep_buf_char(json, '{');
    nep_member_string(json, "session", o.text);
    nep_member_time(json, "expires", o.expires);
    nep_buf_char(json, '}');
  }
  nep_wipe(o.text, sizeof o.text);
  nep_buf_free(&jwks);
  json_decref(object);
  return st;
}
