#include "records/act.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "records/fields.h"
#include "records/tags.h"

enum { ENVELOPE_MAX = NEP_ACT_HEADER_MAX / 4 * 3, NONCE_BYTES = 16 };

static const char *const names[NEP_ACTION_COUNT] = {
    [NEP_ACT_CREATE] = "create",     [NEP_ACT_ROLL] = "roll",
    [NEP_ACT_CALENDAR] = "calendar", [NEP_ACT_REGISTRATION] = "registration",
    [NEP_ACT_REGISTRY] = "registry", [NEP_ACT_FREEZE] = "freeze",
    [NEP_ACT_OPEN] = "open",         [NEP_ACT_CLOSE] = "close",
    [NEP_ACT_TALLY] = "tally",       [NEP_ACT_DECRYPTION] = "decryption",
    [NEP_ACT_RESULT] = "result",
};

const char *nep_action_name(nep_action a)
{
  return names[a];
}

void nep_act_make(const nep_signing_key *k, const char *official, nep_action action,
                  const char *uuid, nep_bytes body, nep_buf *header)
{
  nep_buf message = {0}, envelope = {0};
  uint8_t random[NONCE_BYTES];
  char hash[65], nonce[2 * NONCE_BYTES + 1], time[21];
  nep_sha256_hex(body.data, body.len, hash);
  nep_random_bytes(random, sizeof random);
  nep_hex(random, sizeof random, nonce);
  nep_clock_text(nep_clock_now(), time);
  nep_field_open(&message, "action", names[action]);
  nep_field_add(&message, "uuid", uuid);
  nep_field_add(&message, "body", hash);
  nep_field_add(&message, "nonce", nonce);
  nep_field_add(&message, "time", time);
  nep_field_add(&message, "official", official);
  nep_buf_char(&message, '}');
  nep_envelope_make(k, NEP_TAG_ACT, nep_buf_bytes(&message), &envelope);
  char *room = nep_buf_room(header, (4 * envelope.len + 2) / 3 + 1);
  nep_base64url(envelope.data, envelope.len, room);
  header->len += strlen(room);
  nep_buf_free(&envelope);
  nep_buf_free(&message);
}

static nep_status read_string(const json_t *m, const char *key, size_t size, char *out,
                              nep_error *err)
{
  const char *text;
  size_t len;
  nep_status status = nep_json_string(m, key, &text, &len, err);
  if (status != NEP_OK)
    return status;
  if (len >= size)
    return nep_fail(err, NEP_E_INPUT, "act", key, "is longer than %zu characters", size - 1);
  memcpy(out, text, len + 1);
  return NEP_OK;
}

static nep_status read_act(const json_t *m, nep_act *act, nep_error *err)
{
  uint8_t nonce[NONCE_BYTES];
  nep_status status = nep_json_fields(m, "message", err, "action", "uuid", "body", "nonce", "time",
                                      "official", NULL);
  if (status == NEP_OK)
    status = read_string(m, "action", sizeof act->action, act->action, err);
  if (status == NEP_OK)
    status = read_string(m, "uuid", sizeof act->uuid, act->uuid, err);
  if (status == NEP_OK)
    status = nep_json_hash(m, "body", act->body, err);
  if (status == NEP_OK)
    status = read_string(m, "nonce", sizeof act->nonce, act->nonce, err);
  if (status == NEP_OK && !nep_unhex(act->nonce, strlen(act->nonce), nonce, sizeof nonce))
    status = nep_fail(err, NEP_E_INPUT, "act", "nonce", "must be 32 lower-case hex digits");
  if (status == NEP_OK)
    status = nep_field_time(m, "time", act->time, err);
  if (status == NEP_OK)
    status = nep_field_name(m, "official", sizeof act->official - 1, act->official, err);
  return status;
}

/* The signature says which request it is for; this request must be that one. */
static nep_status check_request(const nep_act *act, nep_action action, const char *uuid,
                                nep_bytes body, int64_t now, nep_error *err)
{
  char hash[65];
  int64_t time = 0;
  if (strcmp(act->action, names[action]) != 0)
    return nep_fail(err, NEP_E_DENIED, "act", "action", "signed for \"%s\", sent for \"%s\"",
                    act->action, names[action]);
  if (strcmp(act->uuid, uuid) != 0)
    return nep_fail(err, NEP_E_DENIED, "act", "uuid", "signed for the election \"%s\", not \"%s\"",
                    act->uuid, uuid);
  nep_sha256_hex(body.data, body.len, hash);
  if (strcmp(act->body, hash) != 0)
    return nep_fail(err, NEP_E_DENIED, "act", "body",
                    "the request's body (SHA-256 %s) is not the one that was signed", hash);
  if (!nep_clock_parse(act->time, &time) || llabs((long long)(now - time)) > NEP_ACT_WINDOW) {
    nep_fail(err, NEP_E_DENIED, "act-time", "time",
             "%s differs from the server's clock by more than %d seconds", act->time,
             NEP_ACT_WINDOW);
    nep_advise(err, "set the clock of this computer and send the request again");
    return NEP_E_DENIED;
  }
  return NEP_OK;
}

static nep_status open_header(nep_bytes header, nep_buf *envelope, nep_error *err)
{
  size_t len = 0;
  if (header.len == 0)
    return nep_fail(err, NEP_E_DENIED, "act", "NEP-Act",
                    "the header is missing: official requests must be signed");
  if (header.len > NEP_ACT_HEADER_MAX)
    return nep_fail(err, NEP_E_INPUT, "act", "NEP-Act", "the header is longer than %d characters",
                    NEP_ACT_HEADER_MAX);
  if (!nep_unbase64url(header.data, header.len, nep_buf_room(envelope, ENVELOPE_MAX), ENVELOPE_MAX,
                       &len))
    return nep_fail(err, NEP_E_INPUT, "act", "NEP-Act", "is not base64url without '='");
  envelope->len = len;
  return NEP_OK;
}

nep_status nep_act_verify(nep_bytes header, nep_action action, const char *uuid, nep_bytes body,
                          int64_t now, nep_act *out, nep_error *err)
{
  nep_buf envelope = {0};
  json_t *m = NULL;
  memset(out, 0, sizeof *out);
  nep_status status = open_header(header, &envelope, err);
  if (status == NEP_OK)
    status = nep_envelope_verify(nep_buf_bytes(&envelope), NEP_TAG_ACT, NULL, &m, out->key, err);
  if (status == NEP_OK)
    status = read_act(m, out, err);
  if (status == NEP_OK)
    status = check_request(out, action, uuid, body, now, err);
  /* A signature that does not hold shows no right to do this. */
  if (status == NEP_E_CHECK) {
    status = NEP_E_DENIED;
    if (err != NULL)
      err->status = status;
  }
  json_decref(m);
  nep_buf_free(&envelope);
  return status;
}
