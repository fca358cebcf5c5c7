#include "client-cli/own_registration.h"

#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "protocol/election.h"
#include "protocol/json.h"

enum { ANSWER_MAX = 1 << 20 };

nep_status nep_own_document(nep_voter *v, const char *session, const char *path, const char *list,
                            json_t **out, nep_error *err)
{
  nep_buf answer = {0};
  json_t *document = NULL;
  nep_request r = {.path = path, .header = session, .max = ANSWER_MAX, .tries = 3};
  *out = NULL;
  nep_status status = nep_http_send(v->http, &r, &answer, err);
  if (status == NEP_OK)
    status = nep_json_parse(nep_buf_bytes(&answer), &document, err);
  if (status == NEP_OK && !json_is_array(json_object_get(document, list)))
    status = nep_fail(err, NEP_E_CHECK, "server-answer", list, _("is not a list"));
  if (status == NEP_OK)
    *out = json_incref(json_object_get(document, list));
  json_decref(document);
  nep_buf_free(&answer);
  return status;
}

bool nep_registration_is_latest(const json_t *registrations, const char *nonce)
{
  size_t i;
  const json_t *r;
  json_array_foreach(registrations, i, r)
  {
    const char *replaces = json_string_value(json_object_get(r, "replaces"));
    if (replaces != NULL && strcmp(replaces, nonce) == 0)
      return false;
  }
  return true;
}

static bool is_nonce(const char *text)
{
  unsigned char bytes[32];
  size_t len = 0;
  return strlen(text) == NEP_NONCE_LENGTH &&
         nep_unbase64url(text, NEP_NONCE_LENGTH, bytes, sizeof bytes, &len) && len == sizeof bytes;
}

static bool take(const json_t *registration, nep_replaced *out)
{
  const char *nonce = json_string_value(json_object_get(registration, "nonce"));
  size_t i;
  const json_t *uuid;
  memset(out, 0, sizeof *out);
  if (nonce == NULL || !is_nonce(nonce))
    return false;
  memcpy(out->nonce, nonce, sizeof out->nonce);
  json_array_foreach(json_object_get(registration, "elections"), i, uuid)
  {
    const char *text = json_string_value(uuid);
    if (text == NULL || out->n == NEP_REGISTRATION_ELECTIONS_MAX || strlen(text) > 64 ||
        !nep_uuid_is_valid(text, strlen(text)))
      return false;
    memcpy(out->uuids[out->n++], text, strlen(text) + 1);
  }
  return true;
}

static bool find(const json_t *registrations, const char *event, nep_replaced *out)
{
  size_t i;
  const json_t *r;
  json_array_foreach(registrations, i, r)
  {
    const char *its_event = json_string_value(json_object_get(r, "event"));
    const char *nonce = json_string_value(json_object_get(r, "nonce"));
    if (its_event != NULL && strcmp(its_event, event) == 0 && nonce != NULL &&
        nep_registration_is_latest(registrations, nonce))
      return take(r, out);
  }
  return false;
}

nep_status nep_own_registration(nep_voter *v, const char *event, nep_replaced *out, nep_error *err)
{
  nep_buf session = {0};
  json_t *list = NULL;
  nep_status status = nep_voter_sign_in(v, &session, err);
  if (status == NEP_OK)
    status = nep_own_document(v, session.data, "/v1/me/registration", "registrations", &list, err);
  if (status == NEP_OK && !find(list, event, out)) {
    status = nep_fail(err, NEP_E_NOT_FOUND, "not-registered", event,
                      _("there is no registration of yours that could be replaced"));
    nep_advise(err, _("register without --replace"));
  }
  json_decref(list);
  nep_buf_wipe(&session);
  return status;
}
