/* nep-verify's report for a script. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "tally/verify_commands.h"

static json_t *text(const char *t)
{
  char *shown = nep_printable(t);
  json_t *value = json_string(shown);
  free(shown);
  return value;
}

static int by_name(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

json_t *nep_codes_json(const nep_finding *list, size_t n)
{
  json_t *out = json_array();
  const char **names = calloc(n + 1, sizeof *names);
  for (size_t i = 0; names && i < n; i++)
    names[i] = list[i].code;
  if (names)
    qsort(names, n, sizeof *names, by_name);
  for (size_t i = 0; names && i < n; i++)
    if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
      json_array_append_new(out, text(names[i]));
  free(names);
  return out;
}

json_t *nep_checks_json(const nep_findings *f)
{
  json_t *out = json_object();
  for (size_t i = 0; i < f->n_checks; i++)
    json_object_set_new(out, f->checks[i].name, json_integer((json_int_t)f->checks[i].run));
  return out;
}

static json_t *result(const nep_verified *v)
{
  if (!v->result)
    return json_null();
  json_t *out = json_array();
  for (size_t q = 0; q < v->election->n_questions; q++) {
    json_t *row = json_array();
    for (size_t i = 0; i < nep_question_choices(&v->election->questions[q]); i++)
      json_array_append_new(row, json_integer((json_int_t)v->result->rows[q][i]));
    json_array_append_new(out, row);
  }
  return out;
}

static json_t *faults(const nep_findings *f)
{
  json_t *out = json_array();
  for (size_t i = 0; i < f->n_faults; i++) {
    json_t *fault = json_object();
    json_object_set_new(fault, "code", text(f->faults[i].code));
    json_object_set_new(fault, "object", text(f->faults[i].object));
    json_object_set_new(fault, "reason", text(f->faults[i].reason));
    json_array_append_new(out, fault);
  }
  return out;
}

static json_t *not_checked(const nep_verified *v)
{
  json_t *out = json_array();
  for (size_t i = 0; i < v->n_not_checked; i++)
    json_array_append_new(out, text(v->not_checked[i]));
  return out;
}

static json_t *elsewhere(void)
{
  size_t n;
  const nep_elsewhere *list = nep_checked_elsewhere(&n);
  json_t *out = json_array();
  for (size_t i = 0; i < n; i++) {
    json_t *entry = json_object();
    json_object_set_new(entry, "what", json_string(list[i].what));
    json_object_set_new(entry, "command", json_string(list[i].command));
    json_array_append_new(out, entry);
  }
  return out;
}

json_t *nep_verified_json(const nep_verified *v)
{
  const nep_findings *f = &v->findings;
  json_t *report = json_object();
  json_object_set_new(report, "verdict",
                      json_string(nep_verified_is_valid(v) ? "valid" : "invalid"));
  json_object_set_new(report, "codes", nep_codes_json(f->faults, f->n_faults));
  json_object_set_new(report, "warnings", nep_codes_json(f->warnings, f->n_warnings));
  json_object_set_new(report, "checks", nep_checks_json(f));
  json_object_set_new(report, "result", result(v));
  json_object_set_new(report, "faults", faults(f));
  json_object_set_new(report, "not_checked", not_checked(v));
  json_object_set_new(report, "taken_over", nep_taken_over_json(v->taken_ballots, v->taken_checks));
  return report;
}

void nep_verified_print_json(const nep_verified *v)
{
  json_t *report = nep_verified_json(v);
  json_object_set_new(report, "elsewhere", elsewhere());
  nep_print_json(report);
  json_decref(report);
}

json_t *nep_taken_over_json(uint64_t ballots, uint64_t checks_run)
{
  json_t *out = json_object();
  json_object_set_new(out, "ballots", json_integer((json_int_t)ballots));
  json_object_set_new(out, "checks", json_integer((json_int_t)checks_run));
  return out;
}

void nep_print_json(const json_t *report)
{
  nep_buf text = {0}, out = {0};
  nep_json_write(&text, report);
  nep_printable_json(&out, nep_buf_bytes(&text));
  nep_buf_char(&out, '\n');
  fwrite(out.data, 1, out.len, stdout);
  nep_buf_free(&out);
  nep_buf_free(&text);
}
