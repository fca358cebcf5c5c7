#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/memory.h"
#include "base/terminal.h"
#include "client-cli/choice.h"
#include "client-cli/confirm.h"
#include "client-cli/say.h"

enum { LINE_MAX_BYTES = 2048 };

static nep_status not_a_number(nep_error *err)
{
  return nep_fail(err, NEP_E_INPUT, "choice-numbers", NULL,
                  _("type the numbers of your candidates, separated by spaces"));
}

nep_status nep_choice_from_numbers(const nep_question *q, nep_bytes line, nep_choice *out,
                                   nep_error *err)
{
  const char *p = line.data, *end = line.data + line.len;
  nep_wipe(out, sizeof *out);
  bool zero = false, any = false;
  while (p < end) {
    size_t number = 0, digits = 0;
    if (*p == ' ' || *p == ',' || *p == '\t') {
      p++;
      continue;
    }
    for (; p < end && *p >= '0' && *p <= '9' && digits < 4; p++, digits++)
      number = number * 10 + (size_t)(*p - '0');
    if (digits == 0 || (p < end && *p != ' ' && *p != ',' && *p != '\t'))
      return not_a_number(err);
    if (number > q->n_answers)
      return nep_fail(err, NEP_E_INPUT, "choice-numbers", NULL, _("there are only %zu candidates"),
                      q->n_answers);
    if (number == 0)
      zero = true;
    else if (out->chosen[number - 1])
      return nep_fail(err, NEP_E_INPUT, "choice-numbers", NULL, _("a candidate was named twice"));
    else
      out->chosen[number - 1] = 1;
    any = any || number > 0;
  }
  if (zero && any)
    return nep_fail(err, NEP_E_INPUT, "choice-numbers", NULL,
                    _("0 is a blank vote and cannot be given together with candidates"));
  out->blank = zero;
  return NEP_OK;
}

static void show_question(const nep_question *q)
{
  fputc('\n', stderr);
  nep_show(stderr, q->title);
  fputc('\n', stderr);
  for (size_t i = 0; i < q->n_answers; i++) {
    fprintf(stderr, "  %3zu. ", i + 1);
    nep_show(stderr, q->answers[i]);
    fputc('\n', stderr);
  }
  if (q->min == q->max)
    fprintf(stderr, ngettext("Choose %u candidate.", "Choose %u candidates.", q->max), q->max);
  else
    fprintf(stderr, _("Choose %u to %u candidates."), q->min, q->max);
  if (q->blank)
    fprintf(stderr, " %s", _("0 is a blank vote."));
  fputc('\n', stderr);
}

static nep_status check_one(const nep_election *e, size_t i, const nep_choice *c, nep_error *err)
{
  nep_election one = *e;
  one.questions = &e->questions[i];
  one.n_questions = 1;
  return nep_choices_check(&one, c, err);
}

static nep_status ask_question(const nep_election *e, size_t i, nep_choice *out, nep_error *err)
{
  for (;;) {
    nep_buf line = {0};
    show_question(&e->questions[i]);
    nep_status status = nep_ask(_("Your choice: "), 0, LINE_MAX_BYTES, &line, err);
    bool answered = status == NEP_OK;
    if (answered)
      status = nep_choice_from_numbers(&e->questions[i], nep_buf_bytes(&line), out, err);
    if (status == NEP_OK)
      status = check_one(e, i, out, err);
    nep_buf_wipe(&line);
    if (status == NEP_OK || !answered || !isatty(STDIN_FILENO))
      return status;
    nep_say_error("nep-voter", err);
  }
}

static void show_choice(const nep_question *q, const nep_choice *c)
{
  fputs("  ", stderr);
  nep_show(stderr, q->title);
  fputs(": ", stderr);
  if (c->blank)
    fputs(_("blank vote"), stderr);
  bool first = true;
  for (size_t i = 0; i < q->n_answers; i++) {
    if (!c->chosen[i])
      continue;
    fputs(first ? "" : "; ", stderr);
    nep_show(stderr, q->answers[i]);
    first = false;
  }
  if (first && !c->blank)
    fputs(_("no candidate"), stderr);
  fputc('\n', stderr);
}

void nep_choices_show(const nep_election *e, const nep_choice *choices)
{
  for (size_t i = 0; i < e->n_questions; i++)
    show_choice(&e->questions[i], &choices[i]);
}

static nep_status confirm(const nep_election *e, const nep_choice *choices, nep_error *err)
{
  bool yes = false;
  fprintf(stderr, "\n%s\n", _("You have chosen:"));
  nep_choices_show(e, choices);
  nep_status status = nep_confirm(_("Is this right? [y/N] "), &yes, err);
  if (status == NEP_OK && !yes)
    status = nep_fail(err, NEP_E_STATE, "not-cast", NULL, _("nothing was sent"));
  return status;
}

nep_status nep_choices_ask(const nep_election *e, nep_choice *out, nep_error *err)
{
  nep_status status = NEP_OK;
  nep_show(stderr, e->name);
  fputc('\n', stderr);
  nep_show(stderr, e->description);
  fputc('\n', stderr);
  for (size_t i = 0; i < e->n_questions && status == NEP_OK; i++)
    status = ask_question(e, i, &out[i], err);
  return status == NEP_OK ? confirm(e, out, err) : status;
}
