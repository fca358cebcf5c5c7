/* Making a ballot (protocol.md §9). Choices and randomness are secret: they are only added up and
   handed to constant-time code, and wiped. */
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "crypto/tags.h"
#include "protocol/ballot.h"
#include "protocol/values.h"

/* What the voter's device must forget: of one question. */
struct secrets {
  unsigned char value[NEP_ANSWERS_MAX + 1]; /* plaintext of each choice, the blank bit first */
  nep_scalar r[NEP_ANSWERS_MAX + 1];        /* its randomness */
  unsigned blank, sum;                      /* of the choices without the blank bit */
  nep_scalar r_sum;
};

/* Why a choice that breaks a rule is refused. */
static const char *refusal(const nep_question *q, const nep_choice *choice, unsigned sum,
                           unsigned other)
{
  if (other)
    return "each answer is chosen once or not at all";
  if (choice->blank)
    return q->blank ? "a blank vote excludes every answer" : "a blank vote is not allowed";
  return sum < q->min ? "too few answers are chosen" : "too many answers are chosen";
}

/* The one branch on a choice is on whether it is allowed at all. */
static bool is_allowed(const nep_question *q, const nep_choice *choice, unsigned sum,
                       unsigned other)
{
  unsigned blank = choice->blank, few = sum<q->min, many = sum> q->max, some = sum != 0;
  unsigned wrong = (blank & (some | !q->blank)) | ((blank ^ 1u) & (few | many));
  return (wrong | other) == 0;
}

nep_status nep_choice_check(const nep_election *e, const nep_choice *choices, nep_error *err)
{
  for (size_t q = 0; q < e->n_questions; q++) {
    const nep_question *question = &e->questions[q];
    unsigned sum = 0, other = 0;
    for (size_t i = 0; i < question->n_answers; i++) {
      sum += choices[q].chosen[i];
      other |= choices[q].chosen[i] & ~1u;
    }
    if (is_allowed(question, &choices[q], sum, other))
      continue;
    nep_status status = nep_fail(err, NEP_E_INPUT, "choice", NULL, "%s",
                                 refusal(question, &choices[q], sum, other));
    nep_advise(err, "choose %u to %u answers%s", question->min, question->max,
               question->blank ? ", or a blank vote" : "");
    return nep_inside(err, status, "question %zu", q + 1);
  }
  return NEP_OK;
}

static void draw(const nep_group *g, const nep_question *q, const nep_choice *choice,
                 nep_stream *random, struct secrets *s)
{
  size_t first = q->blank ? 1 : 0;
  s->blank = choice->blank;
  s->value[0] = (unsigned char)s->blank;
  nep_scalar_zero(&s->r_sum);
  for (size_t i = 0; i < q->n_answers; i++) {
    s->value[first + i] = choice->chosen[i];
    s->sum += choice->chosen[i];
  }
  for (size_t i = 0; i < nep_question_choices(q); i++) {
    nep_stream_scalar(g, random, &s->r[i]);
    if (i >= first)
      nep_scalar_add(g, &s->r_sum, &s->r_sum, &s->r[i]);
  }
}

static void write_proofs(const nep_group *g, nep_buf *out, const nep_proof *p, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    nep_buf_char(out, i ? ',' : '[');
    nep_proof_write(g, out, &p[i]);
  }
  nep_buf_char(out, ']');
}

/* Encrypts the choices, writes them, and appends their texts to the statement: Z becomes S2. */
static void write_choices(const nep_key *key, size_t n, const struct secrets *s,
                          nep_ciphertext *choices, nep_buf *statement, nep_buf *out)
{
  const nep_group *g = nep_key_group(key);
  nep_buf_str(out, "{\"choices\":[");
  for (size_t i = 0; i < n; i++) {
    char text[2][NEP_ELEMENT_TEXT_MAX];
    nep_encrypt(key, &choices[i], &s->r[i], s->value[i]);
    const nep_element parts[2] = {choices[i].alpha, choices[i].beta};
    nep_element_text_many(g, parts, 2, text);
    nep_buf_printf(out, "%s{\"alpha\":\"%s\",\"beta\":\"%s\"}", i ? "," : "", text[0], text[1]);
    nep_buf_printf(statement, "%c%s,%s", i ? ',' : '|', text[0], text[1]);
  }
}

static void write_individual(const nep_key *key, nep_bytes z, size_t n, const struct secrets *s,
                             const nep_ciphertext *choices, nep_stream *random, nep_buf *out)
{
  nep_buf_str(out, "],\"individual_proofs\":[");
  for (size_t i = 0; i < n; i++) {
    nep_proof proofs[2];
    nep_interval_prove(key, NEP_TAG_PROVE, z, &choices[i], 0, 1, s->value[i], &s->r[i], random,
                       proofs);
    if (i > 0)
      nep_buf_char(out, ',');
    write_proofs(nep_key_group(key), out, proofs, 2);
  }
}

static void write_overall(const nep_key *key, nep_bytes s2, const nep_question *q,
                          const struct secrets *s, const nep_ciphertext *choices,
                          nep_stream *random, nep_buf *out)
{
  const nep_group *g = nep_key_group(key);
  size_t n = q->max - q->min + (q->blank ? 2 : 1);
  nep_proof *overall = nep_alloc(n, sizeof *overall), blank[2];
  nep_ciphertext sum;
  nep_ciphertext_one(g, &sum);
  for (size_t i = q->blank ? 1 : 0; i < nep_question_choices(q); i++)
    nep_ciphertext_mul(g, &sum, &sum, &choices[i]);
  if (q->blank)
    nep_blank_overall_prove(key, s2, &choices[0], &sum, q->min, q->max, s->blank, s->sum, &s->r[0],
                            &s->r_sum, random, overall);
  else
    nep_interval_prove(key, NEP_TAG_PROVE, s2, &sum, q->min, q->max, s->sum, &s->r_sum, random,
                       overall);
  nep_buf_str(out, "],\"overall_proof\":");
  write_proofs(g, out, overall, n);
  if (q->blank) {
    nep_blank_prove(key, s2, &choices[0], &sum, s->blank, s->sum, &s->r[0], &s->r_sum, random,
                    blank);
    nep_buf_str(out, ",\"blank_proof\":");
    write_proofs(g, out, blank, 2);
  }
  nep_buf_char(out, '}');
  free(overall);
}

static void write_answer(const nep_key *key, nep_bytes z, const nep_question *q,
                         const nep_choice *choice, nep_stream *random, nep_buf *out)
{
  size_t n = nep_question_choices(q);
  struct secrets *s = nep_secret_alloc(sizeof *s);
  nep_ciphertext *choices = nep_alloc(n, sizeof *choices);
  nep_buf statement = {0};
  nep_buf_add(&statement, z.data, z.len);
  draw(nep_key_group(key), q, choice, random, s);
  write_choices(key, n, s, choices, &statement, out);
  write_individual(key, z, n, s, choices, random, out);
  write_overall(key, nep_buf_bytes(&statement), q, s, choices, random, out);
  nep_buf_free(&statement);
  free(choices);
  nep_secret_free(s);
}

static void write_message(const nep_election *e, const char *credential, const nep_choice *choices,
                          nep_stream *random, nep_buf *out)
{
  nep_buf z = {0};
  nep_buf_printf(&z, "%s|%s", e->phi, credential);
  nep_buf_printf(out,
                 "{\"election_uuid\":\"%s\",\"election_hash\":\"%s\",\"credential\":\"%s\","
                 "\"answers\":[",
                 e->uuid, e->phi, credential);
  for (size_t q = 0; q < e->n_questions; q++) {
    if (q > 0)
      nep_buf_char(out, ',');
    write_answer(e->key, nep_buf_bytes(&z), &e->questions[q], &choices[q], random, out);
  }
  nep_buf_str(out, "]}");
  nep_buf_free(&z);
}

nep_status nep_ballot_prepare(const nep_election *e, const char *credential,
                              const nep_choice *choices, const uint8_t seed[NEP_BALLOT_SEED],
                              nep_buf *message, nep_error *err)
{
  nep_element element;
  nep_status status = nep_choice_check(e, choices, err);
  if (status == NEP_OK)
    status =
        nep_element_parse_member(e->group, &element, credential, strlen(credential), false, err);
  if (status != NEP_OK)
    return status;
  nep_stream random;
  nep_stream_start(&random, NEP_TAG_BALLOT_RANDOMNESS, seed);
  write_message(e, credential, choices, &random, message);
  nep_stream_wipe(&random);
  return NEP_OK;
}

void nep_ballot_code(nep_bytes message, char code[44])
{
  nep_sha256 h;
  uint8_t hash[32];
  nep_sha256_start(&h);
  nep_sha256_add(&h, NEP_TAG_BALLOT_CODE, sizeof NEP_TAG_BALLOT_CODE); /* with its NUL */
  nep_sha256_add(&h, message.data, message.len);
  nep_sha256_end(&h, hash);
  nep_base64(hash, sizeof hash, code);
}

nep_status nep_ballot_credential(const nep_election *e, const char *credential, nep_scalar *key,
                                 char text[NEP_ELEMENT_TEXT_MAX], nep_error *err)
{
  if (!nep_credential_is_valid(credential, strlen(credential)))
    return nep_fail(err, NEP_E_INPUT, "credential", NULL,
                    "the credential does not have the form XXXXX-XXXXXX-XXXXX-XXXXXX");
  nep_element public_key;
  nep_credential_key(e->group, e->uuid, credential, key);
  nep_element_exp_g(e->group, &public_key, key);
  nep_element_text(e->group, &public_key, text);
  return NEP_OK;
}

/* The credential named in a prepared message; NULL when it is none of this election. */
static const char *named_credential(const nep_election *e, const json_t *message)
{
  const json_t *uuid = json_object_get(message, "election_uuid");
  const json_t *phi = json_object_get(message, "election_hash");
  if (!json_is_string(uuid) || strcmp(json_string_value(uuid), e->uuid) != 0)
    return NULL;
  if (!json_is_string(phi) || strcmp(json_string_value(phi), e->phi) != 0)
    return NULL;
  return json_string_value(json_object_get(message, "credential"));
}

nep_status nep_ballot_sign(const nep_election *e, const char *credential, nep_bytes message,
                           nep_buf *out, nep_error *err)
{
  nep_scalar key;
  char text[NEP_ELEMENT_TEXT_MAX];
  json_t *json = NULL;
  nep_status status = nep_json_parse_canonical(message, &json, err);
  if (status != NEP_OK)
    return status;
  status = nep_ballot_credential(e, credential, &key, text, err);
  if (status == NEP_OK) {
    const char *named = named_credential(e, json);
    if (named == NULL || strcmp(named, text) != 0)
      status = nep_fail(err, NEP_E_CHECK, "ballot-message", NULL,
                        "the message was prepared for another election or credential");
    else
      nep_signed_write(e->group, NEP_TAG_BALLOT, &key, message, out);
    nep_scalar_wipe(&key);
  }
  json_decref(json);
  return status;
}

nep_status nep_ballot_make(const nep_election *e, const char *credential, const nep_choice *choices,
                           nep_buf *out, nep_error *err)
{
  nep_scalar key;
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_buf message = {0};
  nep_status status = nep_ballot_credential(e, credential, &key, text, err);
  if (status != NEP_OK)
    return status;
  uint8_t *seed = nep_secret_alloc(NEP_BALLOT_SEED);
  nep_random_bytes(seed, NEP_BALLOT_SEED);
  status = nep_ballot_prepare(e, text, choices, seed, &message, err);
  if (status == NEP_OK)
    nep_signed_write(e->group, NEP_TAG_BALLOT, &key, nep_buf_bytes(&message), out);
  nep_secret_free(seed);
  nep_buf_free(&message);
  nep_scalar_wipe(&key);
  return status;
}
