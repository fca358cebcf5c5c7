/* The report of a command that holds one file against a valid archive. */
#include <stdio.h>
#include <stdlib.h>

#include "tally/verify_commands.h"

static void print_list(const char *label, const nep_finding *list, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    char *reason = nep_printable(list[i].reason);
    printf("%s  %s: %s: %s\n", label, list[i].code, list[i].object, reason);
    free(reason);
  }
}

void nep_findings_print(const nep_findings *f)
{
  for (size_t i = 0; i < f->n_checks; i++)
    printf("%10llu  %s\n", (unsigned long long)f->checks[i].run, f->checks[i].name);
  print_list("fault", f->faults, f->n_faults);
  print_list("warning", f->warnings, f->n_warnings);
  printf("\nverdict: %s\n", f->n_faults == 0 ? "valid" : "invalid");
}

static json_t *codes_of(const nep_finding *list, size_t n)
{
  json_t *codes = json_array();
  for (size_t i = 0; i < n; i++)
    json_array_append_new(codes, json_string(list[i].code));
  return codes;
}

void nep_findings_print_json(const nep_findings *f)
{
  json_t *checks = json_object();
  for (size_t i = 0; i < f->n_checks; i++)
    json_object_set_new(checks, f->checks[i].name, json_integer((json_int_t)f->checks[i].run));
  json_t *report = json_pack("{s:s,s:o,s:o,s:o}", "verdict", f->n_faults == 0 ? "valid" : "invalid",
                             "codes", codes_of(f->faults, f->n_faults), "warnings",
                             codes_of(f->warnings, f->n_warnings), "checks", checks);
  char *line = json_dumps(report, JSON_COMPACT);
  puts(line ? line : "{}");
  free(line);
  json_decref(report);
}
