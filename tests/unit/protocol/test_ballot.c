/* protocol.md §9, Appendix item 3: ballots of others and of our own. */
#include <stdlib.h>

#include "crypto/engine.h"
#include "crypto/keys.h"
#include "tests/unit/protocol/fixture.h"

START_TEST(ballots_of_others_verify)
{
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", fixture_names[_i]);
  fixture *x = fixture_open(path);
  nep_findings f = {0};
  ck_assert_uint_gt(x->n_ballots, 0);
  /* the integer groups take milliseconds a proof: a few ballots show it */
  size_t n = strncmp(path + 9, "Ed25519", 7) == 0 ? x->n_ballots : strstr(path, "RFC") ? 2 : 5;
  for (size_t i = 0; i < n; i++) {
    nep_ballot *b = NULL;
    size_t place;
    ck_assert_msg(
        nep_ballot_verify(x->election, x->credentials, x->ballots[i], "ballot", &b, &place, &f),
        "%s ballot %zu: %s", path, i, f.n_faults ? f.faults[0].reason : "");
    ck_assert_uint_eq(b->n_answers, x->election->n_questions);
    ck_assert_uint_le(x->ballots[i].len, nep_ballot_longest(x->election));
    nep_ballot_free(b);
  }
  ck_assert_uint_eq(f.n_warnings, 0);
  nep_findings_free(&f);
  fixture_close(x);
}
END_TEST

/* What the manifest says of each archive's ballots; codes about the tally belong to the verifier.
 */
static const struct {
  const char *file, *codes, *warning;
} faulty[] = {
    {"control-plain", "", NULL},
    {"control-blank", "", NULL},
    {"ciphertext-tampered", "ballot-individual-proof ballot-overall-proof ballot-signature", NULL},
    {"ciphertext-tampered-resigned", "ballot-individual-proof ballot-overall-proof", NULL},
    {"ballot-signature-wrong", "ballot-signature", NULL},
    {"unknown-credential", "ballot-unknown-credential", NULL},
    {"sum-out-of-range", "ballot-overall-proof", NULL},
    {"overall-proof-too-long", "ballot-overall-proof", NULL},
    {"choice-missing", "ballot-shape", NULL},
    {"wrong-election-hash", "ballot-election", NULL},
    {"ballot-not-canonical-json", "ballot-noncanonical", NULL},
    {"ballot-field-order", "ballot-parse", NULL},
    {"scalar-leading-zero", "ballot-parse", NULL},
    {"identity-alpha-beta", "", "ballot-identity-element"},
    {"point-not-canonical", "ballot-parse", NULL},
    {"point-not-on-curve", "ballot-parse", NULL},
    {"point-small-order-component", "ballot-membership", NULL},
    {"answer-field-order", "ballot-parse", NULL},
    {"blank-and-choice", "ballot-blank-proof", NULL},
};
enum { FAULTY = sizeof faulty / sizeof *faulty };

START_TEST(faulty_ballots_of_the_manifest_give_their_codes)
{
  char path[128], codes[256];
  snprintf(path, sizeof path, "negative/%s.bel", faulty[_i].file);
  fixture *x = fixture_open(path);
  nep_findings f = {0};
  size_t unusable = 0;
  for (size_t i = 0; i < x->n_ballots; i++) {
    nep_ballot *b = NULL;
    size_t place;
    (void)nep_ballot_verify(x->election, x->credentials, x->ballots[i], "ballot", &b, &place, &f);
    unusable += b == NULL;
    nep_ballot_free(b);
  }
  codes_of(&f, codes);
  ck_assert_str_eq(codes, faulty[_i].codes);
  ck_assert_int_eq(f.n_warnings > 0, faulty[_i].warning != NULL);
  for (size_t i = 0; i < f.n_warnings; i++)
    ck_assert_str_eq(f.warnings[i].code, faulty[_i].warning);
  /* only where no point can be read is there nothing to go on with */
  ck_assert_uint_eq(unusable, strcmp(faulty[_i].file, "point-not-on-curve") == 0 ? 1 : 0);
  nep_findings_free(&f);
  fixture_close(x);
}
END_TEST

/* Ballots of all these elections in turns: each gets what it gets alone. */
START_TEST(ballots_of_several_elections_together_get_each_its_own_findings)
{
  enum { EACH = 7, MAX = FAULTY * EACH };
  fixture *x[FAULTY];
  nep_ballot_check checks[MAX];
  nep_findings findings[MAX] = {{0}};
  size_t n = 0, faults = 0;
  for (size_t k = 0; k < FAULTY; k++) {
    char path[128];
    snprintf(path, sizeof path, "negative/%s.bel", faulty[k].file);
    x[k] = fixture_open(path);
    ck_assert_ptr_eq(x[k]->election->group, x[0]->election->group);
  }
  for (size_t i = 0; i < EACH; i++)
    for (size_t k = 0; k < FAULTY; k++)
      if (i < x[k]->n_ballots) {
        checks[n] = (nep_ballot_check){.election = x[k]->election,
                                       .credentials = x[k]->credentials,
                                       .text = x[k]->ballots[i],
                                       .object = "ballot",
                                       .findings = &findings[n]};
        n++;
      }
  nep_ballots_verify(checks, n);
  for (size_t i = 0; i < n; i++) {
    nep_findings f = {0};
    nep_ballot *b = NULL;
    size_t place;
    char alone[256], together[256];
    bool sound = nep_ballot_verify(checks[i].election, checks[i].credentials, checks[i].text,
                                   "ballot", &b, &place, &f);
    ck_assert_int_eq(checks[i].sound, sound);
    ck_assert_uint_eq(checks[i].place, place);
    ck_assert_int_eq(checks[i].ballot != NULL, b != NULL);
    codes_of(&f, alone);
    codes_of(&findings[i], together);
    ck_assert_str_eq(together, alone);
    faults += f.n_faults;
    nep_ballot_free(b);
    nep_ballot_free(checks[i].ballot);
    nep_findings_free(&f);
    nep_findings_free(&findings[i]);
  }
  ck_assert_uint_gt(faults, 0);
  for (size_t k = 0; k < FAULTY; k++)
    fixture_close(x[k]);
}
END_TEST

/* Such a list has a fault of its own, and its ballots are verified all the same. */
START_TEST(a_credential_that_is_no_element_is_named_by_its_ballot)
{
  static const char none[] = "0000000000000000000000000000000000000000000000000000000000000002";
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  nep_credentials *list = NULL;
  nep_findings f = {0};
  json_t *ballot = parsed(x->ballots[0]);
  const char *own =
      json_string_value(json_object_get(json_object_get(ballot, "message"), "credential"));
  nep_buf one = {0}, text = replaced(x->ballots[0], own, none);
  char codes[256];
  nep_buf_printf(&one, "[{\"credential\":\"%s\"}]", none);
  nep_credentials_verify(x->election->group, nep_buf_bytes(&one), 0, &list, &f);
  ck_assert_uint_eq(f.n_faults, 1);
  ck_assert_str_eq(f.faults[0].code, "credentials-parse");
  ck_assert(!verify_ballot(x->election, list, nep_buf_bytes(&text), codes));
  ck_assert_str_eq(codes, "ballot-parse");
  nep_buf_free(&text);
  nep_buf_free(&one);
  json_decref(ballot);
  nep_findings_free(&f);
  nep_credentials_free(list);
  fixture_close(x);
}
END_TEST

START_TEST(a_ballot_that_is_not_canonical_still_gives_its_ciphertexts)
{
  fixture *good = fixture_open("positive/Ed25519-single/election.bel");
  nep_buf spaced = replaced(good->ballots[0], "{\"message\":", "{\"message\": ");
  nep_findings f = {0};
  nep_ballot *b = NULL, *same = NULL;
  nep_ballot_parse(good->election, good->ballots[0], "good", &same, &f);
  ck_assert_uint_eq(f.n_faults, 0);
  nep_ballot_parse(good->election, nep_buf_bytes(&spaced), "spaced", &b, &f);
  ck_assert_uint_eq(f.n_faults, 1);
  ck_assert_str_eq(f.faults[0].code, "ballot-noncanonical");
  ck_assert_ptr_nonnull(b);
  ck_assert_str_eq(b->credential, same->credential);
  ck_assert_str_ne(b->hash, same->hash);
  for (size_t i = 0; i < same->answers[0].n_choices; i++)
    ck_assert(nep_element_equal(good->election->group, &b->answers[0].choices[i].beta,
                                &same->answers[0].choices[i].beta));
  nep_ballot_free(b);
  nep_ballot_free(same);
  nep_findings_free(&f);
  nep_buf_free(&spaced);
  fixture_close(good);
}
END_TEST

#define QUESTION(answers, blank, min, max)                                                         \
  "{\"type\":\"Homomorphic\",\"value\":{\"answers\":[" answers "],\"blank\":" blank                \
  ",\"min\":" min ",\"max\":" max ",\"question\":\"Q\"}}"
#define FIVE "\"A\",\"B\",\"C\",\"D\",\"Đ\""

static const char *const rules[] = {
    "[" QUESTION(FIVE, "false", "1", "3") "]",
    "[" QUESTION(FIVE, "true", "0", "3") "]",
    "[" QUESTION(FIVE, "true", "2", "2") "]",
    "[" QUESTION(FIVE, "false", "0", "5") "]",
    "[" QUESTION("\"A\"", "false", "0", "1") "]",
    "[" QUESTION(FIVE, "true", "1", "3") "," QUESTION("\"X\",\"Y\"", "false", "0", "2") "]"};
enum { RULES = sizeof rules / sizeof *rules };

/* Every number of choices from none to one too many, blank included: the allowed ones verify, the
   others are refused before anything is made. */
START_TEST(ballots_made_here_verify_at_every_edge)
{
  const nep_group *g = nep_group_at((size_t)(_i / RULES));
  const char *questions = rules[_i % RULES];
  if (strcmp(nep_group_name(g), "RFC-3526-2048") == 0 && _i % RULES != RULES - 1)
    questions = "[" QUESTION("\"A\",\"B\"", "false", "1", "1") "]";
  polling *p = polling_open(g, questions);
  const nep_question *q = &p->election->questions[0];
  size_t allowed = 0;
  for (unsigned n = 0; n <= q->n_answers; n++)
    for (unsigned blank = 0; blank <= 1; blank++) {
      nep_choice choices[2] = {{.blank = blank}, {0}};
      nep_buf text = {0};
      char codes[256];
      nep_error err = {0};
      for (unsigned i = 0; i < n; i++)
        choices[0].chosen[q->n_answers - 1 - i] = 1;
      bool ok = blank ? q->blank && n == 0 : n >= q->min && n <= q->max;
      nep_status status = nep_ballot_make(p->election, p->credential[1], choices, &text, &err);
      ck_assert_msg((status == NEP_OK) == ok, "%u chosen, blank %u: %s", n, blank, err.reason);
      ck_assert_int_eq(text.len > 0, ok);
      if (ok) {
        ck_assert_msg(verify_ballot(p->election, p->list, nep_buf_bytes(&text), codes),
                      "%u chosen, blank %u: %s", n, blank, codes);
        ck_assert_uint_le(text.len, nep_ballot_longest(p->election));
        allowed++;
      } else {
        ck_assert_str_eq(err.code, "choice");
        ck_assert_str_eq(err.where, "question 1");
      }
      nep_buf_free(&text);
    }
  ck_assert_uint_eq(allowed, (q->blank ? 1 : 0) + q->max - q->min + 1);
  polling_close(p);
}
END_TEST

START_TEST(choices_that_are_no_bits_are_refused)
{
  polling *p = polling_open(nep_group_find("Ed25519", 7), rules[0]);
  nep_choice choices[1] = {{.chosen = {2}}};
  nep_error err = {0};
  nep_buf out = {0};
  ck_assert_int_ne(nep_choice_check(p->election, choices, &err), NEP_OK);
  ck_assert_str_eq(err.code, "choice");
  choices[0].chosen[0] = 1;
  ck_assert_int_eq(nep_choice_check(p->election, choices, &err), NEP_OK);
  ck_assert_int_ne(nep_ballot_make(p->election, "11111-222222-33333-44444O", choices, &out, &err),
                   NEP_OK);
  ck_assert_str_eq(err.code, "credential");
  ck_assert_uint_eq(out.len, 0);
  polling_close(p);
}
END_TEST

START_TEST(every_ballot_check_is_counted)
{
  polling *p = polling_open(nep_group_find("Ed25519", 7), rules[1]);
  nep_buf text = polling_ballot(p, 0, 2);
  nep_findings f = {0};
  nep_ballot *b;
  size_t place;
  static const struct {
    const char *name;
    uint64_t run;
  } expected[] = {{"ballots canonical", 1},         {"ballot elections", 2},
                  {"ballot credentials", 1},        {"ballot signatures", 1},
                  {"ballot group memberships", 12}, {"ballot individual proofs", 6},
                  {"ballot blank proofs", 1},       {"ballot overall proofs", 1}};
  ck_assert(nep_ballot_verify(p->election, p->list, nep_buf_bytes(&text), "b", &b, &place, &f));
  ck_assert_uint_eq(f.n_checks, sizeof expected / sizeof *expected);
  for (size_t i = 0; i < f.n_checks; i++) {
    ck_assert_str_eq(f.checks[i].name, expected[i].name);
    ck_assert_uint_eq(f.checks[i].run, expected[i].run);
  }
  nep_ballot_free(b);
  nep_findings_free(&f);
  nep_buf_free(&text);
  polling_close(p);
}
END_TEST

/* A16: decimal scalars vary by a digit or two; the envelope does not, and the choice does not move
   the mean. */
START_TEST(a16_length_does_not_show_the_choice)
{
  enum { EACH = 60 };
  polling *p = polling_open(nep_group_find("Ed25519", 7), rules[1]);
  double mean[3] = {0};
  for (size_t n = 0; n < 3; n++)
    for (size_t i = 0; i < EACH; i++) {
      nep_buf text = polling_ballot(p, 0, n);
      ck_assert_uint_le(text.len, nep_ballot_longest(p->election));
      ck_assert_uint_ge(text.len + 60, nep_ballot_longest(p->election));
      mean[n] += (double)text.len / EACH;
      nep_buf_free(&text);
    }
  /* standard error of such a mean: below 0.3 characters */
  for (size_t n = 1; n < 3; n++)
    ck_assert_double_lt(mean[n] > mean[0] ? mean[n] - mean[0] : mean[0] - mean[n], 2.5);
  ck_assert_uint_eq(nep_ballot_envelope(p->election) % 512, 0);
  ck_assert_uint_ge(nep_ballot_envelope(p->election), nep_ballot_longest(p->election));
  polling_close(p);
}
END_TEST

/* ---- a text beside a ballot, signed by its credential ---- */

#define BESIDE_TAG "a purpose"
#define BESIDE_TEXT "{\"what\":\"travels with a ballot\"}"

static void sign_beside(const polling *p, size_t voter, const char *tag, const char *text,
                        nep_proof *out)
{
  nep_scalar key;
  nep_credential_key(p->election->group, p->election->uuid, p->credential[voter], &key);
  nep_sign(p->election->group, tag, &key, nep_str_bytes(text), out);
  nep_scalar_wipe(&key);
}

enum { GOOD, OTHER_TEXT, OTHER_TAG, OTHER_VOTER, NOTHING_BESIDE, BAD_BALLOT, NO_BALLOT, BESIDES };

/* The ballot of voter v and what stands beside it. */
static nep_buf ballot_with(const polling *p, size_t v, int kind, nep_signed_beside *out)
{
  *out = (nep_signed_beside){.tag = kind == NOTHING_BESIDE ? NULL : BESIDE_TAG,
                             .text = nep_str_bytes(BESIDE_TEXT),
                             .holds = kind == NOTHING_BESIDE};
  sign_beside(p, kind == OTHER_VOTER ? (v + 1) % VOTERS : v,
              kind == OTHER_TAG ? "another purpose" : BESIDE_TAG,
              kind == OTHER_TEXT ? "{}" : BESIDE_TEXT, &out->signature);
  nep_buf ballot = polling_ballot(p, v, 1), changed;
  if (kind == BAD_BALLOT)
    changed = replaced(nep_buf_bytes(&ballot), "\"signature\":{\"challenge\":\"",
                       "\"signature\":{\"challenge\":\"1");
  else
    changed = copied(kind == NO_BALLOT ? nep_str_bytes("{}") : nep_buf_bytes(&ballot));
  nep_buf_free(&ballot);
  return changed;
}

/* Alone, and together with others whatever they are. A ballot whose signature is wrong leaves what
   is beside it as it is, and the other way round. */
START_TEST(what_stands_beside_a_ballot_is_held_against_its_credential_alone)
{
  nep_error err;
  polling *p = polling_open(nep_group_at((size_t)_i % 2), rules[0]);
  if (_i >= 2 && nep_engine_choose("portable", &err) != NEP_OK)
    ck_abort();
  nep_ballot_check checks[2 * BESIDES];
  nep_findings findings[2 * BESIDES] = {{0}};
  nep_buf ballot[2 * BESIDES];
  for (int i = 0; i < 2 * BESIDES; i++) {
    int kind = i % BESIDES;
    checks[i] = (nep_ballot_check){.election = p->election,
                                   .credentials = p->list,
                                   .object = "ballot",
                                   .findings = &findings[i]};
    ballot[i] = ballot_with(p, (size_t)i % VOTERS, kind, &checks[i].beside);
    checks[i].text = nep_buf_bytes(&ballot[i]);
  }
  for (int i = 0; i < BESIDES; i++)
    nep_ballots_verify(&checks[i], 1);
  nep_ballots_verify(&checks[BESIDES], BESIDES);
  for (int i = 0; i < 2 * BESIDES; i++) {
    int kind = i % BESIDES;
    ck_assert_int_eq(checks[i].sound, kind != BAD_BALLOT && kind != NO_BALLOT);
    if (kind != BAD_BALLOT) /* the number that grew may be too large to be read */
      ck_assert_int_eq(checks[i].beside.holds, kind == GOOD);
    nep_ballot_free(checks[i].ballot);
    nep_findings_free(&findings[i]);
    nep_buf_free(&ballot[i]);
  }
  polling_close(p);
  ck_assert_int_eq(nep_engine_choose("auto", &err), NEP_OK);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/ballot");
  TCase *tc = tcase_create("ballot");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, ballots_of_others_verify, 0, FIXTURES);
  tcase_add_loop_test(tc, faulty_ballots_of_the_manifest_give_their_codes, 0, FAULTY);
  tcase_add_test(tc, ballots_of_several_elections_together_get_each_its_own_findings);
  tcase_add_test(tc, a_credential_that_is_no_element_is_named_by_its_ballot);
  tcase_add_test(tc, a_ballot_that_is_not_canonical_still_gives_its_ciphertexts);
  tcase_add_loop_test(tc, ballots_made_here_verify_at_every_edge, 0, 2 * RULES + 2);
  tcase_add_test(tc, choices_that_are_no_bits_are_refused);
  tcase_add_test(tc, every_ballot_check_is_counted);
  tcase_add_loop_test(tc, what_stands_beside_a_ballot_is_held_against_its_credential_alone, 0, 3);
  tcase_add_test(tc, a16_length_does_not_show_the_choice);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
