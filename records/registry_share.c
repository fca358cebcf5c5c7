#include "records/registry_share.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/values.h"
#include "records/tags.h"

static void add_element(nep_buf *out, const nep_element *e)
{
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_buf_add(out, text, nep_element_text(nep_audit_group(), e, text));
}

static nep_buf proof_prefix(const nep_registry *r, const nep_element *key, const nep_element *alpha,
                            const nep_element *factor)
{
  nep_buf prefix = {0};
  nep_buf_printf(&prefix, "%s|%s|", NEP_TAG_REGISTRY_OPEN, r->hash);
  add_element(&prefix, key);
  nep_buf_char(&prefix, '|');
  add_element(&prefix, alpha);
  nep_buf_char(&prefix, ',');
  add_element(&prefix, factor);
  nep_buf_char(&prefix, '|');
  return prefix;
}

/* ---- making ---- */

static void write_factor(const nep_registry *r, const nep_element *key, const nep_scalar *x,
                         const nep_element *alpha, nep_buf *out)
{
  const nep_group *g = nep_audit_group();
  nep_element factor, again;
  nep_proof proof;
  nep_element_exp(g, &factor, alpha, x);
  nep_buf prefix = proof_prefix(r, key, alpha, &factor);
  nep_decryption_prove(g, nep_buf_bytes(&prefix), x, alpha, &again, &proof);
  nep_buf_str(out, "{\"factor\":");
  nep_element_write(g, out, &factor);
  nep_buf_str(out, ",\"proof\":");
  nep_proof_write(g, out, &proof);
  nep_buf_char(out, '}');
  nep_buf_free(&prefix);
}

void nep_registry_share_make(const nep_registry *r, size_t owner, const nep_scalar *x, nep_buf *out)
{
  nep_element key;
  nep_element_exp_g(nep_audit_group(), &key, x);
  nep_buf_printf(out, "{\"owner\":%zu,\"export\":\"%s\",\"factors\":[", owner, r->hash);
  for (size_t i = 0; i < r->n_entries; i++) {
    if (i > 0)
      nep_buf_char(out, ',');
    write_factor(r, &key, x, &r->entries[i].sealed.alpha, out);
  }
  nep_buf_str(out, "]}");
}

/* ---- verifying ---- */

static nep_status check_factor(const nep_registry *r, const nep_element *key, const json_t *j,
                               size_t i, nep_element *factor, nep_error *err)
{
  const nep_group *g = nep_audit_group();
  const nep_element *alpha = &r->entries[i].sealed.alpha;
  const char *text = NULL;
  size_t len = 0;
  nep_proof proof;
  nep_error why = {0};
  nep_status status = nep_json_fields(j, "factor", err, "factor", "proof", NULL);
  if (status == NEP_OK)
    status = nep_json_string(j, "factor", &text, &len, err);
  if (status == NEP_OK && nep_element_parse_member(g, factor, text, len, false, &why) != NEP_OK)
    status = nep_fail(err, NEP_E_INPUT, "share", "factor", "%s", why.reason);
  if (status == NEP_OK)
    status = nep_proof_read(g, json_object_get(j, "proof"), "proof", &proof, err);
  if (status != NEP_OK)
    return status;
  nep_buf prefix = proof_prefix(r, key, alpha, factor);
  bool held = nep_decryption_verify_var(g, nep_buf_bytes(&prefix), key, alpha, factor, &proof);
  nep_buf_free(&prefix);
  return held ? NEP_OK
              : nep_fail(err, NEP_E_CHECK, "share-proof", "proof",
                         "does not show that the factor is right");
}

static nep_status read_head(const nep_registry *r, const nep_trustees *auditors, const json_t *j,
                            nep_registry_share *s, const json_t **factors, nep_error *err)
{
  int64_t owner = 0;
  char hash[65];
  nep_status status = nep_json_fields(j, "share", err, "owner", "export", "factors", NULL);
  if (status == NEP_OK)
    status = nep_json_integer(j, "owner", 1, (int64_t)auditors->n_owners, &owner, err);
  if (status == NEP_OK)
    status = nep_json_hash(j, "export", hash, err);
  if (status == NEP_OK && strcmp(hash, r->hash) != 0)
    status = nep_fail(err, NEP_E_CHECK, "share", "export", "was made for another export");
  if (status == NEP_OK)
    status = nep_json_array(j, "factors", factors, err);
  if (status == NEP_OK && json_array_size(*factors) != r->n_entries)
    status = nep_fail(err, NEP_E_CHECK, "share", "factors", "expected %zu, found %zu", r->n_entries,
                      json_array_size(*factors));
  s->owner = (size_t)owner;
  return status;
}

static nep_status check_factors(const nep_registry *r, const nep_trustees *auditors,
                                const json_t *factors, nep_registry_share *s, nep_error *err)
{
  const nep_owner *owner = &auditors->owners[s->owner - 1];
  nep_status status = NEP_OK;
  s->n = r->n_entries;
  s->factors = nep_alloc(s->n + 1, sizeof *s->factors);
  for (size_t i = 0; status == NEP_OK && i < s->n; i++) {
    status =
        check_factor(r, &owner->public_key, json_array_get(factors, i), i, &s->factors[i], err);
    if (status != NEP_OK)
      (void)nep_inside(err, status, "auditor %zu (%s), registration %s", s->owner,
                       owner->name != NULL ? owner->name : "without a name", r->entries[i].nonce);
  }
  return status;
}

nep_status nep_registry_share_verify(const nep_registry *r, const nep_trustees *auditors,
                                     nep_bytes text, nep_registry_share **out, nep_error *err)
{
  nep_registry_share *s = nep_alloc(1, sizeof *s);
  const json_t *factors = NULL;
  json_t *j = NULL;
  *out = NULL;
  nep_status status = nep_json_parse_canonical(text, &j, err);
  if (status == NEP_OK)
    status = read_head(r, auditors, j, s, &factors, err);
  if (status == NEP_OK)
    status = check_factors(r, auditors, factors, s, err);
  json_decref(j);
  if (status == NEP_OK)
    *out = s;
  else
    nep_registry_share_free(s);
  return status;
}

void nep_registry_share_free(nep_registry_share *s)
{
  if (s == NULL)
    return;
  if (s->factors != NULL) /* with enough of them every registration is open */
    nep_wipe(s->factors, s->n * sizeof *s->factors);
  free(s->factors);
  free(s);
}

/* ---- putting together ---- */

static const nep_registry_share *share_of(const nep_registry_share *const *shares, size_t n,
                                          size_t owner)
{
  for (size_t i = 0; i < n; i++)
    if (shares[i]->owner == owner)
      return shares[i];
  return NULL;
}

/* Multiplies the factors of one item into the masks: that of a Single as it is, `threshold` of a
   Pedersen item with Lagrange's coefficients. */
static nep_status add_item(const nep_registry *r, const nep_trustees *a,
                           const nep_trustee_item *item, const nep_registry_share *const *shares,
                           size_t n, nep_element *masks, nep_error *err)
{
  const nep_group *g = nep_audit_group();
  const nep_registry_share *found[NEP_OWNERS_MAX];
  uint64_t indices[NEP_OWNERS_MAX];
  size_t have = 0;
  for (size_t i = 0; i < item->n && have < item->threshold; i++) {
    found[have] = share_of(shares, n, item->first + i + 1);
    indices[have] = item->pedersen ? a->owners[item->first + i].index : 1;
    have += found[have] != NULL;
  }
  if (have < item->threshold)
    return nep_fail(err, NEP_E_CHECK, "share-missing", "shares",
                    "%zu valid shares of auditors %zu to %zu are needed, %zu are there",
                    item->threshold, item->first + 1, item->first + item->n, have);
  for (size_t k = 0; k < have; k++) {
    nep_scalar c;
    nep_element power;
    nep_lagrange_var(g, indices, have, k, &c);
    for (size_t i = 0; i < r->n_entries; i++) {
      nep_element_exp_var(g, &power, &found[k]->factors[i], &c);
      nep_element_mul(g, &masks[i], &masks[i], item->pedersen ? &power : &found[k]->factors[i]);
    }
  }
  return NEP_OK;
}

nep_status nep_registry_masks(const nep_registry *r, const nep_trustees *auditors,
                              const nep_registry_share *const *shares, size_t n, nep_element *masks,
                              nep_error *err)
{
  nep_status status = NEP_OK;
  for (size_t i = 0; i < r->n_entries; i++)
    nep_element_one(nep_audit_group(), &masks[i]);
  for (size_t i = 0; status == NEP_OK && i < auditors->n_items; i++)
    status = add_item(r, auditors, &auditors->items[i], shares, n, masks, err);
  return status;
}
