#include "tests/issuer/token.h"

#include <cjose/cjose.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"

static void set_text(json_t *object, const char *key, const char *value)
{
  if (value != NULL)
    json_object_set_new(object, key, json_string(value));
}

static json_t *make_claims(const nep_test_token *t)
{
  json_t *claims = json_object();
  set_text(claims, "iss", t->issuer);
  set_text(claims, "sub", t->subject);
  if (t->n_audiences == 1)
    set_text(claims, "aud", t->audiences[0]);
  else if (t->n_audiences > 1) {
    json_t *list = json_array();
    for (size_t i = 0; i < t->n_audiences; i++)
      json_array_append_new(list, json_string(t->audiences[i]));
    json_object_set_new(claims, "aud", list);
  }
  set_text(claims, "azp", t->azp);
  set_text(claims, "nonce", t->nonce);
  json_object_set_new(claims, "iat", json_integer(t->now + t->issued_in));
  json_object_set_new(claims, "exp", json_integer(t->now + t->expires_in));
  if (t->has_not_before)
    json_object_set_new(claims, "nbf", json_integer(t->now + t->not_before_in));
  if (t->claim != NULL)
    set_text(claims, t->claim, t->claim_value);
  return claims;
}

static const char *algorithm_for(const nep_test_token *t, const cjose_jwk_t *key)
{
  cjose_err why;
  if (t->algorithm != NULL)
    return t->algorithm;
  return cjose_jwk_get_kty(key, &why) == CJOSE_JWK_KTY_EC ? "ES256" : "RS256";
}

static json_t *make_header(const nep_test_token *t, const cjose_jwk_t *key)
{
  cjose_err why;
  json_t *header = json_object();
  const char *kid = t->kid != NULL ? t->kid : cjose_jwk_get_kid(key, &why);
  set_text(header, "alg", algorithm_for(t, key));
  set_text(header, "typ", "JWT");
  if (kid != NULL && kid[0] != '\0')
    set_text(header, "kid", kid);
  if (t->crit != NULL) {
    json_object_set_new(header, "crit", json_pack("[s]", t->crit));
    set_text(header, t->crit, "1");
  }
  return header;
}

static void add_base64url(nep_buf *out, const char *text)
{
  size_t len = strlen(text);
  nep_base64url(text, len, nep_buf_room(out, (4 * len + 2) / 3 + 1));
  out->len += strlen(out->data + out->len);
}

/* RFC 7519 §6: an unsecured token ends in a dot with nothing behind it. */
static void unsigned_token(const json_t *header, const char *claims, nep_buf *out)
{
  char *text = json_dumps(header, JSON_COMPACT);
  add_base64url(out, text);
  nep_buf_char(out, '.');
  add_base64url(out, claims);
  nep_buf_char(out, '.');
  free(text);
}

/* The key-confusion attack: HMAC with what everybody knows, the public key's text. */
static cjose_jwk_t *public_key_as_secret(const cjose_jwk_t *key)
{
  cjose_err why;
  char *public = cjose_jwk_to_json(key, false, &why);
  cjose_jwk_t *secret = cjose_jwk_create_oct_spec((const uint8_t *)public, strlen(public), &why);
  free(public);
  return secret;
}

static nep_status sign(cjose_jwk_t *key, json_t *header, const char *claims, nep_buf *out,
                       nep_error *err)
{
  cjose_err why;
  const char *text = NULL;
  cjose_jws_t *jws = cjose_jws_sign(key, header, (const uint8_t *)claims, strlen(claims), &why);
  nep_status status = NEP_OK;
  if (jws == NULL || !cjose_jws_export(jws, &text, &why))
    status = nep_fail(err, NEP_E_INPUT, "issuer-sign", "algorithm", "cannot sign: %s", why.message);
  else
    nep_buf_str(out, text);
  if (jws != NULL)
    cjose_jws_release(jws);
  return status;
}

nep_status nep_test_token_make(nep_bytes private_jwk, const nep_test_token *t, nep_buf *out,
                               nep_error *err)
{
  cjose_err why;
  cjose_jwk_t *key = cjose_jwk_import(private_jwk.data, private_jwk.len, &why);
  if (key == NULL)
    return nep_fail(err, NEP_E_INPUT, "issuer-key", "key", "cannot be read: %s", why.message);
  json_t *claims_json = make_claims(t), *header = make_header(t, key);
  char *claims = json_dumps(claims_json, JSON_COMPACT);
  const char *algorithm = algorithm_for(t, key);
  nep_status status = NEP_OK;
  if (strcmp(algorithm, "none") == 0)
    unsigned_token(header, claims, out);
  else if (strcmp(algorithm, "HS256") == 0) {
    cjose_jwk_t *secret = public_key_as_secret(key);
    status = sign(secret, header, claims, out, err);
    cjose_jwk_release(secret);
  } else
    status = sign(key, header, claims, out, err);
  free(claims);
  json_decref(header);
  json_decref(claims_json);
  cjose_jwk_release(key);
  return status;
}
