/* Everything about ballots that needs no other ballot: protocol.md §9 and Appendix item 3.

   Several ballots go through the same steps together: read down to the answers, decode all points,
   read the answers and note what is to be proved, run all of it as one batch. Then each ballot's
   findings are put together in the order in which they stand in the ballot: what its proofs gave,
   then the fault that ended its reading, if any did. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/batch.h"
#include "crypto/tags.h"
#include "protocol/ballot_read.h"

static const size_t WHOLE_BALLOT = SIZE_MAX, WHOLE_QUESTION = SIZE_MAX, NONE = SIZE_MAX;

/* A check that the batch decides. Texts are static. */
typedef struct check {
  const char *name, *code, *reason;
  size_t q, choice;
  bool (*holds)(const nep_batch *b, size_t number);
  size_t number; /* of the proof or ciphertext in the batch */
} check;

typedef struct verification {
  nep_ballot_check *check;
  nep_ballot_reading reading;
  nep_findings found; /* while reading: what was counted, warnings, the fault that ended it */
  size_t place;
  check *checks;
  size_t n_checks, room;
  nep_element credential;
  bool has_credential;
  size_t beside;        /* number in the batch of the signature beside the ballot, or NONE */
  nep_ciphertext *sums; /* of each question */
  size_t *number;       /* in the batch, of each choice of the question read last */
  bool open;            /* reading goes on */
} verification;

/* "ballot 3, question 1, choice 2": built only when there is something to report. */
static char *object_of(const nep_ballot_reading *r, size_t q, size_t choice)
{
  if (q == WHOLE_BALLOT)
    return nep_strdup(r->object);
  if (choice == WHOLE_QUESTION)
    return nep_sprintf("%s, question %zu", r->object, q + 1);
  return nep_sprintf("%s, question %zu, choice %zu", r->object, q + 1, choice + 1);
}

static void expect(verification *v, check c)
{
  if (v->n_checks == v->room) {
    v->room = v->room ? 2 * v->room : 32;
    v->checks = nep_realloc(v->checks, v->room, sizeof *v->checks);
  }
  v->checks[v->n_checks++] = c;
}

/* ---- noting what is to be proved ---- */

static bool find_credential(verification *v)
{
  const nep_credentials *c = v->check->credentials;
  const char *text = v->reading.ballot->credential;
  bool found = nep_credentials_find(c, text, strlen(text), &v->place);
  return nep_check(&v->found, "ballot credentials", found, "ballot-unknown-credential",
                   v->reading.object, "the credential is not in the list");
}

static bool expect_signature(verification *v, nep_batch *b)
{
  const nep_ballot_reading *r = &v->reading;
  if (!v->has_credential) {
    nep_fault(&v->found, "ballot-parse", r->object, "message.credential: not an element");
    return false;
  }
  size_t number =
      nep_batch_signature(b, NEP_TAG_BALLOT, &v->credential, r->message_text, &r->signature);
  expect(v, (check){.name = "ballot signatures",
                    .code = "ballot-signature",
                    .reason = "the signature is not by the ballot's credential over this ballot",
                    .q = WHOLE_BALLOT,
                    .holds = nep_batch_holds,
                    .number = number});
  const nep_signed_beside *beside = &v->check->beside;
  if (beside->tag)
    v->beside = nep_batch_signature_again(b, number, beside->tag, beside->text, &beside->signature);
  return true;
}

static void warn_identity(verification *v, size_t q, size_t choice, const char *which)
{
  char *object = object_of(&v->reading, q, choice);
  nep_warning(&v->found, "ballot-identity-element", object,
              "%s is the identity: valid, but the choice is readable", which);
  free(object);
}

/* protocol.md §9, §12 g: each element in the group; the identity is valid, with a warning. */
static void expect_members(verification *v, size_t q, nep_batch *b)
{
  const nep_group *g = v->reading.election->group;
  const nep_answer *a = &v->reading.ballot->answers[q];
  check c = {.name = "ballot group memberships", .code = "ballot-membership", .q = q};
  v->number = nep_realloc(v->number, a->n_choices + 1, sizeof *v->number);
  for (size_t i = 0; i < a->n_choices; i++) {
    c.choice = i;
    c.number = v->number[i] = nep_batch_ciphertext(b, &a->choices[i], true);
    c.holds = nep_batch_alpha_is_member;
    c.reason = "alpha is not in the subgroup of prime order";
    expect(v, c);
    c.holds = nep_batch_beta_is_member;
    c.reason = "beta is not in the subgroup of prime order";
    expect(v, c);
    if (nep_element_is_one(g, &a->choices[i].alpha))
      warn_identity(v, q, i, "alpha");
    if (nep_element_is_one(g, &a->choices[i].beta))
      warn_identity(v, q, i, "beta");
  }
}

static void expect_individual(verification *v, size_t q, nep_batch *b)
{
  const nep_ballot_reading *r = &v->reading;
  const nep_answer *a = &r->ballot->answers[q];
  nep_bytes z = {r->statement.data, r->z_len};
  for (size_t i = 0; i < a->n_choices; i++)
    expect(v, (check){.name = "ballot individual proofs",
                      .code = "ballot-individual-proof",
                      .reason = "the proof that the choice is 0 or 1 does not hold",
                      .q = q,
                      .choice = i,
                      .holds = nep_batch_holds,
                      .number = nep_batch_interval(b, NEP_TAG_PROVE, z, v->number[i], 0, 1,
                                                   a->individual[i])});
}

/* Product of the choices, the blank one left out. */
static size_t add_sum(verification *v, size_t q, nep_batch *b)
{
  const nep_election *e = v->reading.election;
  const nep_answer *a = &v->reading.ballot->answers[q];
  nep_ciphertext *sum = &v->sums[q];
  nep_ciphertext_one(e->group, sum);
  for (size_t i = e->questions[q].blank ? 1 : 0; i < a->n_choices; i++)
    nep_ciphertext_mul(e->group, sum, sum, &a->choices[i]);
  return nep_batch_ciphertext(b, sum, false);
}

static void expect_overall(verification *v, size_t q, nep_batch *b)
{
  const nep_question *question = &v->reading.election->questions[q];
  const nep_answer *a = &v->reading.ballot->answers[q];
  nep_bytes s2 = nep_buf_bytes(&v->reading.statement);
  size_t sum = add_sum(v, q, b);
  check c = {.q = q, .choice = WHOLE_QUESTION, .holds = nep_batch_holds};
  if (question->blank) {
    c.name = "ballot blank proofs";
    c.code = "ballot-blank-proof";
    c.reason = "the proof that a blank vote has no other choice does not hold";
    c.number = nep_batch_blank(b, s2, v->number[0], sum, a->blank);
    expect(v, c);
    c.number =
        nep_batch_blank_overall(b, s2, v->number[0], sum, question->min, question->max, a->overall);
  } else {
    c.number =
        nep_batch_interval(b, NEP_TAG_PROVE, s2, sum, question->min, question->max, a->overall);
  }
  c.name = "ballot overall proofs";
  c.code = "ballot-overall-proof";
  c.reason = "the proof that the number of choices is allowed does not hold";
  expect(v, c);
}

static bool expect_answer(verification *v, size_t q, nep_batch *b)
{
  nep_ballot_reading *r = &v->reading;
  if (!nep_ballot_read_choices(r, q))
    return false;
  expect_members(v, q, b);
  if (!nep_ballot_read_individual(r, q))
    return false;
  expect_individual(v, q, b);
  if (!nep_ballot_read_overall(r, q))
    return false;
  expect_overall(v, q, b);
  return true;
}

/* ---- one ballot's verdict ---- */

static void decide(const verification *v, const check *c, const nep_batch *b, nep_findings *f)
{
  nep_checked(f, c->name, 1);
  if (c->holds(b, c->number))
    return;
  char *object = object_of(&v->reading, c->q, c->choice);
  nep_fault(f, c->code, object, "%s", c->reason);
  free(object);
}

/* What the batch gave comes before the fault that ended the reading. */
static void finish(verification *v, const nep_batch *b)
{
  nep_ballot_check *out = v->check;
  nep_findings *f = out->findings;
  nep_findings last = {.faults = v->found.faults, .n_faults = v->found.n_faults};
  size_t before = f->n_faults;
  v->found.faults = NULL;
  v->found.n_faults = 0;
  nep_findings_merge(f, &v->found);
  for (size_t i = 0; i < v->n_checks; i++)
    decide(v, &v->checks[i], b, f);
  nep_findings_merge(f, &last);
  out->place = v->place;
  out->beside.holds = v->beside != NONE && nep_batch_holds(b, v->beside);
  out->ballot = nep_ballot_read_end(&v->reading, v->open);
  out->sound = v->open && f->n_faults == before;
  free(v->number);
  free(v->sums);
  free(v->checks);
}

/* ---- all of them together ---- */

static void start(verification *v, nep_ballot_check *asked)
{
  nep_ballot_reading *r = &v->reading;
  v->check = asked;
  *r = (nep_ballot_reading){.election = asked->election,
                            .text = asked->text,
                            .object = asked->object,
                            .findings = &v->found};
  v->place = SIZE_MAX;
  v->beside = NONE;
  v->sums = nep_alloc(asked->election->n_questions + 1, sizeof *v->sums);
  v->open = nep_ballot_read_envelope(r) && find_credential(v);
}

static void decode_credentials(const nep_group *g, verification *v, size_t n)
{
  nep_bytes *text = nep_alloc(n, sizeof *text);
  nep_element *element = nep_alloc(n, sizeof *element);
  const char **refusal = nep_alloc(n, sizeof(const char *));
  size_t *of = nep_alloc(n, sizeof *of), n_open = 0;
  for (size_t i = 0; i < n; i++)
    if (v[i].open) {
      of[n_open] = i;
      text[n_open++] = nep_credentials_text(v[i].check->credentials, v[i].place);
    }
  nep_element_parse_many_var(g, element, text, n_open, refusal);
  for (size_t k = 0; k < n_open; k++) {
    v[of[k]].credential = element[k];
    v[of[k]].has_credential = refusal[k] == NULL;
  }
  free(of);
  free(refusal);
  free(element);
  free(text);
}

static void read_on(verification *v, nep_batch *b)
{
  nep_ballot_reading *r = &v->reading;
  v->open =
      v->open && nep_ballot_read_signature(r) && expect_signature(v, b) && nep_ballot_read_count(r);
}

static nep_ballot_elements *decode(verification *v, size_t n)
{
  nep_ballot_reading **open = nep_alloc(n, sizeof(nep_ballot_reading *));
  size_t n_open = 0;
  for (size_t i = 0; i < n; i++)
    if (v[i].open)
      open[n_open++] = &v[i].reading;
  nep_ballot_elements *elements = nep_ballot_elements_decode(open, n_open);
  free(open);
  return elements;
}

static void read_answers(verification *v, nep_batch *b)
{
  const nep_election *e = v->reading.election;
  nep_batch_use(b, e->key);
  for (size_t q = 0; v->open && q < e->n_questions; q++)
    v->open = expect_answer(v, q, b);
}

void nep_ballots_verify(nep_ballot_check *ballots, size_t n)
{
  if (n == 0)
    return;
  const nep_election *first = ballots[0].election;
  verification *v = nep_alloc(n, sizeof *v);
  nep_batch *b = nep_batch_new(first->key);
  for (size_t i = 0; i < n; i++)
    start(&v[i], &ballots[i]);
  decode_credentials(first->group, v, n);
  for (size_t i = 0; i < n; i++)
    read_on(&v[i], b);
  nep_ballot_elements *elements = decode(v, n);
  for (size_t i = 0; i < n; i++)
    read_answers(&v[i], b);
  nep_batch_run_var(b);
  for (size_t i = 0; i < n; i++)
    finish(&v[i], b);
  nep_ballot_elements_free(elements);
  nep_batch_free(b);
  free(v);
}

bool nep_ballot_verify(const nep_election *e, const nep_credentials *c, nep_bytes text,
                       const char *object, nep_ballot **out, size_t *place, nep_findings *f)
{
  nep_ballot_check one = {
      .election = e, .credentials = c, .text = text, .object = object, .findings = f};
  nep_ballots_verify(&one, 1);
  *out = one.ballot;
  *place = one.place;
  return one.sound;
}
