/* Ballots as voters' devices write them: canonical text of the shape that the election calls for.
   Such a text is read from its start without a tree of JSON values, which would take a third of the
   time of verifying it. Whatever else stands there is left to the general reading, which names the
   fault; a text that this reading takes gives the same ballot there. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/ballot_read.h"
#include "protocol/scan.h"

static bool scan_proofs(const nep_group *g, nep_bytes *at, nep_proof *out, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!nep_scan_skip(at, i ? "," : "[") || !nep_scan_proof(g, at, &out[i]))
      return false;
  return nep_scan_skip(at, "]");
}

/* The texts of alpha and beta; what they stand for is decoded later. */
static bool scan_choices(nep_ballot_reading *r, nep_bytes *at, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    nep_bytes *text = r->scanned + r->n_scanned;
    if (!nep_scan_skip(at, i ? ",{\"alpha\":\"" : "[{\"alpha\":\"") ||
        !nep_scan_plain(at, NEP_ELEMENT_TEXT_MAX, &text[0]) || !nep_scan_skip(at, ",\"beta\":\"") ||
        !nep_scan_plain(at, NEP_ELEMENT_TEXT_MAX, &text[1]) || !nep_scan_skip(at, "}"))
      return false;
    r->n_scanned += 2;
  }
  return nep_scan_skip(at, "]");
}

static bool scan_individual(const nep_group *g, nep_bytes *at, nep_answer *a, size_t n)
{
  a->individual = nep_alloc(n, sizeof *a->individual);
  for (; a->n_individual < n; a->n_individual++)
    if (!nep_scan_skip(at, a->n_individual ? "," : "[") ||
        !scan_proofs(g, at, a->individual[a->n_individual], 2))
      return false;
  return nep_scan_skip(at, "]");
}

static bool scan_answer(nep_ballot_reading *r, nep_bytes *at, size_t q)
{
  const nep_group *g = r->election->group;
  const nep_question *question = &r->election->questions[q];
  nep_answer *a = &r->ballot->answers[q];
  size_t n = nep_question_choices(question);
  a->has_blank = question->blank;
  a->n_overall = question->max - question->min + (question->blank ? 2 : 1);
  a->overall = nep_alloc(a->n_overall, sizeof *a->overall);
  return nep_scan_skip(at, q ? ",{\"choices\":" : "{\"choices\":") && scan_choices(r, at, n) &&
         nep_scan_skip(at, ",\"individual_proofs\":") && scan_individual(g, at, a, n) &&
         nep_scan_skip(at, ",\"overall_proof\":") && scan_proofs(g, at, a->overall, a->n_overall) &&
         (!question->blank ||
          (nep_scan_skip(at, ",\"blank_proof\":") && scan_proofs(g, at, a->blank, 2))) &&
         nep_scan_skip(at, "}");
}

static bool scan_message(nep_ballot_reading *r, nep_bytes *at)
{
  const nep_election *e = r->election;
  nep_bytes credential;
  if (!nep_scan_skip(at, "{\"election_uuid\":\"") || !nep_scan_skip(at, e->uuid) ||
      !nep_scan_skip(at, "\",\"election_hash\":\"") || !nep_scan_skip(at, e->phi) ||
      !nep_scan_skip(at, "\",\"credential\":\"") ||
      !nep_scan_plain(at, NEP_ELEMENT_TEXT_MAX, &credential) ||
      !nep_scan_skip(at, ",\"answers\":["))
    return false;
  r->ballot->credential = nep_strndup(credential.data, credential.len);
  for (size_t q = 0; q < e->n_questions; q++)
    if (!scan_answer(r, at, q))
      return false;
  return nep_scan_skip(at, "]}");
}

static bool scan_whole(nep_ballot_reading *r)
{
  nep_bytes at = r->text;
  if (!nep_scan_skip(&at, "{\"message\":"))
    return false;
  r->message_text.data = at.data;
  if (!scan_message(r, &at))
    return false;
  r->message_text.len = (size_t)(at.data - r->message_text.data);
  return nep_scan_skip(&at, ",\"signature\":") &&
         nep_scan_proof(r->election->group, &at, &r->signature) && nep_scan_skip(&at, "}") &&
         at.len == 0;
}

void nep_ballot_scan_end(nep_ballot_reading *r)
{
  free(r->scanned);
  r->scanned = NULL;
  r->n_scanned = 0;
}

bool nep_ballot_scan(nep_ballot_reading *r)
{
  const nep_election *e = r->election;
  size_t choices = 0;
  for (size_t q = 0; q < e->n_questions; q++)
    choices += nep_question_choices(&e->questions[q]);
  r->ballot = nep_ballot_new(r->text, NULL);
  r->ballot->answers = nep_alloc(e->n_questions, sizeof *r->ballot->answers);
  r->ballot->n_answers = e->n_questions;
  r->scanned = nep_alloc(2 * choices + 1, sizeof *r->scanned);
  if (scan_whole(r))
    return true;
  nep_ballot_scan_end(r);
  nep_ballot_free(r->ballot);
  r->ballot = NULL;
  r->message_text = (nep_bytes){NULL, 0};
  return false;
}
