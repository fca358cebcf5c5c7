#include "records/choices.h"

#include <stdio.h>
#include <string.h>

#include "base/lang.h"
#include "base/memory.h"

/* The file is read by hand: a JSON library would leave copies of the choice behind in memory. */
typedef struct reader {
  const char *p, *end;
} reader;

static void skip_space(reader *r)
{
  while (r->p < r->end && strchr(" \t\r\n", *r->p) != NULL)
    r->p++;
}

static bool take(reader *r, char c)
{
  skip_space(r);
  if (r->p == r->end || *r->p != c)
    return false;
  r->p++;
  return true;
}

static bool take_word(reader *r, const char *word)
{
  size_t len = strlen(word);
  skip_space(r);
  if ((size_t)(r->end - r->p) < len || memcmp(r->p, word, len) != 0)
    return false;
  r->p += len;
  return true;
}

nep_choice *nep_choices_new(const nep_election *e)
{
  return nep_secret_alloc(e->n_questions * sizeof(nep_choice));
}

static nep_status malformed(nep_error *err, size_t question, const char *reason)
{
  nep_fail(err, NEP_E_INPUT, "choice-file", NULL, "%s", reason);
  nep_inside(err, NEP_E_INPUT, "[%zu]", question);
  nep_advise(err, "%s",
             _("the file must hold one list of 0 and 1 for each question, such as [[0,1,0]], or "
               "[\"blank\"]"));
  return NEP_E_INPUT;
}

static nep_status read_question(reader *r, const nep_question *q, size_t number, nep_choice *c,
                                nep_error *err)
{
  if (take_word(r, "\"blank\"")) {
    c->blank = true;
    return NEP_OK;
  }
  if (!take(r, '['))
    return malformed(err, number, _("a list or \"blank\" is expected"));
  for (size_t i = 0; i < q->n_answers; i++) {
    if (i > 0 && !take(r, ','))
      return malformed(err, number, _("has fewer entries than candidates"));
    skip_space(r);
    if (r->p == r->end || (*r->p != '0' && *r->p != '1'))
      return malformed(err, number, _("each entry must be 0 or 1"));
    c->chosen[i] = *r->p++ == '1';
  }
  return take(r, ']') ? NEP_OK : malformed(err, number, _("has more entries than candidates"));
}

nep_status nep_choices_check(const nep_election *e, const nep_choice *choices, nep_error *err)
{
  for (size_t i = 0; i < e->n_questions; i++) {
    const nep_question *q = &e->questions[i];
    nep_election one = *e;
    one.questions = &e->questions[i];
    one.n_questions = 1;
    if (nep_choice_check(&one, &choices[i], err) == NEP_OK)
      continue;
    snprintf(err->where, sizeof err->where, _("question %zu"), i + 1);
    return q->blank
               ? nep_advise(err, _("choose %u to %u candidates, or a blank vote"), q->min, q->max)
               : nep_advise(err, _("choose %u to %u candidates"), q->min, q->max);
  }
  return NEP_OK;
}

nep_status nep_choices_read(const nep_election *e, nep_bytes text, nep_choice *out, nep_error *err)
{
  reader r = {text.data, text.data + text.len};
  nep_status status = NEP_OK;
  nep_wipe(out, e->n_questions * sizeof *out);
  if (!take(&r, '['))
    return malformed(err, 0, _("a list is expected"));
  for (size_t i = 0; i < e->n_questions && status == NEP_OK; i++) {
    if (i > 0 && !take(&r, ','))
      return malformed(err, i, _("is missing: there are fewer entries than questions"));
    status = read_question(&r, &e->questions[i], i, &out[i], err);
  }
  if (status == NEP_OK && !take(&r, ']'))
    return malformed(err, e->n_questions, _("there are more entries than questions"));
  skip_space(&r);
  if (status == NEP_OK && r.p != r.end)
    return malformed(err, e->n_questions, _("something stands behind the list"));
  return status;
}

void nep_choices_write(const nep_election *e, const nep_choice *choices, nep_buf *out)
{
  nep_buf_char(out, '[');
  for (size_t q = 0; q < e->n_questions; q++) {
    if (q > 0)
      nep_buf_char(out, ',');
    if (choices[q].blank) {
      nep_buf_str(out, "\"blank\"");
      continue;
    }
    nep_buf_char(out, '[');
    for (size_t i = 0; i < e->questions[q].n_answers; i++)
      nep_buf_printf(out, "%s%u", i > 0 ? "," : "", (unsigned)choices[q].chosen[i]);
    nep_buf_char(out, ']');
  }
  nep_buf_char(out, ']');
}
