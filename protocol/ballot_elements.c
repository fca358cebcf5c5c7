/* Decoding the ciphertexts of several ballots in one go, before the strict reading that looks at
   one part after the other: what is no text here will be refused there by name. */
#include <stdlib.h>

#include "base/memory.h"
#include "protocol/ballot_read.h"

struct nep_ballot_elements {
  nep_bytes *text;
  nep_element *element;
  const char **refusal;
  size_t n, room;
};

static void add(nep_ballot_elements *e, nep_bytes text)
{
  if (e->n == e->room) {
    e->room = e->room ? 2 * e->room : 64;
    e->text = nep_realloc(e->text, e->room, sizeof *e->text);
  }
  e->text[e->n++] = text;
}

static nep_bytes text_of(const json_t *value)
{
  if (!json_is_string(value))
    return (nep_bytes){"", 0};
  return (nep_bytes){json_string_value(value), json_string_length(value)};
}

/* As many as nep_ballot_read_choices takes. */
static void add_answer(nep_ballot_elements *e, const json_t *answer)
{
  const json_t *list = json_object_get(answer, "choices");
  size_t n = json_array_size(list);
  if (n > NEP_ANSWERS_MAX + 1)
    return;
  for (size_t i = 0; i < n; i++) {
    add(e, text_of(json_object_get(json_array_get(list, i), "alpha")));
    add(e, text_of(json_object_get(json_array_get(list, i), "beta")));
  }
}

static void add_ballot(nep_ballot_elements *e, const nep_ballot_reading *r)
{
  for (size_t i = 0; i < r->n_scanned; i++)
    add(e, r->scanned[i]);
  const json_t *answers = json_object_get(r->message, "answers"); /* none when scanned */
  for (size_t q = 0; q < json_array_size(answers); q++)
    add_answer(e, json_array_get(answers, q));
}

nep_ballot_elements *nep_ballot_elements_decode(nep_ballot_reading *const *r, size_t n)
{
  nep_ballot_elements *e = nep_alloc(1, sizeof *e);
  size_t *first = nep_alloc(n + 1, sizeof *first);
  for (size_t i = 0; i < n; i++) {
    first[i] = e->n;
    add_ballot(e, r[i]);
  }
  e->element = nep_alloc(e->n + 1, sizeof *e->element);
  e->refusal = nep_alloc(e->n + 1, sizeof(const char *));
  if (e->n > 0)
    nep_element_parse_many_var(r[0]->election->group, e->element, e->text, e->n, e->refusal);
  for (size_t i = 0; i < n; i++) {
    r[i]->element = e->element + first[i];
    r[i]->refusal = e->refusal + first[i];
    r[i]->taken = 0;
  }
  free(first);
  return e;
}

void nep_ballot_elements_free(nep_ballot_elements *e)
{
  free(e->text);
  free(e->element);
  free(e->refusal);
  free(e);
}
