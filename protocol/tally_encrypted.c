/* The encrypted tally: product of the counted ballots (protocol.md §10). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/tally.h"
#include "protocol/values.h"

nep_encrypted_tally *nep_tally_new(const nep_election *e)
{
  nep_encrypted_tally *t = nep_alloc(1, sizeof *t);
  t->election = e;
  t->rows = nep_alloc(e->n_questions, sizeof *t->rows);
  for (size_t q = 0; q < e->n_questions; q++) {
    size_t n = nep_question_choices(&e->questions[q]);
    t->rows[q] = nep_alloc(n, sizeof **t->rows);
    for (size_t i = 0; i < n; i++)
      nep_ciphertext_one(e->group, &t->rows[q][i]);
  }
  return t;
}

void nep_tally_free(nep_encrypted_tally *t)
{
  if (!t)
    return;
  for (size_t q = 0; q < t->election->n_questions; q++)
    free(t->rows[q]);
  free(t->rows);
  free(t);
}

bool nep_tally_fits(const nep_election *e, const nep_ballot *b)
{
  if (b->n_answers != e->n_questions)
    return false;
  for (size_t q = 0; q < e->n_questions; q++)
    if (b->answers[q].n_choices != nep_question_choices(&e->questions[q]))
      return false;
  return true;
}

typedef void combine(const nep_group *g, nep_ciphertext *r, const nep_ciphertext *a,
                     const nep_ciphertext *b);

static void apply(nep_encrypted_tally *t, const nep_ballot *b, uint64_t weight, combine *op)
{
  const nep_group *g = t->election->group;
  for (size_t q = 0; q < t->election->n_questions; q++) {
    size_t n = nep_question_choices(&t->election->questions[q]);
    for (size_t i = 0; i < n; i++) {
      nep_ciphertext powered = b->answers[q].choices[i];
      if (weight != 1)
        nep_ciphertext_exp_var(g, &powered, &b->answers[q].choices[i], weight);
      op(g, &t->rows[q][i], &t->rows[q][i], &powered);
    }
  }
}

void nep_tally_add(nep_encrypted_tally *t, const nep_ballot *b, uint64_t weight)
{
  apply(t, b, weight, nep_ciphertext_mul);
  t->num_tallied++;
  t->total_weight += weight;
}

void nep_tally_remove(nep_encrypted_tally *t, const nep_ballot *b, uint64_t weight)
{
  apply(t, b, weight, nep_ciphertext_div);
  t->num_tallied--;
  t->total_weight -= weight;
}

void nep_tally_join(nep_encrypted_tally *t, const nep_encrypted_tally *other)
{
  const nep_election *e = t->election;
  for (size_t q = 0; q < e->n_questions; q++)
    for (size_t i = 0; i < nep_question_choices(&e->questions[q]); i++)
      nep_ciphertext_mul(e->group, &t->rows[q][i], &t->rows[q][i], &other->rows[q][i]);
  t->num_tallied += other->num_tallied;
  t->total_weight += other->total_weight;
}

void nep_tally_write(const nep_encrypted_tally *t, nep_buf *out)
{
  const nep_election *e = t->election;
  nep_buf_char(out, '[');
  for (size_t q = 0; q < e->n_questions; q++) {
    nep_buf_str(out, q > 0 ? ",[" : "[");
    for (size_t i = 0; i < nep_question_choices(&e->questions[q]); i++) {
      if (i > 0)
        nep_buf_char(out, ',');
      nep_ciphertext_write(e->group, out, &t->rows[q][i]);
    }
    nep_buf_char(out, ']');
  }
  nep_buf_char(out, ']');
}

void nep_tally_sized_write(const nep_encrypted_tally *t, nep_bytes tally_text, nep_buf *out)
{
  char hash[65];
  nep_sha256_hex(tally_text.data, tally_text.len, hash);
  nep_buf_printf(
      out, "{\"num_tallied\":%" PRIu64 ",\"total_weight\":%" PRIu64 ",\"encrypted_tally\":\"%s\"}",
      t->num_tallied, t->total_weight, hash);
}

static nep_status read_entry(const nep_group *g, const json_t *value, size_t q, size_t i,
                             nep_ciphertext *out, nep_error *err)
{
  char where[64];
  snprintf(where, sizeof where, "tally[%zu][%zu]", q, i);
  nep_status s = nep_ciphertext_read(g, value, where, out, err);
  if (s == NEP_OK &&
      !(nep_element_is_member_var(g, &out->alpha) && nep_element_is_member_var(g, &out->beta)))
    s = nep_fail(err, NEP_E_CHECK, "tally-parse", where, "it is not in the group");
  return s;
}

static nep_status read_rows(nep_encrypted_tally *t, const json_t *json, nep_error *err)
{
  const nep_election *e = t->election;
  nep_status s = NEP_OK;
  if (!json_is_array(json) || json_array_size(json) != e->n_questions)
    return nep_fail(err, NEP_E_CHECK, "tally-parse", "tally", "expected a list of %zu questions",
                    e->n_questions);
  for (size_t q = 0; q < e->n_questions; q++) {
    const json_t *row = json_array_get(json, q);
    size_t n = nep_question_choices(&e->questions[q]);
    if (!json_is_array(row) || json_array_size(row) != n)
      return nep_fail(err, NEP_E_CHECK, "tally-parse", "tally",
                      "question %zu: expected %zu ciphertexts", q + 1, n);
    for (size_t i = 0; s == NEP_OK && i < n; i++)
      s = read_entry(e->group, json_array_get(row, i), q, i, &t->rows[q][i], err);
  }
  return s;
}

static nep_status as_tally_parse(nep_error *err, nep_status s)
{
  if (s != NEP_OK && err)
    snprintf(err->code, sizeof err->code, "tally-parse");
  return s;
}

nep_status nep_tally_parse(const nep_election *e, nep_bytes text, nep_encrypted_tally **out,
                           nep_error *err)
{
  json_t *json = NULL;
  *out = NULL;
  nep_encrypted_tally *t = nep_tally_new(e);
  nep_status s = nep_json_parse_canonical(text, &json, err);
  if (s == NEP_OK)
    s = read_rows(t, json, err);
  json_decref(json);
  if (s == NEP_OK)
    *out = t;
  else
    nep_tally_free(t);
  return as_tally_parse(err, s);
}

static nep_status read_sized(const json_t *json, uint64_t *num_tallied, uint64_t *total_weight,
                             char tally_hash[65], nep_error *err)
{
  int64_t num = 0, weight = 0;
  nep_status s =
      nep_json_fields(json, "sized", err, "num_tallied", "total_weight", "encrypted_tally", NULL);
  if (s == NEP_OK)
    s = nep_json_integer(json, "num_tallied", 0, INT64_MAX, &num, err);
  if (s == NEP_OK)
    s = nep_json_integer(json, "total_weight", 0, INT64_MAX, &weight, err);
  if (s == NEP_OK)
    s = nep_json_hash(json, "encrypted_tally", tally_hash, err);
  *num_tallied = (uint64_t)num;
  *total_weight = (uint64_t)weight;
  return s;
}

nep_status nep_sized_parse(nep_bytes text, uint64_t *num_tallied, uint64_t *total_weight,
                           char tally_hash[65], nep_error *err)
{
  json_t *json = NULL;
  nep_status s = nep_json_parse_short(text, &json, err);
  if (s == NEP_OK)
    s = read_sized(json, num_tallied, total_weight, tally_hash, err);
  (void)as_tally_parse(err, s);
  if (s == NEP_OK && !nep_json_is_canonical(json, text))
    s = nep_fail(err, NEP_E_CHECK, "noncanonical", "sized", "the text is not in canonical form");
  json_decref(json);
  return s;
}
