/* The result: found by discrete logarithm, written, read and verified (protocol.md §10). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/dlog.h"
#include "protocol/tally.h"

static nep_result *result_new(const nep_election *e)
{
  nep_result *r = nep_alloc(1, sizeof *r);
  r->rows = nep_alloc(e->n_questions, sizeof *r->rows);
  for (size_t q = 0; q < e->n_questions; q++)
    r->rows[q] = nep_alloc(nep_question_choices(&e->questions[q]), sizeof **r->rows);
  return r;
}

void nep_result_free(const nep_election *e, nep_result *r)
{
  if (!r)
    return;
  for (size_t q = 0; q < e->n_questions; q++)
    free(r->rows[q]);
  free(r->rows);
  free(r);
}

nep_status nep_result_compute(const nep_encrypted_tally *t, nep_element *const *products,
                              uint64_t total_weight, nep_result **out, nep_error *err)
{
  const nep_election *e = t->election;
  nep_status s = NEP_OK;
  nep_dlog *logs = nep_dlog_new(e->group, total_weight);
  nep_result *r = result_new(e);
  for (size_t q = 0; q < e->n_questions; q++) {
    for (size_t i = 0; s == NEP_OK && i < nep_question_choices(&e->questions[q]); i++) {
      nep_element m;
      nep_element_div(e->group, &m, &t->rows[q][i].beta, &products[q][i]);
      if (!nep_dlog_solve_var(logs, &m, &r->rows[q][i]))
        s = nep_fail(err, NEP_E_CHECK, "result-mismatch", "result",
                     "question %zu, number %zu: the decryption is no number up to %" PRIu64, q + 1,
                     i + 1, total_weight);
    }
  }
  nep_dlog_free(logs);
  *out = s == NEP_OK ? r : NULL;
  if (s != NEP_OK)
    nep_result_free(e, r);
  return s;
}

void nep_result_write(const nep_election *e, const nep_result *r, nep_buf *out)
{
  nep_buf_str(out, "{\"result\":[");
  for (size_t q = 0; q < e->n_questions; q++) {
    nep_buf_str(out, q > 0 ? ",[" : "[");
    for (size_t i = 0; i < nep_question_choices(&e->questions[q]); i++)
      nep_buf_printf(out, "%s%" PRIu64, i > 0 ? "," : "", r->rows[q][i]);
    nep_buf_char(out, ']');
  }
  nep_buf_str(out, "]}");
}

static nep_status read_row(const json_t *row, size_t q, size_t n, uint64_t *out, nep_error *err)
{
  if (!json_is_array(row) || json_array_size(row) != n)
    return nep_fail(err, NEP_E_CHECK, "result-mismatch", "result",
                    "question %zu: expected %zu numbers", q + 1, n);
  for (size_t i = 0; i < n; i++) {
    const json_t *value = json_array_get(row, i);
    if (!json_is_integer(value) || json_integer_value(value) < 0)
      return nep_fail(err, NEP_E_CHECK, "result-mismatch", "result",
                      "question %zu, number %zu: no number of votes", q + 1, i + 1);
    out[i] = (uint64_t)json_integer_value(value);
  }
  return NEP_OK;
}

static nep_status read_result(const nep_election *e, const json_t *json, nep_result *r,
                              nep_error *err)
{
  const json_t *rows = NULL;
  nep_status s = nep_json_array(json, "result", &rows, err);
  if (s == NEP_OK && json_array_size(rows) != e->n_questions)
    s = nep_fail(err, NEP_E_CHECK, "result-mismatch", "result", "expected %zu questions",
                 e->n_questions);
  for (size_t q = 0; s == NEP_OK && q < e->n_questions; q++)
    s = read_row(json_array_get(rows, q), q, nep_question_choices(&e->questions[q]), r->rows[q],
                 err);
  return s;
}

nep_status nep_result_parse(const nep_election *e, nep_bytes text, nep_result **out, nep_error *err)
{
  json_t *json = NULL;
  nep_result *r = result_new(e);
  nep_status s = nep_json_parse(text, &json, err);
  if (s == NEP_OK)
    s = nep_json_fields(json, "result", err, "result", NULL);
  if (s != NEP_OK && err)
    snprintf(err->code, sizeof err->code, "result-parse");
  if (s == NEP_OK && !nep_json_is_canonical(json, text))
    s = nep_fail(err, NEP_E_CHECK, "noncanonical", "result", "the text is not in canonical form");
  if (s == NEP_OK)
    s = read_result(e, json, r, err);
  json_decref(json);
  *out = s == NEP_OK ? r : NULL;
  if (s != NEP_OK)
    nep_result_free(e, r);
  return s;
}

/* Appendix item 7: 0 <= v <= total weight and g^v = beta / F, that is g^v * F = beta. */
static void check_value(const nep_encrypted_tally *t, const nep_element *product, size_t q,
                        size_t i, uint64_t value, uint64_t total_weight, nep_findings *f)
{
  const nep_group *g = t->election->group;
  char object[64];
  nep_element expected;
  snprintf(object, sizeof object, "result, question %zu, number %zu", q + 1, i + 1);
  nep_element_of_number_var(g, &expected, value);
  nep_element_mul(g, &expected, &expected, product);
  bool holds = value <= total_weight && nep_element_equal(g, &expected, &t->rows[q][i].beta);
  (void)nep_check(f, "result numbers", holds, "result-mismatch", object,
                  "the number is not what the partial decryptions give");
}

void nep_result_verify(const nep_encrypted_tally *t, nep_element *const *products,
                       uint64_t total_weight, const nep_result *r, nep_findings *f)
{
  const nep_election *e = t->election;
  for (size_t q = 0; q < e->n_questions; q++)
    for (size_t i = 0; i < nep_question_choices(&e->questions[q]); i++)
      check_value(t, &products[q][i], q, i, r->rows[q][i], total_weight, f);
}
