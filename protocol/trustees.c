#include "protocol/trustees.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/tags.h"
#include "protocol/threshold.h"
#include "protocol/values.h"

void nep_trustees_free(nep_trustees *t)
{
  if (!t)
    return;
  for (size_t i = 0; i < t->n_owners; i++)
    free(t->owners[i].name);
  free(t->owners);
  free(t->items);
  free(t);
}

/* ---- single parts ---- */

bool nep_key_read(nep_findings *f, const char *object, const nep_group *g, const json_t *holder,
                  const char *key, const char *code, nep_element *out)
{
  nep_error err = {0};
  if (nep_element_read(g, holder, key, out, &err)) {
    nep_fault(f, "trustees-parse", object, "%s: %s", err.where, err.reason);
    return false;
  }
  return nep_check(f, "trustee key memberships", nep_element_is_member_var(g, out), code, object,
                   "a key is not in the subgroup of prime order") &&
         nep_check(f, "trustee keys not the identity", !nep_element_is_one(g, out), code, object,
                   "a key is the identity element");
}

/* Splits {"message","signature"}; a fault when it is malformed. */
static bool split(nep_findings *f, const char *object, const nep_group *g, const json_t *value,
                  const char *where, const json_t **message, nep_proof *signature)
{
  nep_error err = {0};
  if (!nep_signed_read(g, value, where, message, signature, &err))
    return true;
  nep_fault(f, "trustees-parse", object, "%s: %s", err.where, err.reason);
  return false;
}

bool nep_trustee_pok_check(nep_findings *f, const char *object, const nep_group *g,
                           const json_t *key, nep_element *public_key)
{
  nep_error err = {0};
  const json_t *message;
  nep_proof signature;
  if (!split(f, object, g, key, "verification_key.message", &message, &signature))
    return false;
  const json_t *name = json_object_get(message, "name");
  nep_status status = nep_json_fields(message, "verification_key.message.message", &err,
                                      "public_key", "name?", NULL);
  if (!status && name && !json_is_string(name))
    status = nep_fail(&err, NEP_E_INPUT, "shape", "name", "a string is expected");
  if (status) {
    nep_fault(f, "trustees-parse", object, "%s: %s", err.where, err.reason);
    return false;
  }
  return nep_key_read(f, object, g, message, "public_key", "trustee-key", public_key) &&
         nep_check(
             f, "trustee proofs of knowledge",
             nep_signed_verify_var(g, NEP_TAG_VERIFICATION_KEY, public_key, message, &signature),
             "trustee-pok", object, "the proof that the key is known does not hold");
}

bool nep_trustee_outer_check(nep_findings *f, const char *object, const nep_group *g,
                             const json_t *outer, const nep_element *verification_key)
{
  const json_t *message;
  nep_proof signature;
  return split(f, object, g, outer, "verification_key", &message, &signature) &&
         nep_check(f, "trustee outer signatures",
                   nep_signed_verify_var(g, NEP_TAG_OUTER_VERIFICATION_KEY, verification_key,
                                         message, &signature),
                   "trustee-outer-signature", object,
                   "the key is not signed by the owner of the certificate");
}

/* ---- whole trustees ---- */

static bool check_single(nep_findings *f, const char *object, const nep_group *g, const json_t *p)
{
  nep_error err = {0};
  const json_t *message;
  nep_proof signature;
  nep_element verification, encryption, public_key;
  if (nep_json_fields(p, NULL, &err, "cert", "verification_key", NULL)) {
    nep_fault(f, "trustees-parse", object, "%s", err.reason);
    return false;
  }
  const json_t *outer = json_object_get(p, "verification_key");
  if (!split(f, object, g, json_object_get(p, "cert"), "cert", &message, &signature))
    return false;
  if (nep_json_fields(message, "cert.message", &err, "context", "verification", "encryption",
                      NULL)) {
    nep_fault(f, "trustees-parse", object, "%s: %s", err.where, err.reason);
    return false;
  }
  return nep_check(f, "trustee certificates", json_is_null(json_object_get(message, "context")),
                   "trustee-cert", object, "the certificate has a context") &&
         nep_key_read(f, object, g, message, "verification", "trustee-cert", &verification) &&
         nep_key_read(f, object, g, message, "encryption", "trustee-cert", &encryption) &&
         nep_check(f, "trustee certificates",
                   nep_signed_verify_var(g, NEP_TAG_BASIC_CERT, &verification, message, &signature),
                   "trustee-cert", object, "the certificate's signature does not hold") &&
         nep_trustee_pok_check(f, object, g, json_object_get(outer, "message"), &public_key) &&
         nep_trustee_outer_check(f, object, g, outer, &verification);
}

static bool check_pedersen(nep_findings *f, const char *object, const nep_group *g, const json_t *p)
{
  static const char *const lists[] = {"coefexps", "signatures", "verification_keys"};
  nep_error err = {0};
  nep_threshold t = {.group = g, .findings = f, .object = object};
  if (nep_json_fields(p, NULL, &err, "context", "certs", "coefexps", "signatures",
                      "verification_keys", NULL)) {
    nep_fault(f, "trustees-parse", object, "%s", err.reason);
    return false;
  }
  bool held = nep_threshold_read_context(&t, json_object_get(p, "context"));
  for (size_t i = 0; held && i < 3; i++)
    held =
        nep_check(f, "threshold lengths", json_array_size(json_object_get(p, lists[i])) == t.n,
                  "threshold-context", object, "the length of a list is not the number of members");
  held = held && nep_threshold_read_certs(&t, json_object_get(p, "certs"));
  for (size_t i = 0; held && i < t.n; i++)
    held =
        nep_threshold_check_coefexps(&t, i, json_array_get(json_object_get(p, "coefexps"), i)) &&
        nep_threshold_check_signature(&t, i, json_array_get(json_object_get(p, "signatures"), i));
  for (size_t i = 0; held && i < t.n; i++) {
    nep_element public_key;
    held = nep_threshold_check_key(
        &t, i, json_array_get(json_object_get(p, "verification_keys"), i), &public_key);
  }
  nep_threshold_end(&t);
  return held;
}

/* ---- keys as they are written, so that a verifier can go on after a fault ---- */

static const json_t *descend(const json_t *value, ...) __attribute__((sentinel));

static const json_t *descend(const json_t *value, ...)
{
  va_list names;
  va_start(names, value);
  for (const char *name; (name = va_arg(names, const char *));)
    value = json_object_get(value, name);
  va_end(names);
  return value;
}

static bool read_text(const nep_group *g, const json_t *text, nep_element *out)
{
  return json_is_string(text) && nep_element_parse(g, out, json_string_value(text),
                                                   json_string_length(text), NULL) == NEP_OK;
}

static bool add_owner(nep_trustees *t, const json_t *cert, const json_t *key)
{
  if (t->n_owners >= NEP_OWNERS_MAX)
    return false;
  nep_owner *o = &t->owners[t->n_owners];
  const json_t *name = descend(key, "message", "message", "name", NULL);
  const nep_trustee_item *item = &t->items[t->n_items];
  *o = (nep_owner){.item = t->n_items, .index = item->pedersen ? item->n + 1 : 0};
  if (!read_text(t->group, descend(key, "message", "message", "public_key", NULL),
                 &o->public_key) ||
      !read_text(t->group, descend(cert, "message", "verification", NULL), &o->verification_key) ||
      !read_text(t->group, descend(cert, "message", "encryption", NULL), &o->encryption_key))
    return false;
  if (json_is_string(name))
    o->name = nep_strdup(json_string_value(name));
  t->n_owners++;
  t->items[t->n_items].n++;
  return true;
}

static bool read_single(nep_trustees *t, const json_t *p)
{
  if (!add_owner(t, descend(p, "cert", NULL), descend(p, "verification_key", NULL)))
    return false;
  t->items[t->n_items].threshold = 1;
  nep_element_mul(t->group, &t->election_key, &t->election_key,
                  &t->owners[t->n_owners - 1].public_key);
  return true;
}

static bool read_pedersen(nep_trustees *t, const json_t *p)
{
  const json_t *certs = descend(p, "certs", NULL), *keys = descend(p, "verification_keys", NULL);
  const json_t *coefexps = descend(p, "coefexps", NULL);
  const json_t *needed = descend(p, "context", "threshold", NULL);
  size_t n = json_array_size(keys);
  if (n == 0 || json_array_size(certs) != n || json_array_size(coefexps) != n ||
      !json_is_integer(needed) || json_integer_value(needed) < 1 ||
      (size_t)json_integer_value(needed) > n)
    return false;
  t->items[t->n_items].threshold = (size_t)json_integer_value(needed);
  for (size_t i = 0; i < n; i++) {
    nep_element a;
    const json_t *row = descend(json_array_get(coefexps, i), "coefexps", NULL);
    if (!add_owner(t, json_array_get(certs, i), json_array_get(keys, i)) ||
        !read_text(t->group, json_array_get(row, 0), &a))
      return false;
    nep_element_mul(t->group, &t->election_key, &t->election_key, &a);
  }
  return true;
}

/* ---- the list ---- */

static bool is_kind(const json_t *item, const char *kind)
{
  const json_t *name = json_array_get(item, 0);
  return json_array_size(item) == 2 && json_is_string(name) &&
         strcmp(json_string_value(name), kind) == 0;
}

/* Checks the item, then reads it. False when it cannot be read at all, which then has a fault. */
static bool take_item(nep_trustees *t, const json_t *item, nep_findings *f)
{
  char object[32];
  const json_t *p = json_array_get(item, 1);
  bool single = is_kind(item, "Single"), pedersen = is_kind(item, "Pedersen");
  snprintf(object, sizeof object, "trustees[%zu]", t->n_items);
  if (!single && !pedersen) {
    nep_fault(f, "trustees-parse", object, "neither a Single nor a Pedersen");
    return false;
  }
  size_t before = f->n_faults;
  bool held =
      single ? check_single(f, object, t->group, p) : check_pedersen(f, object, t->group, p);
  t->items[t->n_items] = (nep_trustee_item){.pedersen = pedersen, .first = t->n_owners};
  bool read = single ? read_single(t, p) : read_pedersen(t, p);
  if (!read && (held || f->n_faults == before))
    nep_limit(f, "trustees-parse", object, "more than %d trustees", NEP_OWNERS_MAX);
  t->n_items++;
  return read;
}

static bool read_list(nep_trustees *t, const json_t *list, nep_findings *f)
{
  size_t n = json_array_size(list);
  if (n == 0)
    nep_fault(f, "trustees-parse", "trustees", "a list of 1 to %d trustees is expected",
              NEP_OWNERS_MAX);
  if (n > NEP_OWNERS_MAX)
    nep_limit(f, "trustees-parse", "trustees", "more than %d trustees", NEP_OWNERS_MAX);
  if (n == 0 || n > NEP_OWNERS_MAX)
    return false;
  t->owners = nep_alloc(NEP_OWNERS_MAX, sizeof *t->owners);
  t->items = nep_alloc(n, sizeof *t->items);
  bool read = true;
  for (size_t i = 0; read && i < n; i++)
    read = take_item(t, json_array_get(list, i), f);
  return read;
}

void nep_trustees_verify(const nep_group *g, nep_bytes text, nep_trustees **out, nep_findings *f)
{
  json_t *list = NULL;
  nep_error err = {0};
  *out = NULL;
  if (text.len > NEP_TRUSTEES_TEXT_MAX) {
    nep_limit(f, "trustees-parse", "trustees", "the text is longer than %d bytes",
              NEP_TRUSTEES_TEXT_MAX);
    return;
  }
  if (nep_json_parse(text, &list, &err)) {
    nep_fault(f, "trustees-parse", "trustees", "%s", err.reason);
    return;
  }
  nep_check(f, "trustees canonical", nep_json_is_canonical(list, text), "noncanonical", "trustees",
            "the text is not in canonical form");
  nep_trustees *t = nep_alloc(1, sizeof *t);
  t->group = g;
  nep_element_one(g, &t->election_key);
  if (read_list(t, list, f))
    *out = t;
  else
    nep_trustees_free(t);
  json_decref(list);
}
