#include "tests/support/lying_trustee.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "protocol/values.h"

static void must(nep_status status)
{
  if (status != NEP_OK)
    abort();
}

static void find_challenge(const nep_encrypted_tally *before, const nep_trustees *tr, liar *l)
{
  const nep_group *g = before->election->group;
  const nep_element *alpha = &before->rows[0][l->answer].alpha;
  nep_element commitment[2], power;
  nep_challenge hash;
  nep_buf prefix = {0};
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_element_exp_g(g, &commitment[0], &l->w);
  nep_element_exp(g, &commitment[1], alpha, &l->w);
  nep_element_exp_g(g, &power, &l->b);
  nep_element_mul(g, &commitment[1], &commitment[1], &power);
  (void)nep_element_text(g, &tr->owners[l->owner - 1].public_key, text);
  nep_buf_printf(&prefix, "%s|%s|", before->election->phi, text);
  nep_challenge_start(&hash, g, NEP_TAG_DECRYPT);
  nep_challenge_text(&hash, nep_buf_bytes(&prefix));
  nep_challenge_elements(&hash, commitment, 2);
  nep_challenge_end(&hash, &l->challenge);
  nep_buf_free(&prefix);
}

void liar_commit(const nep_encrypted_tally *before, const nep_trustees *tr, size_t owner,
                 size_t answer, liar *l)
{
  const nep_group *g = before->election->group;
  l->owner = owner;
  l->answer = answer;
  nep_scalar_random(g, &l->w);
  nep_scalar_random(g, &l->b);
  find_challenge(before, tr, l);
}

/* ---- the ballot ---- */

/* s = (b + c)/w: with the factor alpha^x g^-1 the verifier then finds the commitments above. */
static void randomness(const nep_group *g, const liar *l, nep_scalar *s)
{
  nep_scalar inverse;
  nep_scalar_invert_var(g, &inverse, &l->w);
  nep_scalar_add(g, s, &l->b, &l->challenge);
  nep_scalar_mul(g, s, s, &inverse);
}

static json_t *parsed(const nep_buf *text)
{
  json_t *j = NULL;
  must(nep_json_parse(nep_buf_bytes(text), &j, NULL));
  return j;
}

static json_t *proofs(const nep_group *g, const nep_proof *p, size_t n)
{
  json_t *list = json_array();
  for (size_t i = 0; i < n; i++) {
    nep_buf text = {0};
    nep_proof_write(g, &text, &p[i]);
    json_array_append_new(list, parsed(&text));
    nep_buf_free(&text);
  }
  return list;
}

/* The first scalars that the seed gives are the randomness of the first question's choices. */
static void sum_up(const nep_group *g, const nep_question *q, const uint8_t *seed, const liar *l,
                   const nep_scalar *s, nep_scalar *sum)
{
  nep_stream random;
  nep_scalar r;
  nep_stream_start(&random, NEP_TAG_BALLOT_RANDOMNESS, seed);
  *sum = *s;
  for (size_t i = 0; i < q->n_answers; i++) {
    nep_stream_scalar(g, &random, &r);
    if (i != l->answer)
      nep_scalar_add(g, sum, sum, &r);
  }
  nep_stream_wipe(&random);
}

static void prove_answer(const nep_election *e, const liar *l, const nep_choice *choice,
                         nep_bytes z, const nep_scalar *s, json_t *answer)
{
  nep_ciphertext c;
  nep_proof individual[2];
  nep_buf text = {0};
  unsigned chosen = choice->chosen[l->answer];
  nep_encrypt(e->key, &c, s, chosen);
  nep_interval_prove(e->key, NEP_TAG_PROVE, z, &c, 0, 1, chosen, s, NULL, individual);
  nep_ciphertext_write(e->group, &text, &c);
  json_array_set_new(json_object_get(answer, "choices"), l->answer, parsed(&text));
  json_array_set_new(json_object_get(answer, "individual_proofs"), l->answer,
                     proofs(e->group, individual, 2));
  nep_buf_free(&text);
}

static void prove_overall(const nep_election *e, const nep_choice *choice, nep_bytes z,
                          const nep_scalar *r_sum, json_t *answer)
{
  const nep_question *q = &e->questions[0];
  const json_t *choices = json_object_get(answer, "choices");
  nep_proof *overall = nep_alloc(q->max - q->min + 1, sizeof *overall);
  nep_buf statement = {0};
  nep_ciphertext sum, c;
  unsigned chosen = 0;
  nep_buf_add(&statement, z.data, z.len);
  nep_ciphertext_one(e->group, &sum);
  for (size_t i = 0; i < q->n_answers; i++) {
    const json_t *value = json_array_get(choices, i);
    must(nep_ciphertext_read(e->group, value, "choice", &c, NULL));
    nep_ciphertext_mul(e->group, &sum, &sum, &c);
    nep_buf_printf(&statement, "%c%s,%s", i ? ',' : '|',
                   json_string_value(json_object_get(value, "alpha")),
                   json_string_value(json_object_get(value, "beta")));
    chosen += choice->chosen[i];
  }
  nep_interval_prove(e->key, NEP_TAG_PROVE, nep_buf_bytes(&statement), &sum, q->min, q->max, chosen,
                     r_sum, NULL, overall);
  json_object_set_new(answer, "overall_proof", proofs(e->group, overall, q->max - q->min + 1));
  nep_buf_free(&statement);
  free(overall);
}

void liar_ballot(const nep_election *e, const liar *l, const char *credential,
                 const nep_choice *choices, nep_buf *out)
{
  uint8_t seed[NEP_BALLOT_SEED];
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_buf message = {0}, z = {0}, changed = {0};
  nep_scalar key, s, sum;
  nep_random_bytes(seed, sizeof seed);
  must(nep_ballot_credential(e, credential, &key, public, NULL));
  must(nep_ballot_prepare(e, public, choices, seed, &message, NULL));
  json_t *j = parsed(&message), *answer = json_array_get(json_object_get(j, "answers"), 0);
  randomness(e->group, l, &s);
  sum_up(e->group, &e->questions[0], seed, l, &s, &sum);
  nep_buf_printf(&z, "%s|%s", e->phi, public);
  prove_answer(e, l, &choices[0], nep_buf_bytes(&z), &s, answer);
  prove_overall(e, &choices[0], nep_buf_bytes(&z), &sum, answer);
  nep_json_write(&changed, j);
  must(nep_ballot_sign(e, credential, nep_buf_bytes(&changed), out, NULL));
  json_decref(j);
  nep_buf_free(&changed);
  nep_buf_free(&z);
  nep_buf_free(&message);
}

/* ---- the decryption ---- */

static json_t *false_entry(const nep_encrypted_tally *t, const liar *l, const nep_scalar *x)
{
  const nep_group *g = t->election->group;
  nep_element factor, one;
  nep_proof proof = {.challenge = l->challenge};
  nep_buf text = {0};
  nep_element_exp(g, &factor, &t->rows[0][l->answer].alpha, x);
  nep_element_generator(g, &one);
  nep_element_div(g, &factor, &factor, &one);
  nep_scalar_mul(g, &proof.response, x, &l->challenge);
  nep_scalar_sub(g, &proof.response, &l->w, &proof.response);
  nep_buf_str(&text, "{\"factor\":");
  nep_element_write(g, &text, &factor);
  nep_buf_str(&text, ",\"proof\":");
  nep_proof_write(g, &text, &proof);
  nep_buf_char(&text, '}');
  json_t *entry = parsed(&text);
  nep_buf_free(&text);
  return entry;
}

void liar_decrypt(const nep_encrypted_tally *t, const nep_trustees *tr, const liar *l,
                  const nep_scalar *x, const nep_scalar *signing_key, nep_buf *object,
                  nep_buf *owned)
{
  nep_buf honest = {0}, none = {0}, message = {0};
  char hash[65];
  size_t start = object->len;
  nep_decryption_make(t, tr, l->owner, x, signing_key, &honest, &none);
  json_t *j = parsed(&honest), *rows = json_object_get(j, "message");
  json_array_set_new(json_array_get(rows, 0), l->answer, false_entry(t, l, x));
  nep_json_write(&message, rows);
  nep_signed_write(t->election->group, NEP_TAG_PARTIAL_DECRYPTION, signing_key,
                   nep_buf_bytes(&message), object);
  nep_sha256_hex(object->data + start, object->len - start, hash);
  nep_buf_printf(owned, "{\"owner\":%zu,\"payload\":\"%s\"}", l->owner, hash);
  json_decref(j);
  nep_buf_free(&message);
  nep_buf_free(&none);
  nep_buf_free(&honest);
}
