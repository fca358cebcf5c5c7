/* nep-verify challenge CHALLENGE.json FILE.bel --code CODE: what a challenged ballot contained. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/printable.h"
#include "records/challenge.h"
#include "records/choices.h"
#include "tally/valid_archive.h"
#include "tally/verify_commands.h"

static void print_choice(const nep_question *q, const nep_choice *c)
{
  char *title = nep_printable(q->title);
  printf("\n%s\n", title);
  free(title);
  if (c->blank)
    printf("  (blank)\n");
  for (size_t i = 0; i < q->n_answers; i++) {
    if (!c->chosen[i])
      continue;
    char *answer = nep_printable(q->answers[i]);
    printf("  %s\n", answer);
    free(answer);
  }
}

static void print(const nep_election *e, const nep_choice *choices, const nep_findings *f)
{
  for (size_t i = 0; i < f->n_checks; i++)
    printf("%10llu  %s\n", (unsigned long long)f->checks[i].run, f->checks[i].name);
  for (size_t i = 0; i < f->n_faults; i++) {
    char *reason = nep_printable(f->faults[i].reason);
    printf("fault  %s: %s\n", f->faults[i].code, reason);
    free(reason);
  }
  if (f->n_faults == 0) {
    printf("\nThe code committed the device to these choices:\n");
    for (size_t q = 0; q < e->n_questions; q++)
      print_choice(&e->questions[q], &choices[q]);
  }
  printf("\nverdict: %s\n", f->n_faults == 0 ? "valid" : "invalid");
}

static void print_json(const nep_election *e, const nep_choice *choices, const nep_findings *f)
{
  json_t *contained = json_null();
  nep_buf text = {0};
  if (f->n_faults == 0) {
    nep_choices_write(e, choices, &text);
    contained = json_loadb(text.data, text.len, 0, NULL);
  }
  json_t *report = json_pack("{s:s,s:o,s:o,s:o}", "verdict", f->n_faults == 0 ? "valid" : "invalid",
                             "codes", nep_codes_json(f->faults, f->n_faults), "checks",
                             nep_checks_json(f), "choices", contained);
  nep_print_json(report);
  json_decref(report);
  nep_buf_free(&text);
}

int nep_verify_challenge_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_buf text = {0};
  nep_findings f = {0};
  int code = NEP_EXIT_CANNOT;
  nep_status s = nep_valid_archive(nep_argument(a, 1), &v, &err);
  if (s == NEP_OK)
    s = nep_cli_text(nep_argument(a, 0), NEP_CHALLENGE_MAX, &text, &err);
  if (s == NEP_OK) {
    nep_choice *choices = nep_choices_new(v->election);
    nep_ballot_challenge_verify(v->election, nep_buf_bytes(&text), nep_option(a, "code"), choices,
                                &f);
    if (nep_option(a, "json"))
      print_json(v->election, choices, &f);
    else
      print(v->election, choices, &f);
    code = f.n_faults == 0 ? NEP_EXIT_OK : NEP_EXIT_REFUSED;
    nep_secret_free(choices);
  } else {
    code = nep_cli_end(s, &err);
  }
  nep_findings_free(&f);
  nep_buf_free(&text);
  nep_verified_free(v);
  return code;
}
