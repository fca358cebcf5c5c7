#include "records/decryption_proof.h"

#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "protocol/values.h"
#include "records/tags.h"

/* What the challenges of one trustee's proofs share, and what they are about. */
typedef struct statement {
  const nep_encrypted_tally *tally;
  const nep_owner *owner;
  const nep_factors *factors;
  char tally_hash[65];
  nep_buf prefix; /* up to and with text(X)| */
  size_t shared;  /* its length */
} statement;

static void add_element(const statement *s, nep_buf *out, const nep_element *e)
{
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_buf_add(out, text, nep_element_text(s->tally->election->group, e, text));
}

static statement statement_of(const nep_encrypted_tally *t, const nep_trustees *tr,
                              const nep_factors *f)
{
  statement s = {.tally = t, .owner = &tr->owners[f->owner - 1], .factors = f};
  nep_buf text = {0};
  nep_tally_write(t, &text);
  nep_sha256_hex(text.data, text.len, s.tally_hash);
  nep_buf_free(&text);
  nep_buf_printf(&s.prefix, "%s|%s|%s|%s|", NEP_TAG_DECRYPTION, t->election->phi, s.tally_hash,
                 f->object);
  add_element(&s, &s.prefix, &s.owner->public_key);
  nep_buf_char(&s.prefix, '|');
  s.shared = s.prefix.len;
  return s;
}

/* The whole prefix for one ciphertext and a factor; borrowed until the next call. */
static nep_bytes prefix_for(statement *s, size_t q, size_t i, const nep_element *factor)
{
  s->prefix.len = s->shared;
  nep_buf_printf(&s->prefix, "%zu,%zu|", q + 1, i + 1);
  add_element(s, &s->prefix, &s->tally->rows[q][i].alpha);
  nep_buf_char(&s->prefix, ',');
  add_element(s, &s->prefix, factor);
  nep_buf_char(&s->prefix, '|');
  return nep_buf_bytes(&s->prefix);
}

/* ---- making ---- */

static void prove(statement *s, size_t q, size_t i, const nep_scalar *x, nep_buf *out)
{
  const nep_group *g = s->tally->election->group;
  const nep_element *alpha = &s->tally->rows[q][i].alpha;
  nep_element again;
  nep_proof proof;
  nep_bytes prefix = prefix_for(s, q, i, &s->factors->rows[q][i]);
  nep_decryption_prove(g, prefix, x, alpha, &again, &proof);
  nep_proof_write(g, out, &proof);
}

void nep_decryption_proof_make(const nep_encrypted_tally *t, const nep_trustees *tr,
                               const nep_factors *f, const nep_scalar *x, nep_buf *out)
{
  const nep_election *e = t->election;
  statement s = statement_of(t, tr, f);
  nep_buf_printf(out,
                 "{\"owner\":%zu,\"election_hash\":\"%s\",\"tally_hash\":\"%s\","
                 "\"decryption\":\"%s\",\"proofs\":[",
                 f->owner, e->phi, s.tally_hash, f->object);
  for (size_t q = 0; q < e->n_questions; q++) {
    nep_buf_str(out, q > 0 ? ",[" : "[");
    for (size_t i = 0; i < nep_question_choices(&e->questions[q]); i++) {
      if (i > 0)
        nep_buf_char(out, ',');
      prove(&s, q, i, x, out);
    }
    nep_buf_char(out, ']');
  }
  nep_buf_str(out, "]}");
  nep_buf_free(&s.prefix);
}

/* ---- verifying ---- */

static nep_status same(const json_t *j, const char *field, const char *expected, nep_error *err)
{
  const char *found = NULL;
  size_t len = 0;
  nep_status status = nep_json_string(j, field, &found, &len, err);
  if (status == NEP_OK && (len != strlen(expected) || memcmp(found, expected, len) != 0))
    status = nep_fail(err, NEP_E_CHECK, "decryption-proof-other", field, "expected %s", expected);
  return status;
}

static nep_status read_head(const statement *s, const json_t *j, nep_error *err)
{
  int64_t owner = 0;
  nep_status status = nep_json_fields(j, "proof", err, "owner", "election_hash", "tally_hash",
                                      "decryption", "proofs", NULL);
  if (status == NEP_OK)
    status = nep_json_integer(j, "owner", 1, NEP_OWNERS_MAX, &owner, err);
  if (status == NEP_OK && (size_t)owner != s->factors->owner)
    status = nep_fail(err, NEP_E_CHECK, "decryption-proof-other", "owner",
                      "it is the proof of trustee %d", (int)owner);
  if (status == NEP_OK)
    status = same(j, "election_hash", s->tally->election->phi, err);
  if (status == NEP_OK)
    status = same(j, "tally_hash", s->tally_hash, err);
  return status == NEP_OK ? same(j, "decryption", s->factors->object, err) : status;
}

static nep_status read_shape(const statement *s, const json_t *j, const json_t **rows,
                             nep_error *err)
{
  const nep_election *e = s->tally->election;
  nep_status status = nep_json_array(j, "proofs", rows, err);
  bool fits = status == NEP_OK && json_array_size(*rows) == e->n_questions;
  for (size_t q = 0; fits && q < e->n_questions; q++) {
    const json_t *row = json_array_get(*rows, q);
    fits = json_is_array(row) && json_array_size(row) == nep_question_choices(&e->questions[q]);
  }
  if (status == NEP_OK && !fits)
    status = nep_fail(err, NEP_E_INPUT, "shape", "proofs",
                      "it has not one proof for each ciphertext of the tally");
  return status;
}

static nep_status check_one(statement *s, const json_t *value, size_t q, size_t i, nep_error *err)
{
  const nep_group *g = s->tally->election->group;
  const nep_element *factor = &s->factors->rows[q][i];
  char where[64];
  nep_proof proof;
  snprintf(where, sizeof where, "question %zu, ciphertext %zu", q + 1, i + 1);
  nep_status status = nep_proof_read(g, value, where, &proof, err);
  if (status == NEP_OK &&
      !nep_decryption_verify_var(g, prefix_for(s, q, i, factor), &s->owner->public_key,
                                 &s->tally->rows[q][i].alpha, factor, &proof))
    status = nep_fail(err, NEP_E_CHECK, "decryption-proof", where,
                      "does not show that the factor is right");
  return status;
}

static nep_status check_all(statement *s, const json_t *j, nep_error *err)
{
  const nep_election *e = s->tally->election;
  const json_t *rows = NULL;
  nep_status status = read_head(s, j, err);
  if (status == NEP_OK)
    status = read_shape(s, j, &rows, err);
  for (size_t q = 0; status == NEP_OK && q < e->n_questions; q++)
    for (size_t i = 0; status == NEP_OK && i < nep_question_choices(&e->questions[q]); i++)
      status = check_one(s, json_array_get(json_array_get(rows, q), i), q, i, err);
  return status;
}

static const char *name_of(const nep_trustees *tr, size_t owner)
{
  const char *name = tr->owners[owner - 1].name;
  return name != NULL ? name : "without a name";
}

nep_status nep_decryption_proof_verify(const nep_encrypted_tally *t, const nep_trustees *tr,
                                       const nep_factors *f, nep_bytes text, nep_error *err)
{
  statement s = statement_of(t, tr, f);
  json_t *j = NULL;
  nep_error why = {0};
  nep_status status = nep_json_parse_canonical(text, &j, &why);
  if (status == NEP_OK)
    status = check_all(&s, j, &why);
  json_decref(j);
  nep_buf_free(&s.prefix);
  if (status == NEP_OK)
    return NEP_OK;
  /* What cannot be read has one code, whatever made it unreadable. */
  if (strncmp(why.code, "decryption-proof", strlen("decryption-proof")) != 0)
    snprintf(why.code, sizeof why.code, "decryption-proof-parse");
  if (err != NULL)
    *err = why;
  return nep_inside(err, status, "second proof of trustee %zu (%s)", f->owner,
                    name_of(tr, f->owner));
}

nep_status nep_decryption_proof_missing(const nep_trustees *tr, size_t owner, nep_error *err)
{
  (void)nep_fail(err, NEP_E_CHECK, "decryption-proof-missing", NULL,
                 "its partial decryption has no second proof");
  (void)nep_advise(err, "nep-trustee decrypt makes it together with the share");
  return nep_inside(err, NEP_E_CHECK, "trustee %zu (%s)", owner, name_of(tr, owner));
}
