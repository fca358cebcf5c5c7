/* The short report of commands that hold one thing against an archive. */
#include <stdio.h>
#include <stdlib.h>

#include "base/printable.h"
#include "protocol/json.h"
#include "tally/verify_commands.h"

static const char *verdict(const nep_findings *f, size_t n_not_checked)
{
  return f->n_faults > 0 ? "invalid" : n_not_checked > 0 ? "incomplete" : "valid";
}

static void print_list(const char *label, const nep_finding *list, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    char *object = nep_printable(list[i].object), *reason = nep_printable(list[i].reason);
    printf("%s  %s: %s: %s\n", label, list[i].code, object, reason);
    free(reason);
    free(object);
  }
}

void nep_findings_print(const nep_findings *f, const char *const *not_checked, size_t n)
{
  for (size_t i = 0; i < f->n_checks; i++)
    printf("%10llu  %s\n", (unsigned long long)f->checks[i].run, f->checks[i].name);
  print_list("fault", f->faults, f->n_faults);
  print_list("warning", f->warnings, f->n_warnings);
  for (size_t i = 0; i < n; i++)
    printf("not checked: %s\n", not_checked[i]);
  printf("\nverdict: %s\n", verdict(f, n));
}

void nep_findings_print_lines(const nep_findings *f)
{
  for (size_t i = 0; i < f->n_checks; i++)
    printf("check     %s: %llu\n", f->checks[i].name, (unsigned long long)f->checks[i].run);
  for (size_t i = 0; i < f->n_faults; i++) {
    char *object = nep_printable(f->faults[i].object), *why = nep_printable(f->faults[i].reason);
    printf("fault     %s  %s: %s\n", f->faults[i].code, object, why);
    free(why);
    free(object);
  }
}

void nep_findings_print_json(const nep_findings *f, const char *const *not_checked, size_t n)
{
  json_t *missing = json_array();
  for (size_t i = 0; i < n; i++)
    json_array_append_new(missing, json_string(not_checked[i]));
  json_t *report = json_pack("{s:s,s:o,s:o,s:o,s:o}", "verdict", verdict(f, n), "codes",
                             nep_codes_json(f->faults, f->n_faults), "warnings",
                             nep_codes_json(f->warnings, f->n_warnings), "checks",
                             nep_checks_json(f), "not_checked", missing);
  nep_print_json(report);
  json_decref(report);
}
