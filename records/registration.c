#include "records/registration.h"

#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/election.h"
#include "protocol/values.h"
#include "records/fields.h"
#include "records/idtoken.h"
#include "records/tags.h"

bool nep_event_is_valid(const char *event, size_t len)
{
  return nep_is_name(event, len, NEP_EVENT_MAX);
}

/* ---- writing ---- */

static void write_head(const char *event, const char *salt, const char *replaces, nep_buf *out)
{
  nep_field_open(out, "event", event);
  nep_field_add(out, "salt", salt);
  if (replaces != NULL)
    nep_field_add(out, "replaces", replaces);
  else
    nep_buf_str(out, ",\"replaces\":null");
  nep_buf_str(out, ",\"credentials\":[");
}

void nep_registration_nonce(const char *event, const char *salt, const char *replaces,
                            const char *const *uuids, const char *const *credentials, size_t n,
                            char nonce[NEP_NONCE_LENGTH + 1])
{
  nep_buf text = {0};
  uint8_t hash[32];
  nep_buf_add(&text, NEP_TAG_REGISTRATION, sizeof NEP_TAG_REGISTRATION); /* with its NUL */
  write_head(event, salt, replaces, &text);
  for (size_t i = 0; i < n; i++) {
    if (i > 0)
      nep_buf_char(&text, ',');
    nep_field_open(&text, "uuid", uuids[i]);
    nep_field_add(&text, "credential", credentials[i]);
    nep_buf_char(&text, '}');
  }
  nep_buf_str(&text, "]}");
  nep_sha256_of(text.data, text.len, hash);
  nep_base64url(hash, sizeof hash, nonce);
  nep_buf_free(&text);
}

void nep_registration_write(const char *event, const char *salt, const char *replaces,
                            const char *const *uuids, const char *const *credentials,
                            const char *const *proofs, size_t n, const char *id_token, nep_buf *out)
{
  write_head(event, salt, replaces, out);
  for (size_t i = 0; i < n; i++) {
    if (i > 0)
      nep_buf_char(out, ',');
    nep_field_open(out, "uuid", uuids[i]);
    nep_field_add(out, "credential", credentials[i]);
    nep_buf_printf(out, ",\"proof\":%s}", proofs[i]);
  }
  nep_buf_char(out, ']');
  nep_field_add(out, "id_token", id_token);
  nep_buf_char(out, '}');
}

/* ---- reading ---- */

static nep_status read_head(const json_t *j, nep_registration *r, nep_error *err)
{
  const char *text;
  size_t len;
  uint8_t salt[32];
  nep_status status = nep_json_string(j, "event", &text, &len, err);
  if (status != NEP_OK)
    return status;
  if (!nep_event_is_valid(text, len))
    return nep_fail(err, NEP_E_INPUT, "registration", "event",
                    "must be 1 to %d bytes of UTF-8 without control characters", NEP_EVENT_MAX);
  r->event = nep_strndup(text, len);
  status = nep_json_string(j, "salt", &text, &len, err);
  if (status != NEP_OK)
    return status;
  if (!nep_unhex(text, len, salt, sizeof salt))
    return nep_fail(err, NEP_E_INPUT, "registration", "salt", "must be 64 lower-case hex digits");
  memcpy(r->salt, text, 65);
  if (json_is_null(json_object_get(j, "replaces")))
    return NEP_OK;
  char nonce[44];
  status = nep_field_nonce(j, "replaces", nonce, err);
  if (status == NEP_OK)
    r->replaces = nep_strdup(nonce);
  return status;
}

/* Decimal digits or lower-case hex: which of the two, and that it is a member, the group decides.
 */
static bool looks_like_element(const char *text, size_t len)
{
  return len > 0 && len < NEP_ELEMENT_TEXT_MAX && strspn(text, "0123456789abcdef") == len;
}

static nep_status read_credential(const json_t *j, nep_registered_credential *c, nep_error *err)
{
  const char *text;
  size_t len;
  char uuid[65];
  nep_status status = nep_json_fields(j, "", err, "uuid", "credential", "proof", NULL);
  if (status == NEP_OK)
    status = nep_field_uuid(j, "uuid", uuid, err);
  if (status == NEP_OK)
    status = nep_json_string(j, "credential", &text, &len, err);
  if (status != NEP_OK)
    return status;
  if (!looks_like_element(text, len))
    return nep_fail(err, NEP_E_INPUT, "registration", "credential",
                    "is not the text of a group element");
  if (!json_is_object(json_object_get(j, "proof")))
    return nep_fail(err, NEP_E_INPUT, "registration", "proof",
                    "must be an object {\"challenge\":\"..\",\"response\":\"..\"}");
  c->uuid = nep_strdup(uuid);
  c->credential = nep_strndup(text, len);
  c->proof = json_incref(json_object_get(j, "proof"));
  return NEP_OK;
}

static nep_status read_credentials(const json_t *j, nep_registration *r, nep_error *err)
{
  const json_t *list;
  nep_status status = nep_json_array(j, "credentials", &list, err);
  if (status != NEP_OK)
    return status;
  size_t n = json_array_size(list);
  if (n == 0 || n > NEP_REGISTRATION_ELECTIONS_MAX)
    return nep_fail(err, NEP_E_INPUT, "registration", "credentials",
                    "must name 1 to %d elections, found %zu", NEP_REGISTRATION_ELECTIONS_MAX, n);
  r->credentials = nep_alloc(n, sizeof *r->credentials);
  for (size_t i = 0; i < n; i++) {
    r->n_credentials = i + 1;
    status = read_credential(json_array_get(list, i), &r->credentials[i], err);
    if (status != NEP_OK)
      return nep_inside(err, status, "credentials[%zu]", i);
    if (i > 0 && strcmp(r->credentials[i - 1].uuid, r->credentials[i].uuid) >= 0)
      return nep_fail(err, NEP_E_INPUT, "registration", "credentials",
                      "must be sorted by uuid, each uuid once");
  }
  return NEP_OK;
}

static nep_status read_id_token(const json_t *j, nep_registration *r, nep_error *err)
{
  const char *text;
  size_t len;
  nep_status status = nep_json_string(j, "id_token", &text, &len, err);
  if (status != NEP_OK)
    return status;
  if (len == 0 || len > NEP_IDTOKEN_MAX)
    return nep_fail(err, NEP_E_INPUT, "registration", "id_token", "must have 1 to %d characters",
                    NEP_IDTOKEN_MAX);
  r->id_token = nep_strndup(text, len);
  return NEP_OK;
}

static void compute_nonce(nep_registration *r)
{
  const char *uuids[NEP_REGISTRATION_ELECTIONS_MAX], *credentials[NEP_REGISTRATION_ELECTIONS_MAX];
  for (size_t i = 0; i < r->n_credentials; i++) {
    uuids[i] = r->credentials[i].uuid;
    credentials[i] = r->credentials[i].credential;
  }
  nep_registration_nonce(r->event, r->salt, r->replaces, uuids, credentials, r->n_credentials,
                         r->nonce);
}

nep_status nep_registration_parse(nep_bytes text, nep_registration **out, nep_error *err)
{
  json_t *j = NULL;
  nep_registration *r = nep_alloc(1, sizeof *r);
  nep_status status;
  *out = NULL;
  if (text.len > NEP_REGISTRATION_TEXT_MAX)
    status = nep_fail(err, NEP_E_INPUT, "registration", NULL, "is longer than %d bytes",
                      NEP_REGISTRATION_TEXT_MAX);
  else
    status = nep_json_parse(text, &j, err);
  if (status == NEP_OK)
    status = nep_json_fields(j, "registration", err, "event", "salt", "replaces", "credentials",
                             "id_token", NULL);
  if (status == NEP_OK)
    status = read_head(j, r, err);
  if (status == NEP_OK)
    status = read_credentials(j, r, err);
  if (status == NEP_OK)
    status = read_id_token(j, r, err);
  json_decref(j);
  if (status != NEP_OK) {
    nep_registration_free(r);
    return status;
  }
  compute_nonce(r);
  *out = r;
  return NEP_OK;
}

void nep_registration_free(nep_registration *r)
{
  if (r == NULL)
    return;
  for (size_t i = 0; i < r->n_credentials; i++) {
    free(r->credentials[i].uuid);
    free(r->credentials[i].credential);
    json_decref(r->credentials[i].proof);
  }
  free(r->credentials);
  free(r->event);
  free(r->replaces);
  nep_free_string(r->id_token);
  free(r);
}
