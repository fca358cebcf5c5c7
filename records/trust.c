#include "records/trust.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "records/fields.h"
#include "records/tags.h"

enum { CLAIMS_PERIOD_MAX = 366 * 24 * 3600, TEXT_MAX = 512 };

static const struct role {
  const char *name, *list, *needed; /* needed: NULL when one is enough */
} roles[NEP_ROLE_COUNT] = {
    [NEP_ROLE_AUDIT_SIGNER] = {"audit signer", "audit_signers", NULL},
    [NEP_ROLE_OFFICIAL] = {"official", "officials", "officials_needed"},
    [NEP_ROLE_OBSERVER] = {"observer", "observers", "observers_needed"},
    [NEP_ROLE_MIRROR] = {"mirror", "mirrors", "mirrors_needed"},
};

const char *nep_role_name(nep_role role)
{
  return roles[role].name;
}

void nep_trust_fingerprint(nep_bytes text, char base64[NEP_FINGERPRINT + 1], char hex[65])
{
  nep_buf tagged = {0};
  uint8_t hash[32];
  nep_buf_add(&tagged, NEP_TAG_TRUST, sizeof NEP_TAG_TRUST);
  nep_buf_add(&tagged, text.data, text.len);
  nep_sha256_of(tagged.data, tagged.len, hash);
  nep_base64(hash, sizeof hash, base64);
  if (hex != NULL)
    nep_hex(hash, sizeof hash, hex);
  nep_buf_free(&tagged);
}

/* A key that no signature could ever be verified with is a mistake to be found now. */
static nep_status read_key(const json_t *object, const char *key, char out[65], nep_error *err)
{
  uint8_t point[crypto_core_ed25519_BYTES];
  nep_status s = nep_json_hash(object, key, out, err);
  if (s == NEP_OK &&
      (!nep_unhex(out, 64, point, sizeof point) || !crypto_core_ed25519_is_valid_point(point)))
    s = nep_fail(err, NEP_E_CHECK, "trust", key, "%s is not an Ed25519 public key", out);
  return s;
}

/* ---- distinctness ---- */

static nep_status check_new(const nep_trust *t, const nep_pinned *p, nep_error *err)
{
  if (strcmp(p->key, t->receipts) == 0)
    return nep_fail(err, NEP_E_CHECK, "trust", "key", "%s has the key of the receipts", p->name);
  for (int r = 0; r < NEP_ROLE_COUNT; r++)
    for (size_t i = 0; i < t->n_pinned[r]; i++) {
      const nep_pinned *other = &t->pinned[r][i];
      if (strcmp(other->name, p->name) == 0)
        return nep_fail(err, NEP_E_CHECK, "trust", "name", "%s is named twice", p->name);
      if (strcmp(other->key, p->key) == 0)
        return nep_fail(err, NEP_E_CHECK, "trust", "key", "%s and %s have the same key",
                        other->name, p->name);
    }
  return NEP_OK;
}

/* ---- reading ---- */

static nep_status read_person(nep_trust *t, int role, const json_t *value, nep_error *err)
{
  nep_pinned p;
  nep_status s = nep_json_fields(value, "person", err, "name", "key", NULL);
  if (s == NEP_OK)
    s = nep_field_name(value, "name", NEP_TRUST_NAME_MAX, p.name, err);
  if (s == NEP_OK)
    s = read_key(value, "key", p.key, err);
  if (s == NEP_OK)
    s = check_new(t, &p, err);
  if (s == NEP_OK)
    t->pinned[role][t->n_pinned[role]++] = p;
  return s;
}

static nep_status read_role(nep_trust *t, int role, const json_t *m, nep_error *err)
{
  const json_t *list;
  int64_t needed = 1;
  nep_status s = nep_json_array(m, roles[role].list, &list, err);
  if (s != NEP_OK)
    return s;
  size_t n = json_array_size(list);
  if (n < 1 || n > NEP_TRUST_PERSONS_MAX)
    return nep_fail(err, NEP_E_CHECK, "trust", roles[role].list, "1 to %d are expected, found %zu",
                    NEP_TRUST_PERSONS_MAX, n);
  t->pinned[role] = nep_alloc(n, sizeof *t->pinned[role]);
  for (size_t i = 0; s == NEP_OK && i < n; i++) {
    s = read_person(t, role, json_array_get(list, i), err);
    if (s != NEP_OK)
      return nep_inside(err, s, "%s[%zu]", roles[role].list, i);
  }
  if (roles[role].needed != NULL)
    s = nep_json_integer(m, roles[role].needed, 1, (int64_t)n, &needed, err);
  t->needed[role] = (size_t)needed;
  return s;
}

static nep_status read_text(const json_t *m, const char *key, char **out, nep_error *err)
{
  char text[TEXT_MAX + 1];
  nep_status s = nep_field_name(m, key, TEXT_MAX, text, err);
  if (s == NEP_OK)
    *out = nep_strdup(text);
  return s;
}

static nep_status read_identity(nep_trust *t, const json_t *m, nep_error *err)
{
  const json_t *identity = json_object_get(m, "identity");
  nep_status s = nep_json_fields(identity, "identity", err, "issuer", "audience", "claim", NULL);
  if (s == NEP_OK)
    s = read_text(identity, "issuer", &t->issuer, err);
  if (s == NEP_OK)
    s = read_text(identity, "audience", &t->audience, err);
  if (s == NEP_OK)
    s = read_text(identity, "claim", &t->claim, err);
  return s;
}

static nep_status read_audit(nep_trust *t, const json_t *m, nep_error *err)
{
  nep_buf text = {0};
  nep_findings f = {0};
  nep_json_write(&text, json_object_get(m, "audit"));
  nep_trustees_verify(nep_group_find("Ed25519", strlen("Ed25519")), nep_buf_bytes(&text), &t->audit,
                      &f);
  nep_status s = nep_findings_status(&f, err);
  nep_findings_free(&f);
  nep_buf_free(&text);
  return s == NEP_OK ? s : nep_inside(err, s, "audit");
}

static nep_status read_limits(nep_trust *t, const json_t *m, nep_error *err)
{
  int64_t minimum = 0;
  nep_status s = nep_json_integer(m, "claims_period", 0, CLAIMS_PERIOD_MAX, &t->claims_period, err);
  if (s == NEP_OK)
    s = nep_json_integer(m, "minimum_count", 1, INT32_MAX, &minimum, err);
  if (s == NEP_OK)
    s = nep_json_bool(m, "weights", &t->weights, err);
  t->minimum_count = (uint64_t)minimum;
  return s;
}

static nep_status read_fields(nep_trust *t, const json_t *m, nep_error *err)
{
  nep_status s = nep_json_fields(m, "trust", err, "event", "identity", "audit", "audit_signers",
                                 "officials", "officials_needed", "observers", "observers_needed",
                                 "mirrors", "mirrors_needed", "receipts", "claims_period",
                                 "minimum_count", "weights", NULL);
  if (s == NEP_OK)
    s = nep_field_name(m, "event", NEP_EVENT_MAX, t->event, err);
  if (s == NEP_OK)
    s = read_identity(t, m, err);
  if (s == NEP_OK)
    s = read_key(m, "receipts", t->receipts, err);
  for (int r = 0; s == NEP_OK && r < NEP_ROLE_COUNT; r++)
    s = read_role(t, r, m, err);
  if (s == NEP_OK)
    s = read_limits(t, m, err);
  if (s == NEP_OK)
    s = read_audit(t, m, err);
  return s;
}

nep_status nep_trust_parse(nep_bytes text, nep_trust **out, nep_error *err)
{
  json_t *m = NULL;
  nep_trust *t = nep_alloc(1, sizeof *t);
  *out = NULL;
  nep_status s = text.len <= NEP_TRUST_MAX ? NEP_OK
                                           : nep_fail(err, NEP_E_INPUT, "trust", "trust",
                                                      "is longer than %d bytes", NEP_TRUST_MAX);
  if (s == NEP_OK)
    s = nep_json_parse_canonical(text, &m, err);
  if (s == NEP_OK)
    s = read_fields(t, m, err);
  json_decref(m);
  if (s != NEP_OK) {
    nep_trust_free(t);
    return s;
  }
  nep_trust_fingerprint(text, t->fingerprint, t->hash);
  t->text = nep_strndup(text.data, text.len);
  t->text_len = text.len;
  *out = t;
  return NEP_OK;
}

/* ---- writing ---- */

static void write_role(const nep_trust *t, int role, nep_buf *out)
{
  nep_buf_printf(out, ",\"%s\":[", roles[role].list);
  for (size_t i = 0; i < t->n_pinned[role]; i++) {
    if (i > 0)
      nep_buf_char(out, ',');
    nep_field_open(out, "name", t->pinned[role][i].name);
    nep_field_add(out, "key", t->pinned[role][i].key);
    nep_buf_char(out, '}');
  }
  nep_buf_char(out, ']');
  if (roles[role].needed != NULL)
    nep_buf_printf(out, ",\"%s\":%zu", roles[role].needed, t->needed[role]);
}

void nep_trust_write(const nep_trust *t, nep_bytes audit, nep_buf *out)
{
  nep_field_open(out, "event", t->event);
  nep_buf_str(out, ",\"identity\":");
  nep_field_open(out, "issuer", t->issuer);
  nep_field_add(out, "audience", t->audience);
  nep_field_add(out, "claim", t->claim);
  nep_buf_str(out, "},\"audit\":");
  nep_buf_add(out, audit.data, audit.len);
  for (int r = 0; r < NEP_ROLE_COUNT; r++)
    write_role(t, r, out);
  nep_field_add(out, "receipts", t->receipts);
  nep_buf_printf(out, ",\"claims_period\":%lld,\"minimum_count\":%llu,\"weights\":%s}",
                 (long long)t->claims_period, (unsigned long long)t->minimum_count,
                 t->weights ? "true" : "false");
}

void nep_trust_free(nep_trust *t)
{
  if (t == NULL)
    return;
  for (int r = 0; r < NEP_ROLE_COUNT; r++)
    free(t->pinned[r]);
  nep_trustees_free(t->audit);
  free(t->claim);
  free(t->audience);
  free(t->issuer);
  free(t->text);
  free(t);
}

const nep_pinned *nep_trust_find(const nep_trust *t, nep_role role, const char *key)
{
  for (size_t i = 0; i < t->n_pinned[role]; i++)
    if (strcmp(t->pinned[role][i].key, key) == 0)
      return &t->pinned[role][i];
  return NULL;
}
