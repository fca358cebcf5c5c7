#include "protocol/ballot_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/values.h"

/* Adds the fault and ends the reading. */
static bool refuse(nep_ballot_reading *r, const char *code, const char *where, const char *reason)
{
  nep_fault(r->findings, code, r->object, "%s%s%s", where, where[0] ? ": " : "", reason);
  return false;
}

static bool refuse_answer(nep_ballot_reading *r, const char *code, size_t q, const nep_error *err)
{
  nep_fault(r->findings, code, r->object, "answers[%zu]%s%s: %s", q, err->where[0] ? "." : "",
            err->where, err->reason);
  return false;
}

void nep_ballot_free_answers(nep_ballot *b)
{
  for (size_t i = 0; i < b->n_answers; i++) {
    free(b->answers[i].overall);
    free(b->answers[i].individual);
    free(b->answers[i].choices);
  }
  free(b->answers);
  b->answers = NULL;
  b->n_answers = 0;
}

void nep_ballot_free(nep_ballot *b)
{
  if (!b)
    return;
  nep_ballot_free_answers(b);
  json_decref(b->json);
  free(b->credential);
  free(b);
}

nep_ballot *nep_ballot_new(nep_bytes text, json_t *json)
{
  nep_ballot *b = nep_alloc(1, sizeof *b);
  uint8_t hash[32];
  nep_sha256_of(text.data, text.len, hash);
  nep_hex(hash, sizeof hash, b->hash);
  nep_base64(hash, sizeof hash, b->tracker);
  b->json = json;
  return b;
}

static bool is_text(const json_t *object, const char *key, const char *expected)
{
  const json_t *value = json_object_get(object, key);
  return json_is_string(value) && strcmp(json_string_value(value), expected) == 0;
}

static bool read_message(nep_ballot_reading *r)
{
  nep_error err = {0};
  const char *credential = NULL;
  size_t len = 0;
  nep_status status = nep_json_fields(r->ballot->json, NULL, &err, "message", "signature", NULL);
  r->message = json_object_get(r->ballot->json, "message");
  if (!status)
    status = nep_json_fields(r->message, "message", &err, "election_uuid", "election_hash",
                             "credential", "answers", NULL);
  if (!status)
    status = nep_json_string(r->message, "credential", &credential, &len, &err);
  if (status)
    return refuse(r, "ballot-parse", err.where, err.reason);
  r->ballot->credential = nep_strndup(credential, len);
  if (!nep_check(r->findings, "ballot elections",
                 is_text(r->message, "election_uuid", r->election->uuid), "ballot-election",
                 r->object, "election_uuid is that of another election"))
    return false;
  return nep_check(r->findings, "ballot elections",
                   is_text(r->message, "election_hash", r->election->phi), "ballot-election",
                   r->object, "election_hash is that of another election");
}

static void start_statement(nep_ballot_reading *r)
{
  nep_buf_printf(&r->statement, "%s|%s", r->election->phi, r->ballot->credential);
  r->z_len = r->statement.len;
}

bool nep_ballot_read_envelope(nep_ballot_reading *r)
{
  if (!r->general && nep_ballot_scan(r)) {
    nep_checked(r->findings, "ballots canonical", 1);
    nep_checked(r->findings, "ballot elections", 2);
    start_statement(r);
    return true;
  }
  nep_error err = {0};
  json_t *json = NULL;
  if (r->text.len > 2 * nep_ballot_longest(r->election))
    return refuse(r, "ballot-parse", "", "the text is longer than any ballot of this election");
  if (nep_json_parse(r->text, &json, &err))
    return refuse(r, "ballot-parse", "", err.reason);
  r->ballot = nep_ballot_new(r->text, json);
  if (!nep_check(r->findings, "ballots canonical", nep_json_is_canonical(json, r->text),
                 "ballot-noncanonical", r->object, "the text is not in canonical form") ||
      !read_message(r))
    return false;
  start_statement(r);
  return true;
}

bool nep_ballot_read_signature(nep_ballot_reading *r)
{
  if (r->scanned)
    return true;
  nep_error err = {0};
  const json_t *signature = json_object_get(r->ballot->json, "signature");
  if (nep_proof_read(r->election->group, signature, "signature", &r->signature, &err))
    return refuse(r, "ballot-parse", err.where, err.reason);
  /* The text is canonical and its scalars are digits, so the message's own text needs no second
     writing: it is what stands between these two fixed pieces. */
  size_t before = strlen("{\"message\":");
  size_t after = strlen(",\"signature\":{\"challenge\":\"\",\"response\":\"\"}}") +
                 json_string_length(json_object_get(signature, "challenge")) +
                 json_string_length(json_object_get(signature, "response"));
  r->message_text = (nep_bytes){r->text.data + before, r->text.len - before - after};
  return true;
}

bool nep_ballot_read_count(nep_ballot_reading *r)
{
  if (r->scanned)
    return true;
  const json_t *answers = json_object_get(r->message, "answers");
  if (!json_is_array(answers))
    return refuse(r, "ballot-parse", "answers", "a list is expected");
  if (json_array_size(answers) != r->election->n_questions)
    return refuse(r, "ballot-shape", "answers", "one answer for each question is expected");
  r->ballot->answers = nep_alloc(r->election->n_questions, sizeof *r->ballot->answers);
  r->ballot->n_answers = r->election->n_questions;
  return true;
}

static const json_t *answer_at(const nep_ballot_reading *r, size_t q)
{
  return json_array_get(json_object_get(r->message, "answers"), q);
}

static void add_statement(nep_ballot_reading *r, const json_t *choice, char before)
{
  static const char *const names[2] = {"alpha", "beta"};
  for (size_t i = 0; i < 2; i++) {
    const json_t *text = json_object_get(choice, names[i]);
    nep_buf_char(&r->statement, i ? ',' : before);
    nep_buf_add(&r->statement, json_string_value(text), json_string_length(text));
  }
}

static nep_status read_ciphertexts(nep_ballot_reading *r, const json_t *list, nep_answer *a,
                                   nep_error *err)
{
  size_t n = json_array_size(list);
  a->choices = nep_alloc(n ? n : 1, sizeof *a->choices);
  r->statement.len = r->z_len;
  for (; a->n_choices < n; a->n_choices++) {
    const json_t *choice = json_array_get(list, a->n_choices);
    nep_status status = nep_ciphertext_shape(choice, NULL, err);
    if (!status)
      status = nep_ciphertext_take(r->election->group, r->element + r->taken, r->refusal + r->taken,
                                   &a->choices[a->n_choices], err);
    if (status)
      return nep_inside(err, status, "choices[%zu]", a->n_choices);
    r->taken += 2;
    add_statement(r, choice, a->n_choices ? ',' : '|');
  }
  return NEP_OK;
}

/* Of a ballot that was scanned: the number of choices is the question's. */
static bool take_choices(nep_ballot_reading *r, size_t q)
{
  nep_answer *a = &r->ballot->answers[q];
  size_t n = nep_question_choices(&r->election->questions[q]);
  a->choices = nep_alloc(n, sizeof *a->choices);
  r->statement.len = r->z_len;
  for (; a->n_choices < n; a->n_choices++, r->taken += 2) {
    nep_error err = {0};
    nep_status status = nep_ciphertext_take(r->election->group, r->element + r->taken,
                                            r->refusal + r->taken, &a->choices[a->n_choices], &err);
    if (status) {
      nep_inside(&err, status, "choices[%zu]", a->n_choices);
      return refuse_answer(r, "ballot-parse", q, &err);
    }
    for (size_t i = 0; i < 2; i++) {
      nep_bytes text = r->scanned[r->taken + i];
      nep_buf_char(&r->statement, i || a->n_choices ? ',' : '|');
      nep_buf_add(&r->statement, text.data, text.len);
    }
  }
  return true;
}

bool nep_ballot_read_choices(nep_ballot_reading *r, size_t q)
{
  if (r->scanned)
    return take_choices(r, q);
  nep_error err = {0};
  const nep_question *question = &r->election->questions[q];
  const json_t *value = answer_at(r, q), *list = NULL, *proofs = NULL;
  nep_status status =
      nep_json_fields(value, NULL, &err, "choices", "individual_proofs", "overall_proof",
                      question->blank ? "blank_proof" : "blank_proof?", NULL);
  if (!status)
    status = nep_json_array(value, "choices", &list, &err);
  if (!status)
    status = nep_json_array(value, "individual_proofs", &proofs, &err);
  if (status)
    return refuse_answer(r, "ballot-parse", q, &err);
  err = (nep_error){.reason = "a blank proof where no blank vote is allowed"};
  if (!question->blank && json_object_get(value, "blank_proof"))
    return refuse_answer(r, "ballot-shape", q, &err);
  err = (nep_error){.reason = "the number of choices or of their proofs is not the question's"};
  if (json_array_size(list) > NEP_ANSWERS_MAX + 1)
    return refuse_answer(r, "ballot-shape", q, &err);
  nep_error fault = {0};
  if (read_ciphertexts(r, list, &r->ballot->answers[q], &fault))
    return refuse_answer(r, "ballot-parse", q, &fault);
  size_t n = nep_question_choices(question);
  if (json_array_size(list) != n || json_array_size(proofs) != n)
    return refuse_answer(r, "ballot-shape", q, &err);
  return true;
}

/* Exactly n proofs of a list; code_if_wrong is reported for another number. */
static bool read_proofs(nep_ballot_reading *r, size_t q, const json_t *list, const char *where,
                        size_t n, const char *code_if_wrong, nep_proof *out)
{
  nep_error err = {0};
  nep_status status = NEP_OK;
  if (!json_is_array(list)) {
    nep_inside(&err, nep_fail(&err, NEP_E_INPUT, "shape", NULL, "a list is expected"), "%s", where);
    return refuse_answer(r, "ballot-parse", q, &err);
  }
  if (json_array_size(list) != n) {
    status = nep_fail(&err, NEP_E_INPUT, "shape", where, "%zu proofs are expected", n);
    return refuse_answer(r, code_if_wrong, q, &err);
  }
  for (size_t i = 0; i < n; i++) {
    status = nep_proof_read(r->election->group, json_array_get(list, i), NULL, &out[i], &err);
    if (status) {
      nep_inside(&err, status, "%s[%zu]", where, i);
      return refuse_answer(r, "ballot-parse", q, &err);
    }
  }
  return true;
}

bool nep_ballot_read_individual(nep_ballot_reading *r, size_t q)
{
  if (r->scanned)
    return true;
  nep_answer *a = &r->ballot->answers[q];
  const json_t *list = json_object_get(answer_at(r, q), "individual_proofs");
  a->individual = nep_alloc(a->n_choices, sizeof *a->individual);
  for (; a->n_individual < a->n_choices; a->n_individual++)
    if (!read_proofs(r, q, json_array_get(list, a->n_individual), "individual_proofs", 2,
                     "ballot-individual-proof", a->individual[a->n_individual]))
      return false;
  return true;
}

bool nep_ballot_read_overall(nep_ballot_reading *r, size_t q)
{
  if (r->scanned)
    return true;
  nep_answer *a = &r->ballot->answers[q];
  const nep_question *question = &r->election->questions[q];
  const json_t *value = answer_at(r, q);
  a->has_blank = question->blank;
  if (question->blank && !read_proofs(r, q, json_object_get(value, "blank_proof"), "blank_proof", 2,
                                      "ballot-shape", a->blank))
    return false;
  size_t n = question->max - question->min + (question->blank ? 2 : 1);
  a->overall = nep_alloc(n, sizeof *a->overall);
  a->n_overall = n;
  return read_proofs(r, q, json_object_get(value, "overall_proof"), "overall_proof", n,
                     question->blank ? "ballot-shape" : "ballot-overall-proof", a->overall);
}

nep_ballot *nep_ballot_read_end(nep_ballot_reading *r, bool complete)
{
  nep_ballot *b = r->ballot;
  nep_ballot_scan_end(r);
  /* A text that was scanned is JSON of which there is no tree yet. */
  bool has_tree = b && !complete && (b->json || nep_json_parse(r->text, &b->json, NULL) == NEP_OK);
  if (b && !complete && !(has_tree && nep_ballot_salvage(r->election, b))) {
    nep_ballot_free(b);
    b = NULL;
  }
  r->ballot = NULL;
  nep_buf_free(&r->statement);
  return b;
}

void nep_ballot_parse(const nep_election *e, nep_bytes text, const char *object, nep_ballot **out,
                      nep_findings *f)
{
  nep_ballot_reading r = {.election = e, .text = text, .object = object, .findings = f};
  bool whole =
      nep_ballot_read_envelope(&r) && nep_ballot_read_signature(&r) && nep_ballot_read_count(&r);
  nep_ballot_reading *const one[1] = {&r};
  nep_ballot_elements *elements = nep_ballot_elements_decode(one, whole ? 1 : 0);
  for (size_t q = 0; whole && q < e->n_questions; q++)
    whole = nep_ballot_read_choices(&r, q) && nep_ballot_read_individual(&r, q) &&
            nep_ballot_read_overall(&r, q);
  *out = nep_ballot_read_end(&r, whole);
  nep_ballot_elements_free(elements);
}
