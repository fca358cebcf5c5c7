/* The two ways of reading a ballot: what the fast one takes, the general one takes with the same
   result; what the general one takes in full, the fast one takes. */
#include "base/random.h"
#include "protocol/ballot_read.h"
#include "tests/unit/protocol/fixture.h"

static size_t changes = 400;

/* The complete reading by steps; false when a step refused. */
static bool read_whole(const nep_election *e, nep_bytes text, bool general, nep_buf *statements,
                       nep_ballot_reading *r, nep_findings *f)
{
  *r = (nep_ballot_reading){
      .election = e, .text = text, .object = "ballot", .findings = f, .general = general};
  bool whole =
      nep_ballot_read_envelope(r) && nep_ballot_read_signature(r) && nep_ballot_read_count(r);
  nep_ballot_reading *const one[1] = {r};
  nep_ballot_elements *elements = nep_ballot_elements_decode(one, whole ? 1 : 0);
  for (size_t q = 0; whole && q < e->n_questions; q++) {
    whole = nep_ballot_read_choices(r, q) && nep_ballot_read_individual(r, q) &&
            nep_ballot_read_overall(r, q);
    nep_buf_add(statements, r->statement.data, r->statement.len);
  }
  nep_ballot_elements_free(elements);
  return whole;
}

static void same_proofs(const nep_proof *a, const nep_proof *b, size_t n)
{
  if (n > 0)
    ck_assert_mem_eq(a, b, n * sizeof *a);
}

static void same_answers(const nep_group *g, const nep_answer *a, const nep_answer *b)
{
  ck_assert_uint_eq(a->n_choices, b->n_choices);
  ck_assert_uint_eq(a->n_individual, b->n_individual);
  ck_assert_uint_eq(a->n_overall, b->n_overall);
  ck_assert_int_eq(a->has_blank, b->has_blank);
  for (size_t i = 0; i < a->n_choices; i++) {
    ck_assert(nep_element_equal(g, &a->choices[i].alpha, &b->choices[i].alpha));
    ck_assert(nep_element_equal(g, &a->choices[i].beta, &b->choices[i].beta));
    same_proofs(a->individual[i], b->individual[i], 2);
  }
  same_proofs(a->overall, b->overall, a->n_overall);
  same_proofs(a->blank, b->blank, a->has_blank ? 2 : 0);
}

static void same_readings(const nep_ballot_reading *a, const nep_ballot_reading *b)
{
  ck_assert_str_eq(a->ballot->credential, b->ballot->credential);
  ck_assert_str_eq(a->ballot->hash, b->ballot->hash);
  ck_assert_str_eq(a->ballot->tracker, b->ballot->tracker);
  ck_assert_ptr_eq(a->message_text.data, b->message_text.data);
  ck_assert_uint_eq(a->message_text.len, b->message_text.len);
  same_proofs(&a->signature, &b->signature, 1);
  ck_assert_uint_eq(a->ballot->n_answers, b->ballot->n_answers);
  for (size_t q = 0; q < a->ballot->n_answers; q++)
    same_answers(a->election->group, &a->ballot->answers[q], &b->ballot->answers[q]);
}

static void same_findings(const nep_findings *a, const nep_findings *b)
{
  ck_assert_uint_eq(a->n_faults, b->n_faults);
  for (size_t i = 0; i < a->n_faults; i++) {
    ck_assert_str_eq(a->faults[i].code, b->faults[i].code);
    ck_assert_str_eq(a->faults[i].object, b->faults[i].object);
    ck_assert_str_eq(a->faults[i].reason, b->faults[i].reason);
  }
  ck_assert_uint_eq(a->n_checks, b->n_checks);
  for (size_t i = 0; i < a->n_checks; i++) {
    ck_assert_str_eq(a->checks[i].name, b->checks[i].name);
    ck_assert_uint_eq(a->checks[i].run, b->checks[i].run);
  }
}

/* Returns whether the text was taken in full. */
static bool compare(const nep_election *e, nep_bytes text)
{
  nep_ballot_reading fast, slow;
  nep_findings f = {0}, g = {0};
  nep_buf said = {0}, said_slowly = {0};
  bool whole = read_whole(e, text, false, &said, &fast, &f);
  ck_assert_int_eq(read_whole(e, text, true, &said_slowly, &slow, &g), whole);
  ck_assert(!slow.scanned);
  ck_assert(!whole || fast.scanned);
  same_findings(&f, &g);
  if (whole) {
    same_readings(&fast, &slow);
    ck_assert_uint_eq(said.len, said_slowly.len);
    ck_assert_mem_eq(said.data, said_slowly.data, said.len);
  }
  nep_ballot *a = nep_ballot_read_end(&fast, whole), *b = nep_ballot_read_end(&slow, whole);
  ck_assert_int_eq(a == NULL, b == NULL);
  if (a)
    for (size_t q = 0; q < a->n_answers; q++)
      ck_assert_uint_eq(a->answers[q].n_choices, b->answers[q].n_choices);
  nep_ballot_free(a);
  nep_ballot_free(b);
  nep_buf_free(&said);
  nep_buf_free(&said_slowly);
  nep_findings_free(&f);
  nep_findings_free(&g);
  return whole;
}

START_TEST(ballots_of_others_are_read_alike)
{
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", fixture_names[_i]);
  fixture *x = fixture_open(path);
  ck_assert_uint_gt(x->n_ballots, 0);
  for (size_t i = 0; i < x->n_ballots; i++)
    ck_assert(compare(x->election, x->ballots[i]));
  fixture_close(x);
}
END_TEST

/* One small change somewhere: a byte set, taken out or put in, a piece cut off or said twice. */
static void change(nep_buf *text)
{
  static const char bytes[] = "0123456789abcdef\"\\,:{}[] \n\x01\x7f\xc3\xa9";
  size_t at = nep_random_below((uint32_t)text->len);
  char c = bytes[nep_random_below(sizeof bytes - 1)];
  size_t n = 1 + nep_random_below(3);
  switch (nep_random_below(5)) {
  case 0:
    text->data[at] = c;
    break;
  case 1:
    n = at + n <= text->len ? n : text->len - at;
    memmove(text->data + at, text->data + at + n, text->len - at - n);
    text->len -= n;
    break;
  case 2:
    text->len = at;
    break;
  case 3:
    nep_buf_add(text, &c, 1);
    break;
  default:
    nep_buf_char(text, ' ');
    memmove(text->data + at + 1, text->data + at, text->len - 1 - at);
    text->data[at] = c;
  }
}

START_TEST(changed_ballots_are_read_alike)
{
  static const char *const names[] = {"Ed25519-single", "Ed25519-blank", "BELENIOS-2048-blank"};
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", names[_i]);
  fixture *x = fixture_open(path);
  size_t taken = 0;
  for (size_t i = 0; i < changes; i++) {
    nep_buf text = copied(x->ballots[i % x->n_ballots]);
    change(&text);
    taken += compare(x->election, nep_buf_bytes(&text));
    nep_buf_free(&text);
  }
  ck_assert_uint_lt(taken, changes); /* a changed digit of a proof is read; most changes are not */
  fixture_close(x);
}
END_TEST

START_TEST(a_ballot_of_another_election_is_refused_alike)
{
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  fixture *y = fixture_open("positive/Ed25519-blank/election.bel");
  ck_assert(!compare(x->election, y->ballots[0]));
  ck_assert(!compare(y->election, x->ballots[0]));
  ck_assert(!compare(x->election, nep_str_bytes("")));
  fixture_close(x);
  fixture_close(y);
}
END_TEST

int main(void)
{
  const char *long_run = getenv("NEP_TEST_LONG");
  if (long_run && long_run[0])
    changes = 100000;
  Suite *suite = suite_create("protocol/ballot scan");
  TCase *tc = tcase_create("ballot scan");
  tcase_set_timeout(tc, 600);
  tcase_add_loop_test(tc, ballots_of_others_are_read_alike, 0, FIXTURES);
  tcase_add_loop_test(tc, changed_ballots_are_read_alike, 0, 3);
  tcase_add_test(tc, a_ballot_of_another_election_is_refused_alike);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
