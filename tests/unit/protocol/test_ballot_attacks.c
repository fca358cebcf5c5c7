/* Attacks on ballots, by the numbers of doc/THREATS.md. The attacker is a registered voter: each
   altered message is signed again with a credential of the list, so that the signature is never
   what refuses it. */
#include <stdlib.h>

#include "tests/unit/protocol/fixture.h"

#define QUESTION                                                                                   \
  "{\"type\":\"Homomorphic\",\"value\":{\"answers\":[\"A\",\"B\",\"C\"],\"blank\":false,"          \
  "\"min\":1,\"max\":2,\"question\":\"Q\"}}"
#define BLANK_QUESTION                                                                             \
  "{\"type\":\"Homomorphic\",\"value\":{\"answers\":[\"A\",\"B\"],\"blank\":true,"                 \
  "\"min\":1,\"max\":1,\"question\":\"Q\"}}"
#define PAIR "[" QUESTION "," QUESTION "," BLANK_QUESTION "]"

enum { QUESTIONS = 3, VICTIM = 0, ATTACKER = 1 };

/* One polling for all tests; Check forks after it is made. */
static polling *p;
static nep_buf victims, attackers;
static json_t *victim, *attacker; /* their messages */

static json_t *message_of(const nep_buf *ballot)
{
  json_t *whole = parsed(nep_buf_bytes(ballot));
  json_t *message = json_incref(json_object_get(whole, "message"));
  json_decref(whole);
  return message;
}

static void open_polling(const nep_group *g)
{
  p = polling_open(g, PAIR);
  victims = polling_ballot(p, VICTIM, 1);
  attackers = polling_ballot(p, ATTACKER, 1);
  victim = message_of(&victims);
  attacker = message_of(&attackers);
}

static void setup(void)
{
  open_polling(nep_group_find("Ed25519", 7));
}

static void teardown(void)
{
  json_decref(attacker);
  json_decref(victim);
  nep_buf_free(&attackers);
  nep_buf_free(&victims);
  polling_close(p);
}

static json_t *answer(json_t *message, size_t q)
{
  return json_array_get(json_object_get(message, "answers"), q);
}

static json_t *part(json_t *message, size_t q, const char *name)
{
  return json_object_get(answer(message, q), name);
}

/* Exchanges two members of a list, or the same place of two lists. */
static void swap(json_t *a, size_t i, json_t *b, size_t j)
{
  json_t *x = json_incref(json_array_get(a, i)), *y = json_incref(json_array_get(b, j));
  json_array_set_new(a, i, y);
  json_array_set_new(b, j, x);
}

/* Signed by `signer`, the message must be refused for its proofs, never for its form. */
static void refused(size_t signer, const json_t *message, const char *codes)
{
  nep_buf text = polling_sign(p, signer, message);
  char found[256];
  ck_assert(!verify_ballot(p->election, p->list, nep_buf_bytes(&text), found));
  ck_assert_str_eq(found, codes);
  nep_buf_free(&text);
}

START_TEST(the_untouched_message_signed_again_verifies)
{
  char codes[256];
  nep_buf text = polling_sign(p, VICTIM, victim);
  ck_assert_msg(verify_ballot(p->election, p->list, nep_buf_bytes(&text), codes), "%s", codes);
  nep_buf_free(&text);
}
END_TEST

START_TEST(a4_copied_ballot_is_refused)
{
  json_t *copy = json_deep_copy(victim);
  refused(ATTACKER, copy, "ballot-signature");
  json_object_set_new(copy, "credential", json_string(p->public_key[ATTACKER]));
  refused(ATTACKER, copy, "ballot-blank-proof ballot-individual-proof ballot-overall-proof");
  json_decref(copy);
}
END_TEST

START_TEST(a4_copied_answer_is_refused)
{
  json_t *mine = json_deep_copy(attacker);
  json_array_set(json_object_get(mine, "answers"), (size_t)_i, answer(victim, (size_t)_i));
  refused(ATTACKER, mine,
          _i == 2 ? "ballot-blank-proof ballot-individual-proof ballot-overall-proof"
                  : "ballot-individual-proof ballot-overall-proof");
  json_decref(mine);
}
END_TEST

START_TEST(a4_copied_choice_is_refused)
{
  json_t *mine = json_deep_copy(attacker);
  json_array_set(part(mine, 0, "choices"), 1, json_array_get(part(victim, 0, "choices"), 1));
  json_array_set(part(mine, 0, "individual_proofs"), 1,
                 json_array_get(part(victim, 0, "individual_proofs"), 1));
  refused(ATTACKER, mine, "ballot-individual-proof ballot-overall-proof");
  json_decref(mine);
}
END_TEST

/* Moving one's own choices about is no copy, yet not what was proved either: S2 fixes the order. */
START_TEST(a4_permuted_choices_are_refused)
{
  json_t *message = json_deep_copy(victim);
  swap(part(message, 0, "choices"), 0, part(message, 0, "choices"), 2);
  swap(part(message, 0, "individual_proofs"), 0, part(message, 0, "individual_proofs"), 2);
  refused(VICTIM, message, "ballot-overall-proof");
  json_object_set_new(message, "credential", json_string(p->public_key[ATTACKER]));
  refused(ATTACKER, message, "ballot-blank-proof ballot-individual-proof ballot-overall-proof");
  json_decref(message);
}
END_TEST

/* The protocol binds an answer to election and credential, not to its question: one voter's equally
   shaped answers may change places, which is the voter's own other vote. Across shapes and across
   voters it is refused. */
START_TEST(a4_answers_of_other_shape_are_refused)
{
  json_t *message = json_deep_copy(victim);
  json_t *list = json_object_get(message, "answers");
  swap(list, 1, list, 2);
  refused(VICTIM, message, "ballot-shape");
  json_decref(message);
}
END_TEST

START_TEST(a5_one_tracker_cannot_stand_for_two_voters)
{
  /* same choice, same voter: still another tracker; and the tracker covers the credential */
  char seen[20][44];
  for (size_t i = 0; i < 20; i++) {
    nep_findings f = {0};
    nep_ballot *b = NULL;
    size_t voter = i % 2 ? VICTIM : ATTACKER;
    nep_buf text = polling_ballot(p, voter, 1);
    nep_ballot_parse(p->election, nep_buf_bytes(&text), "ballot", &b, &f);
    ck_assert_uint_eq(f.n_faults, 0);
    ck_assert_str_eq(b->credential, p->public_key[voter]);
    memcpy(seen[i], b->tracker, 44);
    for (size_t j = 0; j < i; j++)
      ck_assert_str_ne(seen[i], seen[j]);
    nep_ballot_free(b);
    nep_findings_free(&f);
    nep_buf_free(&text);
  }
  nep_buf other = replaced(nep_buf_bytes(&victims), p->public_key[VICTIM], p->public_key[ATTACKER]);
  nep_findings f = {0};
  nep_ballot *a = NULL, *b = NULL;
  char codes[256];
  nep_ballot_parse(p->election, nep_buf_bytes(&victims), "", &a, &f);
  nep_ballot_parse(p->election, nep_buf_bytes(&other), "", &b, &f);
  ck_assert_str_ne(a->tracker, b->tracker);
  ck_assert(!verify_ballot(p->election, p->list, nep_buf_bytes(&other), codes));
  nep_ballot_free(a);
  nep_ballot_free(b);
  nep_findings_free(&f);
  nep_buf_free(&other);
}
END_TEST

static void bad_element_refused(json_t *holder, const char *key, json_t *message, const char *bad)
{
  json_t *was = json_incref(json_object_get(holder, key));
  char codes[256];
  json_object_set_new(holder, key, json_string(bad));
  nep_buf text = polling_sign(p, VICTIM, message);
  ck_assert_msg(!verify_ballot(p->election, p->list, nep_buf_bytes(&text), codes), "%s = %s", key,
                bad);
  nep_buf_free(&text);
  json_object_set_new(holder, key, was);
}

static void a7_in_every_field(const nep_group *g)
{
  char *bad[BAD_ELEMENTS];
  json_t *message = json_deep_copy(victim);
  bad_elements(g, p->public_key[VICTIM], bad);
  for (size_t i = 0; bad[i]; i++) {
    bad_element_refused(message, "credential", message, bad[i]);
    for (size_t q = 0; q < QUESTIONS; q += 2) {
      json_t *choice = json_array_get(part(message, q, "choices"), 1);
      bad_element_refused(choice, "alpha", message, bad[i]);
      bad_element_refused(choice, "beta", message, bad[i]);
    }
    free(bad[i]);
  }
  /* nothing else was changed on the way */
  char codes[256];
  nep_buf text = polling_sign(p, VICTIM, message);
  ck_assert(verify_ballot(p->election, p->list, nep_buf_bytes(&text), codes));
  nep_buf_free(&text);
  json_decref(message);
}

START_TEST(a7_bad_elements_are_refused_in_every_field)
{
  a7_in_every_field(nep_group_find("Ed25519", 7));
}
END_TEST

START_TEST(a7_bad_elements_are_refused_in_every_field_of_integers)
{
  const nep_group *g = nep_group_find("BELENIOS-2048", 13);
  open_polling(g);
  a7_in_every_field(g);
  teardown();
}
END_TEST

/* The small-order points that no equation notices when challenges are multiples of 8 are refused by
   the membership test, which has its own code. */
static void torsion_refused(const char *field)
{
  json_t *message = json_deep_copy(victim);
  json_t *choice = json_array_get(part(message, 0, "choices"), 0);
  char *bad[BAD_ELEMENTS], codes[256];
  size_t torsion = 0;
  bad_elements(p->election->group, json_string_value(json_object_get(choice, field)), bad);
  for (size_t i = 0; bad[i]; i++) {
    nep_element e;
    if (nep_element_parse(p->election->group, &e, bad[i], strlen(bad[i]), NULL) == NEP_OK &&
        !nep_element_is_one(p->election->group, &e)) {
      json_object_set_new(choice, field, json_string(bad[i]));
      nep_buf text = polling_sign(p, VICTIM, message);
      ck_assert(!verify_ballot(p->election, p->list, nep_buf_bytes(&text), codes));
      ck_assert_ptr_nonnull(strstr(codes, "ballot-membership"));
      nep_buf_free(&text);
      torsion++;
    }
    free(bad[i]);
  }
  ck_assert_uint_eq(torsion, 5);
  json_decref(message);
}

START_TEST(a7_torsion_is_refused_by_membership)
{
  torsion_refused("alpha");
  torsion_refused("beta");
}
END_TEST

/* Exchanges two fields of one object. */
static void swap_fields(json_t *object, const char *a, const char *b)
{
  json_t *x = json_incref(json_object_get(object, a)), *y = json_incref(json_object_get(object, b));
  json_object_set_new(object, a, y);
  json_object_set_new(object, b, x);
}

START_TEST(a9_swapped_parts_are_refused)
{
  json_t *m = json_deep_copy(victim);
  json_t *proofs = part(m, 0, "individual_proofs"), *first = json_array_get(proofs, 0);
  json_t *overall = part(m, 2, "overall_proof"), *blank = part(m, 2, "blank_proof");
  swap_fields(json_array_get(part(m, 0, "choices"), 0), "alpha", "beta");
  refused(VICTIM, m, "ballot-individual-proof ballot-overall-proof");
  swap_fields(json_array_get(part(m, 0, "choices"), 0), "alpha", "beta");
  swap_fields(json_array_get(first, 0), "challenge", "response");
  refused(VICTIM, m, "ballot-individual-proof");
  swap_fields(json_array_get(first, 0), "challenge", "response");
  swap(first, 0, first, 1);
  refused(VICTIM, m, "ballot-individual-proof");
  swap(first, 0, first, 1);
  swap(proofs, 0, proofs, 1);
  refused(VICTIM, m, "ballot-individual-proof");
  swap(proofs, 0, proofs, 1);
  swap(part(m, 0, "overall_proof"), 0, part(m, 0, "overall_proof"), 1);
  refused(VICTIM, m, "ballot-overall-proof");
  swap(part(m, 0, "overall_proof"), 0, part(m, 0, "overall_proof"), 1);
  swap(blank, 0, blank, 1);
  refused(VICTIM, m, "ballot-blank-proof");
  swap(blank, 0, blank, 1);
  swap_fields(answer(m, 2), "overall_proof", "blank_proof");
  refused(VICTIM, m, "ballot-blank-proof ballot-overall-proof");
  swap_fields(answer(m, 2), "overall_proof", "blank_proof");
  swap(overall, 0, part(m, 0, "overall_proof"), 0);
  refused(VICTIM, m, "ballot-overall-proof");
  swap(overall, 0, part(m, 0, "overall_proof"), 0);
  swap_fields(m, "election_uuid", "election_hash");
  refused(VICTIM, m, "ballot-election");
  swap_fields(m, "election_uuid", "election_hash");
  char codes[256];
  nep_buf text = polling_sign(p, VICTIM, m);
  ck_assert_msg(verify_ballot(p->election, p->list, nep_buf_bytes(&text), codes), "%s", codes);
  nep_buf_free(&text);
  json_decref(m);
}
END_TEST

START_TEST(a9_wrong_lengths_are_refused_by_name)
{
  static const struct {
    size_t q;
    const char *list;
    int change; /* +1: last entry twice, -1: last entry cut */
    const char *codes;
  } cases[] = {{0, "choices", 1, "ballot-shape"},
               {0, "choices", -1, "ballot-shape"},
               {0, "individual_proofs", 1, "ballot-shape"},
               {0, "individual_proofs", -1, "ballot-shape"},
               {0, "overall_proof", 1, "ballot-overall-proof"},
               {0, "overall_proof", -1, "ballot-overall-proof"},
               {2, "choices", 1, "ballot-shape"},
               {2, "overall_proof", 1, "ballot-shape"},
               {2, "overall_proof", -1, "ballot-shape"},
               {2, "blank_proof", 1, "ballot-shape"},
               {2, "blank_proof", -1, "ballot-shape"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    json_t *m = json_deep_copy(victim);
    json_t *list = part(m, cases[i].q, cases[i].list);
    size_t last = json_array_size(list) - 1;
    if (cases[i].change > 0)
      json_array_append(list, json_array_get(list, last));
    else
      json_array_remove(list, last);
    refused(VICTIM, m, cases[i].codes);
    json_decref(m);
  }
  json_t *m = json_deep_copy(victim);
  json_array_append(json_object_get(m, "answers"), answer(m, 0));
  refused(VICTIM, m, "ballot-shape");
  json_array_remove(json_object_get(m, "answers"), 0);
  json_array_remove(json_object_get(m, "answers"), 0);
  refused(VICTIM, m, "ballot-shape");
  json_decref(m);
}
END_TEST

/* protocol.md §12 b: a blank proof stands exactly where blank is allowed. */
START_TEST(blank_proof_out_of_place_is_refused)
{
  json_t *m = json_deep_copy(victim);
  json_object_set(answer(m, 0), "blank_proof", part(m, 2, "blank_proof"));
  refused(VICTIM, m, "ballot-shape");
  json_decref(m);
  m = json_deep_copy(victim);
  json_object_del(answer(m, 2), "blank_proof");
  refused(VICTIM, m, "ballot-parse");
  json_decref(m);
}
END_TEST

START_TEST(a9_ballot_of_another_election_is_refused)
{
  polling *other = polling_open(p->election->group, PAIR);
  json_t *m = json_deep_copy(victim);
  char codes[256];
  ck_assert(!verify_ballot(other->election, p->list, nep_buf_bytes(&victims), codes));
  ck_assert_str_eq(codes, "ballot-election");
  json_object_set_new(m, "election_hash", json_string(other->election->phi));
  nep_buf text = polling_sign(p, VICTIM, m);
  ck_assert(!verify_ballot(other->election, p->list, nep_buf_bytes(&text), codes));
  ck_assert_str_eq(codes, "ballot-blank-proof ballot-individual-proof ballot-overall-proof");
  nep_buf_free(&text);
  json_decref(m);
  polling_close(other);
}
END_TEST

START_TEST(a9_ballot_naming_another_uuid_or_hash_is_refused)
{
  static const char *const fields[] = {"election_uuid", "election_hash"};
  for (size_t i = 0; i < 2; i++) {
    json_t *m = json_deep_copy(victim);
    char *other = nep_strdup(json_string_value(json_object_get(m, fields[i])));
    other[0] = other[0] == '1' ? '2' : '1';
    json_object_set_new(m, fields[i], json_string(other));
    refused(VICTIM, m, "ballot-election");
    free(other);
    json_decref(m);
  }
}
END_TEST

START_TEST(a17_ballot_without_the_credential_is_refused)
{
  /* whoever has the list, and not the private credential, can sign with another key only */
  json_t *m = json_deep_copy(attacker);
  char codes[256];
  refused(VICTIM, m, "ballot-signature");
  json_object_set_new(m, "credential", json_string(p->public_key[ATTACKER]));
  nep_buf text = polling_sign(p, ATTACKER, m);
  polling *outsider = polling_open(p->election->group, PAIR);
  ck_assert(!verify_ballot(p->election, outsider->list, nep_buf_bytes(&text), codes));
  ck_assert_str_eq(codes, "ballot-unknown-credential");
  polling_close(outsider);
  nep_buf_free(&text);
  json_decref(m);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/ballot attacks");
  TCase *tc = tcase_create("attacks");
  tcase_set_timeout(tc, 120);
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, the_untouched_message_signed_again_verifies);
  tcase_add_test(tc, a4_copied_ballot_is_refused);
  tcase_add_loop_test(tc, a4_copied_answer_is_refused, 0, QUESTIONS);
  tcase_add_test(tc, a4_copied_choice_is_refused);
  tcase_add_test(tc, a4_permuted_choices_are_refused);
  tcase_add_test(tc, a4_answers_of_other_shape_are_refused);
  tcase_add_test(tc, a5_one_tracker_cannot_stand_for_two_voters);
  tcase_add_test(tc, a7_bad_elements_are_refused_in_every_field);
  tcase_add_test(tc, a7_torsion_is_refused_by_membership);
  tcase_add_test(tc, a9_ballot_naming_another_uuid_or_hash_is_refused);
  tcase_add_test(tc, a9_swapped_parts_are_refused);
  tcase_add_test(tc, a9_wrong_lengths_are_refused_by_name);
  tcase_add_test(tc, blank_proof_out_of_place_is_refused);
  tcase_add_test(tc, a9_ballot_of_another_election_is_refused);
  tcase_add_test(tc, a17_ballot_without_the_credential_is_refused);
  suite_add_tcase(suite, tc);
  TCase *integers = tcase_create("attacks in an integer group");
  tcase_set_timeout(integers, 120);
  tcase_add_test(integers, a7_bad_elements_are_refused_in_every_field_of_integers);
  suite_add_tcase(suite, integers);
  return nep_run_suite(suite);
}
