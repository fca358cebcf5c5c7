/* Partial decryptions: made by a trustee, verified by everybody (protocol.md §10). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "protocol/tally.h"
#include "protocol/values.h"

/* phi|text(X)| */
static void write_prefix(const nep_encrypted_tally *t, const nep_element *public_key, nep_buf *out)
{
  char text[NEP_ELEMENT_TEXT_MAX];
  size_t len = nep_element_text(t->election->group, public_key, text);
  nep_buf_str(out, t->election->phi);
  nep_buf_char(out, '|');
  nep_buf_add(out, text, len);
  nep_buf_char(out, '|');
}

static void write_factor(const nep_group *g, const nep_element *factor, const nep_proof *proof,
                         nep_buf *out)
{
  nep_buf_str(out, "{\"factor\":");
  nep_element_write(g, out, factor);
  nep_buf_str(out, ",\"proof\":");
  nep_proof_write(g, out, proof);
  nep_buf_char(out, '}');
}

static void write_factors(const nep_encrypted_tally *t, nep_bytes prefix, const nep_scalar *x,
                          nep_buf *out)
{
  const nep_election *e = t->election;
  nep_buf_char(out, '[');
  for (size_t q = 0; q < e->n_questions; q++) {
    nep_buf_str(out, q > 0 ? ",[" : "[");
    for (size_t i = 0; i < nep_question_choices(&e->questions[q]); i++) {
      nep_element factor;
      nep_proof proof;
      nep_decryption_prove(e->group, prefix, x, &t->rows[q][i].alpha, &factor, &proof);
      if (i > 0)
        nep_buf_char(out, ',');
      write_factor(e->group, &factor, &proof, out);
    }
    nep_buf_char(out, ']');
  }
  nep_buf_char(out, ']');
}

void nep_decryption_make(const nep_encrypted_tally *t, const nep_trustees *tr, size_t owner,
                         const nep_scalar *x, const nep_scalar *signing_key, nep_buf *object,
                         nep_buf *owned)
{
  nep_buf prefix = {0}, message = {0};
  char hash[65];
  size_t start = object->len;
  write_prefix(t, &tr->owners[owner - 1].public_key, &prefix);
  write_factors(t, nep_buf_bytes(&prefix), x, &message);
  nep_signed_write(t->election->group, NEP_TAG_PARTIAL_DECRYPTION, signing_key,
                   nep_buf_bytes(&message), object);
  nep_sha256_hex(object->data + start, object->len - start, hash);
  nep_buf_printf(owned, "{\"owner\":%zu,\"payload\":\"%s\"}", owner, hash);
  nep_buf_free(&message);
  nep_buf_free(&prefix);
}

nep_status nep_owned_parse(const nep_trustees *tr, nep_bytes text, size_t *owner, char payload[65],
                           nep_error *err)
{
  json_t *json = NULL;
  int64_t number = 0;
  nep_status s = nep_json_parse_short(text, &json, err);
  if (s == NEP_OK)
    s = nep_json_fields(json, "owned", err, "owner", "payload", NULL);
  if (s == NEP_OK)
    s = nep_json_integer(json, "owner", INT64_MIN, INT64_MAX, &number, err);
  if (s == NEP_OK)
    s = nep_json_hash(json, "payload", payload, err);
  if (s != NEP_OK && err)
    snprintf(err->code, sizeof err->code, "pd-parse");
  if (s == NEP_OK && (number < 1 || (uint64_t)number > tr->n_owners))
    s = nep_fail(err, NEP_E_CHECK, "pd-owner", "owner", "there is no trustee %" PRId64 " among %zu",
                 number, tr->n_owners);
  *owner = (size_t)number;
  if (s == NEP_OK && !nep_json_is_canonical(json, text))
    s = nep_fail(err, NEP_E_CHECK, "noncanonical", "owned", "the text is not in canonical form");
  json_decref(json);
  return s;
}

static nep_factors *factors_new(const nep_election *e, size_t owner)
{
  nep_factors *f = nep_alloc(1, sizeof *f);
  f->owner = owner;
  f->rows = nep_alloc(e->n_questions, sizeof *f->rows);
  for (size_t q = 0; q < e->n_questions; q++)
    f->rows[q] = nep_alloc(nep_question_choices(&e->questions[q]), sizeof **f->rows);
  return f;
}

void nep_factors_free(const nep_election *e, nep_factors *f)
{
  if (!f)
    return;
  for (size_t q = 0; q < e->n_questions; q++)
    free(f->rows[q]);
  free(f->rows);
  free(f);
}

static bool has_shape(const nep_election *e, const json_t *message)
{
  if (!json_is_array(message) || json_array_size(message) != e->n_questions)
    return false;
  for (size_t q = 0; q < e->n_questions; q++) {
    const json_t *row = json_array_get(message, q);
    if (!json_is_array(row) || json_array_size(row) != nep_question_choices(&e->questions[q]))
      return false;
  }
  return true;
}

/* What the checks of one trustee's decryption share. */
typedef struct decryption {
  const nep_encrypted_tally *tally;
  const nep_owner *owner;
  nep_buf prefix;
  char object[64];
  nep_findings *findings;
} decryption;

/* False when the entry cannot be read. A wrong proof is a fault, but the entry is read. */
static bool check_entry(decryption *d, const json_t *value, size_t q, size_t i, nep_element *factor)
{
  const nep_group *g = d->tally->election->group;
  nep_error err = {0};
  nep_proof proof;
  char object[128];
  snprintf(object, sizeof object, "%s, question %zu, ciphertext %zu", d->object, q + 1, i + 1);
  nep_status s = nep_json_fields(value, "entry", &err, "factor", "proof", NULL);
  if (s == NEP_OK)
    s = nep_element_read(g, value, "factor", factor, &err);
  if (s == NEP_OK)
    s = nep_proof_read(g, json_object_get(value, "proof"), "proof", &proof, &err);
  if (!nep_check(d->findings, "decryption factors read", s == NEP_OK, "pd-parse", object,
                 err.reason))
    return false;
  (void)nep_check(d->findings, "decryption factors in the group",
                  nep_element_is_member_var(g, factor), "pd-membership", object,
                  "the factor is not in the group");
  bool proven = nep_decryption_verify_var(g, nep_buf_bytes(&d->prefix), &d->owner->public_key,
                                          &d->tally->rows[q][i].alpha, factor, &proof);
  (void)nep_check(d->findings, "decryption proofs", proven, "pd-proof", object,
                  "the proof of correct decryption does not hold");
  return true;
}

static nep_factors *check_entries(decryption *d, const json_t *message, size_t owner)
{
  const nep_election *e = d->tally->election;
  nep_factors *f = factors_new(e, owner);
  bool readable = true;
  for (size_t q = 0; q < e->n_questions; q++)
    for (size_t i = 0; i < nep_question_choices(&e->questions[q]); i++)
      readable &=
          check_entry(d, json_array_get(json_array_get(message, q), i), q, i, &f->rows[q][i]);
  if (readable)
    return f;
  nep_factors_free(e, f);
  return NULL;
}

/* Signed message of the shape of the tally; NULL (with a fault) when it is not. */
static const json_t *check_signed(decryption *d, const json_t *json, nep_bytes text)
{
  const nep_election *e = d->tally->election;
  const json_t *message = NULL;
  nep_proof signature;
  nep_error err = {0};
  nep_status s = nep_signed_read(e->group, json, "decryption", &message, &signature, &err);
  if (s != NEP_OK) {
    nep_fault(d->findings, "pd-parse", d->object, "%s: %s", err.where, err.reason);
    return NULL;
  }
  (void)nep_check(d->findings, "decryption texts", nep_json_is_canonical(json, text),
                  "noncanonical", d->object, "the text is not in canonical form");
  bool signed_by_owner = nep_signed_verify_var(e->group, NEP_TAG_PARTIAL_DECRYPTION,
                                               &d->owner->verification_key, message, &signature);
  (void)nep_check(d->findings, "decryption signatures", signed_by_owner, "pd-signature", d->object,
                  "the signature is not that of the trustee's certificate");
  if (!nep_check(d->findings, "decryption shapes", has_shape(e, message), "pd-shape", d->object,
                 "it has not one factor for each ciphertext of the tally"))
    return NULL;
  return message;
}

bool nep_decryption_verify(const nep_encrypted_tally *t, const nep_trustees *tr, size_t owner,
                           nep_bytes object, nep_factors **out, nep_findings *f)
{
  decryption d = {.tally = t, .owner = &tr->owners[owner - 1], .findings = f};
  size_t faults = f->n_faults;
  json_t *json = NULL;
  nep_error err = {0};
  *out = NULL;
  snprintf(d.object, sizeof d.object, "partial decryption of trustee %zu", owner);
  if (nep_json_parse(object, &json, &err) == NEP_OK) {
    const json_t *message = check_signed(&d, json, object);
    write_prefix(t, &d.owner->public_key, &d.prefix);
    if (message)
      *out = check_entries(&d, message, owner);
  } else {
    nep_fault(f, "pd-parse", d.object, "%s", err.reason);
  }
  if (*out)
    nep_sha256_hex(object.data, object.len, (*out)->object);
  nep_buf_free(&d.prefix);
  json_decref(json);
  return f->n_faults == faults;
}
