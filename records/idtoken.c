#include "records/idtoken.h"

#include <cjose/cjose.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "protocol/json.h"
#include "records/idtoken_key.h"

/* The three parts of a compact token, each decoded by our own strict reader, so that one token has
   one text only. */
typedef struct token_parts {
  json_t *header;
  json_t *claims;
} token_parts;

static nep_status bad(nep_error *err, nep_status status, const char *what, const char *reason)
{
  return nep_fail(err, status, "id-token", what, "%s", reason);
}

static nep_status decode_json(nep_bytes part, const char *what, json_t **out, nep_error *err)
{
  nep_buf text = {0};
  size_t len = 0;
  nep_error why = {0};
  nep_status status = NEP_OK;
  if (!nep_unbase64url(part.data, part.len, nep_buf_room(&text, NEP_IDTOKEN_MAX), NEP_IDTOKEN_MAX,
                       &len))
    status = bad(err, NEP_E_INPUT, what, "is not base64url without '='");
  text.len = len;
  if (status == NEP_OK && nep_json_parse(nep_buf_bytes(&text), out, &why) != NEP_OK)
    status = nep_fail(err, NEP_E_INPUT, "id-token", what, "is not JSON: %s", why.reason);
  else if (status == NEP_OK && !json_is_object(*out))
    status = bad(err, NEP_E_INPUT, what, "is not a JSON object");
  nep_buf_wipe(&text);
  return status;
}

static nep_status split(nep_bytes token, token_parts *parts, nep_error *err)
{
  if (token.len == 0 || token.len > NEP_IDTOKEN_MAX)
    return nep_fail(err, NEP_E_INPUT, "id-token", "id_token", "must have 1 to %d characters",
                    NEP_IDTOKEN_MAX);
  const char *dot1 = memchr(token.data, '.', token.len);
  const char *end = token.data + token.len;
  const char *dot2 = dot1 == NULL ? NULL : memchr(dot1 + 1, '.', (size_t)(end - dot1 - 1));
  if (dot2 == NULL || memchr(dot2 + 1, '.', (size_t)(end - dot2 - 1)) != NULL)
    return bad(err, NEP_E_INPUT, "id_token", "must have three parts joined by dots");
  uint8_t signature[1024];
  size_t len = 0;
  if (!nep_unbase64url(dot2 + 1, (size_t)(end - dot2 - 1), signature, sizeof signature, &len) ||
      len == 0)
    return bad(err, NEP_E_INPUT, "signature", "is missing or not base64url without '='");
  nep_bytes header = {token.data, (size_t)(dot1 - token.data)};
  nep_bytes claims = {dot1 + 1, (size_t)(dot2 - dot1 - 1)};
  nep_status status = decode_json(header, "header", &parts->header, err);
  return status != NEP_OK ? status : decode_json(claims, "claims", &parts->claims, err);
}

static nep_status check_signature(nep_bytes token, const cjose_jwk_t *key, nep_error *err)
{
  cjose_err why;
  cjose_jws_t *jws = cjose_jws_import(token.data, token.len, &why);
  bool held = jws != NULL && cjose_jws_verify(jws, key, &why);
  if (jws != NULL)
    cjose_jws_release(jws);
  return held ? NEP_OK
              : bad(err, NEP_E_DENIED, "signature",
                    "does not fit the token and the identity provider's key");
}

/* ---- claims ---- */

static nep_status string_claim(const json_t *claims, const char *name, size_t max, const char **out,
                               nep_error *err)
{
  const json_t *value = json_object_get(claims, name);
  *out = json_string_value(value);
  if (*out == NULL)
    return bad(err, NEP_E_DENIED, name, "is missing or not a text");
  if (json_string_length(value) == 0 || json_string_length(value) > max)
    return nep_fail(err, NEP_E_DENIED, "id-token", name, "must have 1 to %zu bytes", max);
  return NEP_OK;
}

static nep_status time_claim(const json_t *claims, const char *name, int64_t *out, nep_error *err)
{
  const json_t *value = json_object_get(claims, name);
  *out = json_integer_value(value);
  if (!json_is_integer(value) || *out < 0 || *out > INT64_C(253402300799)) /* the year 9999 */
    return bad(err, NEP_E_DENIED, name, "is missing or not a number of seconds");
  return NEP_OK;
}

static bool names_audience(const json_t *aud, const char *audience)
{
  size_t i;
  const json_t *entry;
  if (json_is_string(aud))
    return strcmp(json_string_value(aud), audience) == 0;
  json_array_foreach(aud, i, entry) if (json_is_string(entry) && strcmp(json_string_value(entry),
                                                                        audience) == 0) return true;
  return false;
}

/* OpenID Connect Core §3.1.3.7, points 2-5. */
static nep_status check_parties(const json_t *claims, const nep_idtoken_policy *policy,
                                nep_error *err)
{
  const char *issuer;
  const json_t *aud = json_object_get(claims, "aud"), *azp = json_object_get(claims, "azp");
  nep_status status = string_claim(claims, "iss", 1024, &issuer, err);
  if (status != NEP_OK)
    return status;
  if (strcmp(issuer, policy->issuer) != 0)
    return nep_fail(err, NEP_E_DENIED, "id-token", "iss",
                    "is not the identity provider that this server trusts (%s)", policy->issuer);
  if (!names_audience(aud, policy->audience))
    return nep_fail(err, NEP_E_DENIED, "id-token", "aud", "is not meant for this service (%s)",
                    policy->audience);
  if (azp == NULL && json_array_size(aud) > 1)
    return bad(err, NEP_E_DENIED, "azp", "is missing, though \"aud\" names several parties");
  if (azp != NULL &&
      (!json_is_string(azp) || strcmp(json_string_value(azp), policy->audience) != 0))
    return nep_fail(err, NEP_E_DENIED, "id-token", "azp", "is not this service (%s)",
                    policy->audience);
  return NEP_OK;
}

static nep_status check_times(const json_t *claims, const nep_idtoken_policy *policy, int64_t now,
                              nep_idtoken *out, nep_error *err)
{
  int64_t not_before = 0;
  nep_status status = time_claim(claims, "exp", &out->expires, err);
  if (status == NEP_OK)
    status = time_claim(claims, "iat", &out->issued, err);
  if (status == NEP_OK && json_object_get(claims, "nbf") != NULL)
    status = time_claim(claims, "nbf", &not_before, err);
  if (status != NEP_OK)
    return status;
  if (out->expires + policy->leeway <= now) {
    status = bad(err, NEP_E_DENIED, "exp", "the token has expired");
    nep_advise(err, "sign in again");
  } else if (out->issued > now + policy->leeway)
    status = bad(err, NEP_E_DENIED, "iat", "lies in the future");
  else if (out->issued + policy->max_age + policy->leeway < now) {
    status = bad(err, NEP_E_DENIED, "iat", "the sign-in is too long ago");
    nep_advise(err, "sign in again");
  } else if (not_before > now + policy->leeway)
    status = bad(err, NEP_E_DENIED, "nbf", "the token is not valid yet");
  return status;
}

static nep_status check_claims(const json_t *claims, const nep_idtoken_policy *policy,
                               const char *nonce, int64_t now, nep_idtoken *out, nep_error *err)
{
  const char *person, *subject, *own_nonce;
  nep_status status = check_parties(claims, policy, err);
  if (status == NEP_OK)
    status = check_times(claims, policy, now, out, err);
  if (status == NEP_OK)
    status = string_claim(claims, "sub", 255, &subject, err);
  if (status == NEP_OK)
    status = string_claim(claims, policy->roll_claim, 255, &person, err);
  if (status == NEP_OK)
    status = string_claim(claims, "nonce", 255, &own_nonce, err);
  if (status == NEP_OK && nonce != NULL && strcmp(own_nonce, nonce) != 0)
    status = bad(err, NEP_E_DENIED, "nonce", "was issued for another request");
  if (status != NEP_OK)
    return status;
  out->subject = nep_strdup(subject);
  out->person = nep_strdup(person);
  out->nonce = nep_strdup(own_nonce);
  return NEP_OK;
}

nep_status nep_idtoken_check(nep_bytes token, nep_bytes jwks, const nep_idtoken_policy *policy,
                             const char *nonce, int64_t now, nep_idtoken *out, nep_error *err)
{
  token_parts parts = {0};
  cjose_jwk_t *key = NULL;
  memset(out, 0, sizeof *out);
  nep_status status = split(token, &parts, err);
  if (status == NEP_OK)
    status = nep_idtoken_key(jwks, parts.header, &key, err);
  if (status == NEP_OK)
    status = check_signature(token, key, err);
  if (status == NEP_OK)
    status = check_claims(parts.claims, policy, nonce, now, out, err);
  if (key != NULL)
    cjose_jwk_release(key);
  json_decref(parts.header);
  json_decref(parts.claims);
  return status;
}

nep_status nep_idtoken_issued(nep_bytes token, int64_t *issued, nep_error *err)
{
  token_parts parts = {0};
  nep_status status = split(token, &parts, err);
  if (status == NEP_OK)
    status = time_claim(parts.claims, "iat", issued, err);
  json_decref(parts.header);
  json_decref(parts.claims);
  return status;
}

void nep_idtoken_free(nep_idtoken *t)
{
  if (t == NULL)
    return;
  nep_free_string(t->person);
  nep_free_string(t->subject);
  free(t->nonce);
  memset(t, 0, sizeof *t);
}
