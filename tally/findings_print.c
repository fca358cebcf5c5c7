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

static json_t *codes_of(const nep_finding *list, size_t n)
{
  json_t *codes = json_array();
  for (size_t i = 0; i < n; i++)
    json_array_append_new(codes, json_string(list[i].code));
  return codes;
}

void nep_findings_print_json(const nep_findings *f, const char *const *not_checked, size_t n)
{
  json_t *checks = json_object(), *missing = json_array();
  for (size_t i = 0; i < f->n_checks; i++)
    json_object_set_new(checks, f->checks[i].name, json_integer((json_int_t)f->checks[i].run));
  for (size_t i = 0; i < n; i++)
    json_array_append_new(missing, json_string(not_checked[i]));
  json_t *report = json_pack(
      "{s:s,s:o,s:o,s:o,s:o}", "verdict", verdict(f, n), "codes", codes_of(f->faults, f->n_faults),
      "warnings", codes_of(f->warnings, f->n_warnings), "checks", checks, "not_checked", missing);
  char *line = json_dumps(report, JSON_COMPACT);
  puts(line ? line : "{}");
  free(line);
  json_decref(report);
}
