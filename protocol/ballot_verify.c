/* Everything about one ballot that needs no other ballot: protocol.md §9 and Appendix item 3. */
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "crypto/tags.h"
#include "protocol/ballot_read.h"

static const size_t WHOLE_QUESTION = SIZE_MAX;

/* "ballot 3, question 1, choice 2": built only when there is something to report. */
static char *object_of(const nep_ballot_reading *r, size_t q, size_t choice)
{
  if (choice == WHOLE_QUESTION)
    return nep_sprintf("%s, question %zu", r->object, q + 1);
  return nep_sprintf("%s, question %zu, choice %zu", r->object, q + 1, choice + 1);
}

static void expect(nep_ballot_reading *r, const char *check, bool held, const char *code, size_t q,
                   size_t choice, const char *reason)
{
  nep_checked(r->findings, check, 1);
  if (held)
    return;
  char *object = object_of(r, q, choice);
  nep_fault(r->findings, code, object, "%s", reason);
  free(object);
}

static bool find_credential(nep_ballot_reading *r, const nep_credentials *c, size_t *place)
{
  const json_t *text = json_object_get(r->message, "credential");
  bool found = nep_credentials_find(c, json_string_value(text), json_string_length(text), place);
  return nep_check(r->findings, "ballot credentials", found, "ballot-unknown-credential", r->object,
                   "the credential is not in the list");
}

static bool check_signature(nep_ballot_reading *r, const nep_credentials *c, size_t place)
{
  nep_element credential;
  if (!nep_credentials_element(c, place, &credential)) {
    nep_fault(r->findings, "ballot-parse", r->object, "message.credential: not an element");
    return false;
  }
  bool held = nep_signature_verify_var(r->election->group, NEP_TAG_BALLOT, &credential,
                                       r->message_text, &r->signature);
  nep_check(r->findings, "ballot signatures", held, "ballot-signature", r->object,
            "the signature is not by the ballot's credential over this ballot");
  return true;
}

static void warn_identity(nep_ballot_reading *r, size_t q, size_t choice, const char *which)
{
  char *object = object_of(r, q, choice);
  nep_warning(r->findings, "ballot-identity-element", object,
              "%s is the identity: valid, but the choice is readable", which);
  free(object);
}

/* protocol.md §9, §12 g: each element in the group; the identity is valid, with a warning. */
static void check_members(nep_ballot_reading *r, size_t q)
{
  const nep_group *g = r->election->group;
  const nep_answer *a = &r->ballot->answers[q];
  for (size_t i = 0; i < a->n_choices; i++) {
    const nep_ciphertext *c = &a->choices[i];
    expect(r, "ballot group memberships", nep_element_is_member_var(g, &c->alpha),
           "ballot-membership", q, i, "alpha is not in the subgroup of prime order");
    expect(r, "ballot group memberships", nep_element_is_member_var(g, &c->beta),
           "ballot-membership", q, i, "beta is not in the subgroup of prime order");
    if (nep_element_is_one(g, &c->alpha))
      warn_identity(r, q, i, "alpha");
    if (nep_element_is_one(g, &c->beta))
      warn_identity(r, q, i, "beta");
  }
}

static void check_individual(nep_ballot_reading *r, size_t q)
{
  const nep_answer *a = &r->ballot->answers[q];
  nep_bytes z = {r->statement.data, r->z_len};
  for (size_t i = 0; i < a->n_choices; i++)
    expect(r, "ballot individual proofs",
           nep_interval_verify_var(r->election->key, NEP_TAG_PROVE, z, &a->choices[i], 0, 1,
                                   a->individual[i]),
           "ballot-individual-proof", q, i, "the proof that the choice is 0 or 1 does not hold");
}

/* Product of the choices from `first` on. */
static nep_ciphertext product(const nep_group *g, const nep_answer *a, size_t first)
{
  nep_ciphertext p;
  nep_ciphertext_one(g, &p);
  for (size_t i = first; i < a->n_choices; i++)
    nep_ciphertext_mul(g, &p, &p, &a->choices[i]);
  return p;
}

static void check_overall(nep_ballot_reading *r, size_t q)
{
  const nep_question *question = &r->election->questions[q];
  const nep_answer *a = &r->ballot->answers[q];
  const nep_key *key = r->election->key;
  nep_bytes s2 = nep_buf_bytes(&r->statement);
  nep_ciphertext sum = product(r->election->group, a, question->blank ? 1 : 0);
  bool held;
  if (question->blank) {
    held = nep_blank_verify_var(key, s2, &a->choices[0], &sum, a->blank);
    expect(r, "ballot blank proofs", held, "ballot-blank-proof", q, WHOLE_QUESTION,
           "the proof that a blank vote has no other choice does not hold");
    held = nep_blank_overall_verify_var(key, s2, &a->choices[0], &sum, question->min, question->max,
                                        a->overall);
  } else {
    held = nep_interval_verify_var(key, NEP_TAG_PROVE, s2, &sum, question->min, question->max,
                                   a->overall);
  }
  expect(r, "ballot overall proofs", held, "ballot-overall-proof", q, WHOLE_QUESTION,
         "the proof that the number of choices is allowed does not hold");
}

static bool verify_answer(nep_ballot_reading *r, size_t q)
{
  if (!nep_ballot_read_choices(r, q))
    return false;
  check_members(r, q);
  if (!nep_ballot_read_individual(r, q))
    return false;
  check_individual(r, q);
  if (!nep_ballot_read_overall(r, q))
    return false;
  check_overall(r, q);
  return true;
}

bool nep_ballot_verify(const nep_election *e, const nep_credentials *c, nep_bytes text,
                       const char *object, nep_ballot **out, size_t *place, nep_findings *f)
{
  nep_ballot_reading r = {.election = e, .text = text, .object = object, .findings = f};
  size_t before = f->n_faults;
  *place = SIZE_MAX;
  bool whole = nep_ballot_read_envelope(&r) && find_credential(&r, c, place) &&
               nep_ballot_read_signature(&r) && check_signature(&r, c, *place) &&
               nep_ballot_read_count(&r);
  for (size_t q = 0; whole && q < e->n_questions; q++)
    whole = verify_answer(&r, q);
  *out = nep_ballot_read_end(&r, whole);
  return whole && f->n_faults == before;
}
