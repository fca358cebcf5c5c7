/* What a person may see of their own: registrations and the access log. */
#include <stdlib.h>
#include <string.h>

#include "server/service/sessions.h"

typedef struct own {
  const char *session, *address;
  nep_buf *json;
  nep_db *db;
} own;

/* ---- GET /v1/me/registration ---- */

static nep_status add_uuid(void *ctx, const char *uuid, nep_error *err)
{
  nep_buf *json = ctx;
  (void)err;
  nep_buf_printf(json, "%s\"%s\"", json->data[json->len - 1] == '[' ? "" : ",", uuid);
  return NEP_OK;
}

static nep_status add_registration(void *ctx, const char *event, const char *nonce,
                                   const char *replaces, int64_t at, bool latest, nep_error *err)
{
  own *o = ctx;
  nep_buf_str(o->json, o->json->data[o->json->len - 1] == '[' ? "{" : ",{");
  nep_member_string(o->json, "event", event);
  nep_member_string(o->json, "nonce", nonce);
  nep_member_string(o->json, "replaces", replaces);
  nep_member_time(o->json, "time", at);
  nep_buf_printf(o->json, ",\"valid\":%s,\"elections\":[", latest ? "true" : "false");
  nep_status st = nep_db_registered(o->db, nonce, add_uuid, o->json, err);
  if (st == NEP_OK)
    nep_buf_str(o->json, "]}");
  return st;
}

static nep_status read_registrations(nep_db *db, void *ctx, nep_error *err)
{
  own *o = ctx;
  char *person = NULL;
  o->db = db;
  nep_buf_clear(o->json);
  nep_buf_str(o->json, "{\"registrations\":[");
  nep_status st = nep_session_enter(db, o->session, o->address, "status", &person, err);
  if (st == NEP_OK)
    st = nep_db_own_registrations(db, person, add_registration, o, err);
  if (st == NEP_OK)
    nep_buf_str(o->json, "]}");
  free(person);
  return st;
}

nep_status nep_own_registration(nep_service *s, const char *session, const char *address,
                                nep_buf *json, nep_error *err)
{
  own o = {.session = session, .address = address, .json = json};
  return nep_db_transaction(s->registry, true, read_registrations, &o, err);
}

/* ---- GET /v1/me/accesses ---- */

static nep_status add_access(void *ctx, int64_t at, const char *action, const char *address,
                             nep_error *err)
{
  nep_buf *json = ctx;
  (void)err;
  nep_buf_str(json, json->data[json->len - 1] == '[' ? "{" : ",{");
  nep_member_time(json, "time", at);
  nep_member_string(json, "action", action);
  nep_member_string(json, "address", address);
  nep_buf_char(json, '}');
  return NEP_OK;
}

static nep_status read_accesses(nep_db *db, void *ctx, nep_error *err)
{
  own *o = ctx;
  char *person = NULL;
  nep_buf_clear(o->json);
  nep_buf_str(o->json, "{\"accesses\":[");
  nep_status st = nep_session_enter(db, o->session, o->address, "accesses", &person, err);
  if (st == NEP_OK)
    st = nep_db_accesses(db, person, NEP_ACCESSES_MAX, add_access, o->json, err);
  if (st == NEP_OK)
    nep_buf_str(o->json, "]}");
  free(person);
  return st;
}

nep_status nep_own_accesses(nep_service *s, const char *session, const char *address, nep_buf *json,
                            nep_error *err)
{
  own o = {.session = session, .address = address, .json = json};
  return nep_db_transaction(s->registry, true, read_accesses, &o, err);
}
