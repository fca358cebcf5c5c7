/* How long a ballot and its cast statement can be (A16): the length of casting requests is fixed by
 * the election alone. */
#include <string.h>

#include "protocol/ballot.h"

enum { ENVELOPE_STEP = 512 };

static size_t proofs(const nep_group *g, size_t n)
{
  size_t one = strlen("{\"challenge\":\"\",\"response\":\"\"}") + 2 * nep_scalar_text_longest(g);
  return strlen("[]") + n * one + (n - 1);
}

static size_t answer(const nep_group *g, const nep_question *q)
{
  size_t n = nep_question_choices(q);
  size_t one = strlen("{\"alpha\":\"\",\"beta\":\"\"}") + 2 * nep_element_text_longest(g);
  size_t len = strlen("{\"choices\":[],\"individual_proofs\":[],\"overall_proof\":}");
  len += n * one + (n - 1) + n * proofs(g, 2) + (n - 1);
  len += proofs(g, q->max - q->min + (q->blank ? 2 : 1));
  return q->blank ? len + strlen(",\"blank_proof\":") + proofs(g, 2) : len;
}

size_t nep_ballot_longest(const nep_election *e)
{
  size_t len =
      strlen("{\"message\":{\"election_uuid\":\"\",\"election_hash\":\"\",\"credential\":\"\","
             "\"answers\":[]},\"signature\":{\"challenge\":\"\",\"response\":\"\"}}");
  len += strlen(e->uuid) + strlen(e->phi) + nep_element_text_longest(e->group);
  for (size_t q = 0; q < e->n_questions; q++)
    len += answer(e->group, &e->questions[q]) + (q ? 1 : 0);
  return len + 2 * nep_scalar_text_longest(e->group);
}

size_t nep_cast_statement_longest(const nep_election *e)
{
  size_t len = strlen(
      "{\"message\":{\"uuid\":\"\",\"election_hash\":\"\",\"ballot\":\"\",\"sequence\":999999999,"
      "\"previous\":\"\"},\"signature\":{\"challenge\":\"\",\"response\":\"\"}}");
  return len + strlen(e->uuid) + 3 * strlen(e->phi) + 2 * nep_scalar_text_longest(e->group);
}

size_t nep_ballot_envelope(const nep_election *e)
{
  size_t len = strlen("{\"ballot\":,\"statement\":}") + nep_ballot_longest(e) +
               nep_cast_statement_longest(e);
  return (len + ENVELOPE_STEP - 1) / ENVELOPE_STEP * ENVELOPE_STEP;
}
