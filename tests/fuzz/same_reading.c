#include "tests/fuzz/same_reading.h"

#include <string.h>

#include "protocol/ballot_read.h"

/* A reading and what came of it. */
typedef struct reading {
  nep_ballot_reading r;
  nep_findings findings;
  nep_buf statements;
  bool whole;
} reading;

/* The complete reading by steps; stops when a step refuses. */
static void read_all(const nep_election *e, nep_bytes text, bool general, reading *out)
{
  *out = (reading){.whole = false};
  nep_ballot_reading *r = &out->r;
  *r = (nep_ballot_reading){.election = e,
                            .text = text,
                            .object = "ballot",
                            .findings = &out->findings,
                            .general = general};
  out->whole =
      nep_ballot_read_envelope(r) && nep_ballot_read_signature(r) && nep_ballot_read_count(r);
  nep_ballot_reading *const one[1] = {r};
  nep_ballot_elements *elements = nep_ballot_elements_decode(one, out->whole ? 1 : 0);
  for (size_t q = 0; out->whole && q < e->n_questions; q++) {
    out->whole = nep_ballot_read_choices(r, q) && nep_ballot_read_individual(r, q) &&
                 nep_ballot_read_overall(r, q);
    nep_buf_add(&out->statements, r->statement.data, r->statement.len);
  }
  nep_ballot_elements_free(elements);
}

static bool same_proofs(const nep_proof *a, const nep_proof *b, size_t n)
{
  return n == 0 || memcmp(a, b, n * sizeof *a) == 0;
}

static bool same_answer(const nep_group *g, const nep_answer *a, const nep_answer *b)
{
  bool same = a->n_choices == b->n_choices && a->n_individual == b->n_individual &&
              a->n_overall == b->n_overall && a->has_blank == b->has_blank;
  for (size_t i = 0; same && i < a->n_choices; i++)
    same = nep_element_equal(g, &a->choices[i].alpha, &b->choices[i].alpha) &&
           nep_element_equal(g, &a->choices[i].beta, &b->choices[i].beta) &&
           same_proofs(a->individual[i], b->individual[i], 2);
  return same && same_proofs(a->overall, b->overall, a->n_overall) &&
         same_proofs(a->blank, b->blank, a->has_blank ? 2 : 0);
}

static const char *same_ballots(const nep_ballot_reading *a, const nep_ballot_reading *b)
{
  if (strcmp(a->ballot->credential, b->ballot->credential) != 0)
    return "credential";
  if (strcmp(a->ballot->hash, b->ballot->hash) != 0 ||
      strcmp(a->ballot->tracker, b->ballot->tracker) != 0)
    return "hash or tracker";
  if (a->message_text.data != b->message_text.data || a->message_text.len != b->message_text.len)
    return "signed text";
  if (!same_proofs(&a->signature, &b->signature, 1))
    return "signature";
  if (a->ballot->n_answers != b->ballot->n_answers)
    return "number of answers";
  for (size_t q = 0; q < a->ballot->n_answers; q++)
    if (!same_answer(a->election->group, &a->ballot->answers[q], &b->ballot->answers[q]))
      return "an answer";
  return NULL;
}

static const char *same_findings(const nep_findings *a, const nep_findings *b)
{
  if (a->n_faults != b->n_faults || a->n_checks != b->n_checks)
    return "number of faults or checks";
  for (size_t i = 0; i < a->n_faults; i++)
    if (strcmp(a->faults[i].code, b->faults[i].code) != 0 ||
        strcmp(a->faults[i].object, b->faults[i].object) != 0 ||
        strcmp(a->faults[i].reason, b->faults[i].reason) != 0)
      return "a fault";
  for (size_t i = 0; i < a->n_checks; i++)
    if (strcmp(a->checks[i].name, b->checks[i].name) != 0 || a->checks[i].run != b->checks[i].run)
      return "a check";
  return NULL;
}

/* What the fast reading takes for a credential. No list has another one, but that is seen after the
   reading, so such a text is left to the general one, and taken. */
static bool is_plain(const char *credential)
{
  size_t len = 0;
  for (; credential[len] != 0; len++)
    if (credential[len] < 0x20 || credential[len] > 0x7E || strchr("\"\\", credential[len]))
      return false;
  return len <= NEP_ELEMENT_TEXT_MAX;
}

static const char *difference_of(const reading *fast, const reading *slow)
{
  if (fast->whole != slow->whole)
    return "one takes the text in full, the other does not";
  if (slow->r.scanned)
    return "the general reading was not general";
  if (fast->whole && !fast->r.scanned && is_plain(slow->r.ballot->credential))
    return "the fast reading left a good text to the general one";
  const char *difference = same_findings(&fast->findings, &slow->findings);
  if (!difference && fast->whole)
    difference = same_ballots(&fast->r, &slow->r);
  if (!difference && fast->whole &&
      (fast->statements.len != slow->statements.len ||
       memcmp(fast->statements.data, slow->statements.data, fast->statements.len) != 0))
    difference = "statements of the proofs";
  return difference;
}

/* What can still be used of a ballot that was not taken. */
static const char *same_remains(reading *fast, reading *slow)
{
  const char *difference = NULL;
  nep_ballot *a = nep_ballot_read_end(&fast->r, fast->whole);
  nep_ballot *b = nep_ballot_read_end(&slow->r, slow->whole);
  if ((a == NULL) != (b == NULL) || (a && a->n_answers != b->n_answers))
    difference = "what remains of the ballot";
  for (size_t q = 0; a && !difference && q < a->n_answers; q++)
    if (a->answers[q].n_choices != b->answers[q].n_choices)
      difference = "the choices that remain";
  nep_ballot_free(a);
  nep_ballot_free(b);
  return difference;
}

static void reading_free(reading *r)
{
  nep_buf_free(&r->statements);
  nep_findings_free(&r->findings);
}

const char *same_reading(const nep_election *e, nep_bytes text, bool *whole)
{
  reading fast, slow;
  read_all(e, text, false, &fast);
  read_all(e, text, true, &slow);
  *whole = fast.whole;
  const char *difference = difference_of(&fast, &slow);
  const char *later = same_remains(&fast, &slow);
  reading_free(&fast);
  reading_free(&slow);
  return difference ? difference : later;
}
