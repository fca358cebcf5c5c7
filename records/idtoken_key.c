#include "records/idtoken_key.h"

#include <stdbool.h>
#include <string.h>

#include "protocol/json.h"
#include "records/idtoken.h"

enum { RSA_BITS_MIN = 2048, RSA_BITS_MAX = 8192 };

/* The key's own type decides what a signature under it means; a token cannot choose "none" or have
   the public key taken for a shared secret (HS256). */
static const struct algorithm {
  const char *name;
  const char *kty;
  const char *crv; /* NULL: none */
} algorithms[] = {{"RS256", "RSA", NULL}, {"PS256", "RSA", NULL}, {"ES256", "EC", "P-256"}};

static const struct algorithm *find_algorithm(const json_t *header)
{
  const char *name = json_string_value(json_object_get(header, "alg"));
  for (size_t i = 0; name != NULL && i < sizeof algorithms / sizeof *algorithms; i++)
    if (strcmp(name, algorithms[i].name) == 0)
      return &algorithms[i];
  return NULL;
}

static bool is_or_absent(const json_t *key, const char *member, const char *value)
{
  const json_t *found = json_object_get(key, member);
  return found == NULL || (json_is_string(found) && strcmp(json_string_value(found), value) == 0);
}

static bool is_text(const json_t *key, const char *member, const char *value)
{
  return json_object_get(key, member) != NULL && is_or_absent(key, member, value);
}

static bool fits(const json_t *key, const struct algorithm *a, const char *kid)
{
  return json_is_object(key) && is_text(key, "kty", a->kty) &&
         (a->crv == NULL || is_text(key, "crv", a->crv)) && is_or_absent(key, "use", "sig") &&
         is_or_absent(key, "alg", a->name) && (kid == NULL || is_text(key, "kid", kid));
}

static nep_status find_key(const json_t *set, const struct algorithm *a, const char *kid,
                           const json_t **out, nep_error *err)
{
  size_t i, found = 0;
  const json_t *key;
  json_array_foreach(json_object_get(set, "keys"), i, key)
  {
    if (!fits(key, a, kid))
      continue;
    *out = key;
    found++;
  }
  if (found == 1)
    return NEP_OK;
  if (found > 1)
    return nep_fail(err, NEP_E_DENIED, "id-token", "kid",
                    "%zu keys of the identity provider fit: the token must name one", found);
  return nep_fail(err, NEP_E_DENIED, "id-token", "kid",
                  "the identity provider has no %s key of that name", a->name);
}

/* Only the public members are handed on, whatever else the set holds. */
static nep_status import(const json_t *key, const struct algorithm *a, cjose_jwk_t **out,
                         nep_error *err)
{
  static const char *const members[] = {"kty", "n", "e", "crv", "x", "y"};
  json_t *public = json_object();
  cjose_err why;
  for (size_t i = 0; i < sizeof members / sizeof *members; i++)
    if (json_object_get(key, members[i]) != NULL)
      json_object_set(public, members[i], json_object_get(key, members[i]));
  *out = cjose_jwk_import_json(public, &why);
  json_decref(public);
  if (*out == NULL)
    return nep_fail(err, NEP_E_DENIED, "id-token", "jwks",
                    "the identity provider's key cannot be used: %s", why.message);
  size_t bits = cjose_jwk_get_keysize(*out, &why);
  if (strcmp(a->kty, "RSA") == 0 && (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX))
    return nep_fail(err, NEP_E_DENIED, "id-token", "jwks",
                    "the identity provider's RSA key has %zu bits, allowed are %d to %d", bits,
                    RSA_BITS_MIN, RSA_BITS_MAX);
  return NEP_OK;
}

static nep_status read_set(nep_bytes jwks, json_t **out, nep_error *err)
{
  if (jwks.len > NEP_JWKS_MAX)
    return nep_fail(err, NEP_E_INPUT, "id-token", "jwks", "is longer than %d bytes", NEP_JWKS_MAX);
  if (nep_json_parse(jwks, out, NULL) != NEP_OK || !json_is_array(json_object_get(*out, "keys")))
    return nep_fail(err, NEP_E_INPUT, "id-token", "jwks",
                    "the identity provider's key set is not {\"keys\":[..]}");
  return NEP_OK;
}

nep_status nep_idtoken_key(nep_bytes jwks, const json_t *header, cjose_jwk_t **out, nep_error *err)
{
  const struct algorithm *a = find_algorithm(header);
  const json_t *kid = json_object_get(header, "kid"), *key = NULL;
  json_t *set = NULL;
  *out = NULL;
  if (a == NULL)
    return nep_fail(err, NEP_E_DENIED, "id-token", "alg", "must be one of RS256, PS256 and ES256");
  if (json_object_get(header, "crit") != NULL)
    return nep_fail(err, NEP_E_DENIED, "id-token", "crit",
                    "names extensions that this server does not know");
  if (kid != NULL && !json_is_string(kid))
    return nep_fail(err, NEP_E_INPUT, "id-token", "kid", "must be a text");
  nep_status status = read_set(jwks, &set, err);
  if (status == NEP_OK)
    status = find_key(set, a, json_string_value(kid), &key, err);
  if (status == NEP_OK)
    status = import(key, a, out, err);
  if (status != NEP_OK && *out != NULL) {
    cjose_jwk_release(*out);
    *out = NULL;
  }
  json_decref(set);
  return status;
}
