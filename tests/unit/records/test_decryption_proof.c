/* The second proof of a partial decryption, and attack A2: what the archive's own proof lets pass,
   a factor shifted by the trustee who casts the last ballot, this one refuses. */
#include <string.h>

#include "base/memory.h"
#include "crypto/keys.h"
#include "crypto/tags.h"
#include "protocol/values.h"
#include "records/decryption_proof.h"
#include "records/tags.h"
#include "tests/support/lying_trustee.h"
#include "tests/support/run.h"

#define QUESTION "{\"type\":\"Homomorphic\",\"value\":{\"answers\":[\"A\",\"B\"],"
#define TEMPLATE                                                                                   \
  "{\"name\":\"n\",\"description\":\"\",\"administrator\":\"A\",\"credential_authority\":["        \
  "\"Server\"],\"questions\":[" QUESTION                                                           \
  "\"blank\":false,\"min\":0,\"max\":1,\"question\":\"q\"}}," QUESTION                             \
  "\"blank\":true,\"min\":1,\"max\":2,\"question\":\"q\"}}]}"

enum { GROUPS = 3, TRUSTEES = 2, VOTERS = 3 };

static const nep_group *g;
static nep_scalar x[TRUSTEES], signing[TRUSTEES];
static nep_owner owners[TRUSTEES];
static nep_trustee_item items[TRUSTEES];
static nep_trustees trustees;
static nep_election *election;
static char credentials[VOTERS][NEP_CREDENTIAL_LENGTH + 1];
static nep_credentials *list;
static nep_encrypted_tally *tally;

/* ---- an election ---- */

static void make_trustees(void)
{
  static char name[] = "Bình";
  nep_element key;
  nep_element_one(g, &trustees.election_key);
  for (size_t i = 0; i < TRUSTEES; i++) {
    nep_scalar_random(g, &x[i]);
    nep_scalar_random(g, &signing[i]);
    nep_element_exp_g(g, &owners[i].public_key, &x[i]);
    nep_element_exp_g(g, &owners[i].verification_key, &signing[i]);
    items[i] = (nep_trustee_item){.first = i, .n = 1, .threshold = 1};
    key = trustees.election_key;
    nep_element_mul(g, &trustees.election_key, &key, &owners[i].public_key);
  }
  owners[1].name = name;
  trustees.group = g;
  trustees.owners = owners;
  trustees.items = items;
  trustees.n_owners = trustees.n_items = TRUSTEES;
}

static void make_election(void)
{
  nep_buf text = {0}, voters = {0};
  char public[VOTERS][NEP_ELEMENT_TEXT_MAX];
  const char *texts[VOTERS];
  nep_scalar key;
  nep_findings f = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_election_make(nep_str_bytes(TEMPLATE), g, &trustees.election_key,
                                     "NEPtestNEPtest", &text, &err),
                   NEP_OK);
  ck_assert_int_eq(nep_election_parse(nep_buf_bytes(&text), &election, &err), NEP_OK);
  for (size_t i = 0; i < VOTERS; i++) {
    nep_credential_new(credentials[i]);
    ck_assert_int_eq(nep_ballot_credential(election, credentials[i], &key, public[i], &err),
                     NEP_OK);
    texts[i] = public[i];
  }
  ck_assert_int_eq(nep_credentials_make(g, texts, NULL, VOTERS, &voters, &err), NEP_OK);
  nep_credentials_verify(g, nep_buf_bytes(&voters), 0, &list, &f);
  ck_assert_uint_eq(f.n_faults, 0);
  nep_findings_free(&f);
  nep_buf_free(&voters);
  nep_buf_free(&text);
}

static void count(const nep_buf *text)
{
  nep_ballot *b = NULL;
  size_t place;
  nep_findings f = {0};
  ck_assert(nep_ballot_verify(election, list, nep_buf_bytes(text), "ballot", &b, &place, &f));
  nep_tally_add(tally, b, 1);
  nep_findings_free(&f);
  nep_ballot_free(b);
}

/* Group i of the loop; all voters but the last vote for the first answer. */
static void start(int i)
{
  g = nep_group_at((size_t)i);
  make_trustees();
  make_election();
  tally = nep_tally_new(election);
  for (size_t v = 0; v + 1 < VOTERS; v++) {
    nep_choice choices[2] = {{.chosen = {1, 0}}, {.chosen = {1, 1}}};
    nep_buf text = {0};
    nep_error err = {0};
    ck_assert_int_eq(nep_ballot_make(election, credentials[v], choices, &text, &err), NEP_OK);
    count(&text);
    nep_buf_free(&text);
  }
}

static void end(void)
{
  nep_tally_free(tally);
  nep_credentials_free(list);
  nep_election_free(election);
}

static nep_factors *factors_of(size_t owner, const nep_buf *object)
{
  nep_findings f = {0};
  nep_factors *factors = NULL;
  bool sound = nep_decryption_verify(tally, &trustees, owner, nep_buf_bytes(object), &factors, &f);
  ck_assert_msg(sound, "%s", sound ? "" : f.faults[0].code);
  nep_findings_free(&f);
  return factors;
}

/* The honest decryption of a trustee, as the archive's own proof accepts it. */
static nep_factors *decrypt(size_t owner)
{
  nep_buf object = {0}, owned = {0};
  nep_decryption_make(tally, &trustees, owner, &x[owner - 1], &signing[owner - 1], &object, &owned);
  nep_factors *f = factors_of(owner, &object);
  nep_buf_free(&owned);
  nep_buf_free(&object);
  return f;
}

static nep_buf prove(const nep_factors *f)
{
  nep_buf out = {0};
  nep_decryption_proof_make(tally, &trustees, f, &x[f->owner - 1], &out);
  return out;
}

static void accepted(const nep_factors *f, const nep_buf *text)
{
  nep_error err = {0};
  ck_assert_msg(nep_decryption_proof_verify(tally, &trustees, f, nep_buf_bytes(text), &err) ==
                    NEP_OK,
                "%s: %s", err.where, err.reason);
}

static void refused(const nep_factors *f, nep_bytes text, const char *code)
{
  nep_error err = {0};
  ck_assert_int_ne(nep_decryption_proof_verify(tally, &trustees, f, text, &err), NEP_OK);
  ck_assert_msg(strcmp(err.code, code) == 0, "%s instead of %s: %.*s", err.code, code,
                (int)text.len, text.data);
}

/* The text with the first occurrence of `from` replaced. */
static nep_buf replaced(const nep_buf *text, const char *from, const char *to)
{
  nep_buf out = {0};
  const char *at = strstr(text->data, from);
  ck_assert_ptr_nonnull(at);
  nep_buf_add(&out, text->data, (size_t)(at - text->data));
  nep_buf_str(&out, to);
  nep_buf_str(&out, at + strlen(from));
  return out;
}

static void refused_with(const nep_factors *f, const nep_buf *text, const char *from,
                         const char *to, const char *code)
{
  nep_buf changed = replaced(text, from, to);
  refused(f, nep_buf_bytes(&changed), code);
  nep_buf_free(&changed);
}

/* ---- tests ---- */

START_TEST(an_honest_trustees_second_proof_holds)
{
  start(_i);
  for (size_t owner = 1; owner <= TRUSTEES; owner++) {
    nep_factors *f = decrypt(owner);
    nep_buf text = prove(f), again = prove(f);
    accepted(f, &text);
    accepted(f, &again);
    ck_assert_str_ne(text.data, again.data); /* fresh randomness */
    nep_buf_free(&again);
    nep_buf_free(&text);
    nep_factors_free(election, f);
  }
  end();
}
END_TEST

START_TEST(every_altered_byte_and_every_cut_is_refused)
{
  start(_i);
  nep_factors *f = decrypt(1);
  nep_buf text = prove(f);
  nep_error err = {0};
  static const size_t steps[] = {7, 97, 997}; /* verification takes longer from group to group */
  size_t step = steps[_i];
  for (size_t at = 0; at < text.len; at += step) {
    text.data[at] ^= 1;
    ck_assert_msg(nep_decryption_proof_verify(tally, &trustees, f, nep_buf_bytes(&text), &err) !=
                      NEP_OK,
                  "byte %zu", at);
    text.data[at] ^= 1;
  }
  for (size_t len = 0; len < text.len; len += step)
    refused(f, (nep_bytes){text.data, len}, "decryption-proof-parse");
  accepted(f, &text);
  nep_buf_char(&text, ' ');
  refused(f, nep_buf_bytes(&text), "decryption-proof-parse");
  nep_buf_free(&text);
  nep_factors_free(election, f);
  end();
}
END_TEST

START_TEST(every_field_is_the_one_of_this_decryption)
{
  start(_i);
  nep_factors *f = decrypt(2);
  nep_buf text = prove(f);
  nep_error err = {0};
  char zeros[65];
  memset(zeros, '0', 64);
  zeros[64] = '\0';
  refused_with(f, &text, "{\"owner\":2", "{\"owner\":1", "decryption-proof-other");
  refused_with(f, &text, "{\"owner\":2", "{\"owner\":0", "decryption-proof-parse");
  refused_with(f, &text, "{\"owner\":2", "{\"owner\":\"2\"", "decryption-proof-parse");
  refused_with(f, &text, election->phi, "x", "decryption-proof-other");
  refused_with(f, &text, f->object, zeros, "decryption-proof-other");
  refused_with(f, &text, "\"tally_hash\":\"", "\"tally_hash\":\"0", "decryption-proof-other");
  refused_with(f, &text, "\"proofs\":[[", "\"proofs\":[[],[", "decryption-proof-parse");
  refused_with(f, &text, "]]}", "],[]]}", "decryption-proof-parse");
  refused_with(f, &text, "]]}", ",{}]]}", "decryption-proof-parse");
  refused_with(f, &text, "]]}", "]],\"more\":1}", "decryption-proof-parse");
  refused_with(f, &text, "\"challenge\":\"", "\"challenge\":\"0", "decryption-proof-parse");
  refused(f, nep_str_bytes("[]"), "decryption-proof-parse");
  nep_buf changed = replaced(&text, "{\"owner\":2", "{\"owner\":1");
  (void)!nep_decryption_proof_verify(tally, &trustees, f, nep_buf_bytes(&changed), &err);
  ck_assert_str_eq(err.where, "second proof of trustee 2 (Bình).owner");
  ck_assert_int_eq(nep_decryption_proof_missing(&trustees, 2, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.where, "trustee 2 (Bình)");
  nep_buf_free(&changed);
  nep_buf_free(&text);
  nep_factors_free(election, f);
  end();
}
END_TEST

/* The proof of another statement, relabelled as one of this one: only the challenge can tell. */
static void relabelled(const nep_factors *f, const nep_buf *other, const char *from, const char *to)
{
  refused_with(f, other, from, to, "decryption-proof");
}

START_TEST(a2_the_challenge_covers_election_tally_and_decryption)
{
  start(_i);
  nep_factors *f = decrypt(1), changed = *f;
  nep_buf text = prove(f);
  const char *mark = "\"tally_hash\":\"";
  char right[65] = {0}, wrong[65] = {0};
  memcpy(right, strstr(text.data, mark) + strlen(mark), 64);
  /* another election of the same trustees */
  char phi[65];
  memcpy(phi, election->phi, sizeof phi);
  election->phi[0] = phi[0] == 'a' ? 'b' : 'a';
  nep_buf other = prove(f);
  memcpy(wrong, election->phi, sizeof wrong);
  memcpy(election->phi, phi, sizeof phi);
  relabelled(f, &other, wrong, phi);
  nep_buf_free(&other);
  /* another tally: only a beta of the last question is another one */
  nep_ciphertext kept = tally->rows[1][2];
  nep_element_mul(g, &tally->rows[1][2].beta, &kept.beta, &kept.alpha);
  other = prove(f);
  memcpy(wrong, strstr(other.data, mark) + strlen(mark), 64);
  tally->rows[1][2] = kept;
  relabelled(f, &other, wrong, right);
  nep_buf_free(&other);
  /* another object with the same factors */
  changed.object[0] = changed.object[0] == 'a' ? 'b' : 'a';
  other = prove(&changed);
  relabelled(f, &other, changed.object, f->object);
  nep_buf_free(&other);
  nep_buf_free(&text);
  nep_factors_free(election, f);
  end();
}
END_TEST

START_TEST(a2_a_proof_belongs_to_one_ciphertext_one_factor_and_one_trustee)
{
  start(_i);
  /* two equal ciphertexts: only their places differ */
  tally->rows[0][1] = tally->rows[0][0];
  nep_factors *f = decrypt(1), *other = decrypt(2);
  nep_buf text = prove(f);
  accepted(f, &text);
  json_t *j = NULL;
  nep_buf changed = {0};
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(&text), &j, NULL), NEP_OK);
  json_t *row = json_array_get(json_object_get(j, "proofs"), 0);
  json_t *first = json_incref(json_array_get(row, 0));
  json_array_set(row, 0, json_array_get(row, 1));
  json_array_set_new(row, 1, first);
  nep_json_write(&changed, j);
  refused(f, nep_buf_bytes(&changed), "decryption-proof");
  /* a factor that is not the one that was proven */
  nep_element kept = f->rows[1][0];
  nep_element_mul(g, &f->rows[1][0], &kept, &tally->rows[1][0].alpha);
  refused(f, nep_buf_bytes(&text), "decryption-proof");
  f->rows[1][0] = kept;
  accepted(f, &text);
  /* trustee 1 proves for trustee 2, with the key that it has */
  nep_buf forged = {0};
  nep_decryption_proof_make(tally, &trustees, other, &x[0], &forged);
  refused(other, nep_buf_bytes(&forged), "decryption-proof");
  refused(other, nep_buf_bytes(&text), "decryption-proof-other");
  nep_buf_free(&forged);
  nep_buf_free(&changed);
  json_decref(j);
  nep_buf_free(&text);
  nep_factors_free(election, other);
  nep_factors_free(election, f);
  end();
}
END_TEST

/* ---- the trustee who casts the last ballot ---- */

/* The liar's decryption, which the archive's own proof accepts: factors_of asserts it. */
static nep_factors *lie(liar *l, nep_buf *object)
{
  nep_choice choices[2] = {{.chosen = {1, 0}}, {.chosen = {0, 1}}};
  nep_buf ballot = {0}, owned = {0};
  liar_commit(tally, &trustees, 1, 1, l);
  liar_ballot(election, l, credentials[VOTERS - 1], choices, &ballot);
  count(&ballot);
  liar_decrypt(tally, &trustees, l, &x[0], &signing[0], object, &owned);
  nep_buf_free(&owned);
  nep_buf_free(&ballot);
  return factors_of(1, object);
}

START_TEST(a2_limit_the_archive_alone_accepts_a_shifted_result)
{
  start(_i);
  liar l;
  nep_buf object = {0};
  nep_factors *f[2] = {lie(&l, &object), decrypt(2)};
  nep_element **products = NULL;
  nep_result *result = NULL;
  nep_findings findings = {0};
  nep_error err = {0};
  ck_assert_int_eq(
      nep_factors_combine(&trustees, election, (const nep_factors *const *)f, 2, &products, &err),
      NEP_OK);
  ck_assert_int_eq(nep_result_compute(tally, products, VOTERS, &result, &err), NEP_OK);
  nep_result_verify(tally, products, VOTERS, result, &findings);
  ck_assert_uint_eq(findings.n_faults, 0);
  ck_assert_uint_eq(result->rows[0][0], 3);
  ck_assert_uint_eq(result->rows[0][1], 1); /* nobody voted for it */
  nep_findings_free(&findings);
  nep_result_free(election, result);
  nep_products_free(election, products);
  nep_factors_free(election, f[0]);
  nep_factors_free(election, f[1]);
  nep_buf_free(&object);
  end();
}
END_TEST

/* The text of a second proof with the proof of the shifted ciphertext exchanged. */
static nep_buf with_proof(const nep_buf *text, const liar *l, const nep_proof *proof)
{
  json_t *j = NULL, *value = NULL;
  nep_buf entry = {0}, out = {0};
  nep_proof_write(g, &entry, proof);
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(&entry), &value, NULL), NEP_OK);
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(text), &j, NULL), NEP_OK);
  json_array_set_new(json_array_get(json_object_get(j, "proofs"), 0), l->answer, value);
  nep_json_write(&out, j);
  json_decref(j);
  nep_buf_free(&entry);
  return out;
}

START_TEST(a2_a_trustee_who_casts_the_last_ballot_has_no_second_proof_for_its_lie)
{
  start(_i);
  liar l;
  nep_buf object = {0};
  nep_factors *f = lie(&l, &object), *honest = decrypt(1);
  /* made with its true key for the false factor */
  nep_buf text = prove(f);
  refused(f, nep_buf_bytes(&text), "decryption-proof");
  /* that of its honest decryption, as it is and under the label of the false one */
  nep_buf true_text = prove(honest);
  accepted(honest, &true_text);
  refused(f, nep_buf_bytes(&true_text), "decryption-proof-other");
  refused_with(f, &true_text, honest->object, f->object, "decryption-proof");
  /* the archive's proof of the lie, whose challenge it knew before it cast the ballot */
  nep_proof proof = {.challenge = l.challenge};
  nep_scalar_mul(g, &proof.response, &x[0], &l.challenge);
  nep_scalar_sub(g, &proof.response, &l.w, &proof.response);
  nep_buf first = with_proof(&text, &l, &proof);
  refused(f, nep_buf_bytes(&first), "decryption-proof");
  nep_buf_free(&first);
  nep_buf_free(&true_text);
  nep_buf_free(&text);
  nep_factors_free(election, honest);
  nep_factors_free(election, f);
  nep_buf_free(&object);
  end();
}
END_TEST

START_TEST(the_challenge_is_made_as_the_document_says)
{
  start(_i);
  nep_factors *f = decrypt(1);
  nep_buf text = prove(f), prefix = {0};
  json_t *j = NULL;
  nep_proof proof;
  char key[NEP_ELEMENT_TEXT_MAX], alpha[NEP_ELEMENT_TEXT_MAX], factor[NEP_ELEMENT_TEXT_MAX];
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(&text), &j, NULL), NEP_OK);
  const json_t *value = json_array_get(json_array_get(json_object_get(j, "proofs"), 1), 2);
  ck_assert_int_eq(nep_proof_read(g, value, "proof", &proof, NULL), NEP_OK);
  (void)nep_element_text(g, &owners[0].public_key, key);
  (void)nep_element_text(g, &tally->rows[1][2].alpha, alpha);
  (void)nep_element_text(g, &f->rows[1][2], factor);
  nep_buf_printf(&prefix, "NEP-1-decryption|%s|%s|%s|%s|2,3|%s,%s|", election->phi,
                 json_string_value(json_object_get(j, "tally_hash")), f->object, key, alpha,
                 factor);
  ck_assert(nep_decryption_verify_var(g, nep_buf_bytes(&prefix), &owners[0].public_key,
                                      &tally->rows[1][2].alpha, &f->rows[1][2], &proof));
  nep_buf_free(&prefix);
  json_decref(j);
  nep_buf_free(&text);
  nep_factors_free(election, f);
  end();
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("second proofs of decryption");
  TCase *t = tcase_create("second proofs of decryption");
  tcase_set_timeout(t, 120);
  /* Exponents of 2,048 bits take long, and both integer groups are one code. */
  const int groups = nep_test_long() ? GROUPS : GROUPS - 1;
  tcase_add_loop_test(t, an_honest_trustees_second_proof_holds, 0, GROUPS);
  tcase_add_loop_test(t, every_altered_byte_and_every_cut_is_refused, 0, groups);
  tcase_add_loop_test(t, every_field_is_the_one_of_this_decryption, 0, groups);
  tcase_add_loop_test(t, a2_the_challenge_covers_election_tally_and_decryption, 0, groups);
  tcase_add_loop_test(t, a2_a_proof_belongs_to_one_ciphertext_one_factor_and_one_trustee, 0,
                      groups);
  tcase_add_loop_test(t, a2_limit_the_archive_alone_accepts_a_shifted_result, 0, groups);
  tcase_add_loop_test(t, a2_a_trustee_who_casts_the_last_ballot_has_no_second_proof_for_its_lie, 0,
                      GROUPS);
  tcase_add_loop_test(t, the_challenge_is_made_as_the_document_says, 0, groups);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
