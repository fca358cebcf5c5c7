/* nep-verify casts: nobody changed the order of a voter's ballots (A23). */
#include <stdio.h>
#include <stdlib.h>

#include "protocol/json.h"
#include "records/casts_verify.h"
#include "tally/valid_archive.h"
#include "tally/verify_commands.h"

static void print_list(const char *label, const nep_finding *list, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    char *reason = nep_printable(list[i].reason);
    printf("%s  %s: %s: %s\n", label, list[i].code, list[i].object, reason);
    free(reason);
  }
}

static void print(const nep_findings *f)
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

static void print_json(const nep_findings *f)
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

int nep_verify_casts_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_findings f = {0};
  nep_status s = nep_valid_archive(nep_argument(a, 1), &v, &err);
  if (s == NEP_OK)
    s = nep_casts_verify(nep_argument(a, 0), nep_argument(a, 1), v, &f, &err);
  int code = nep_cli_end(s, &err);
  if (s == NEP_OK) {
    if (nep_option(a, "json"))
      print_json(&f);
    else
      print(&f);
    code = f.n_faults == 0 ? NEP_EXIT_OK : NEP_EXIT_REFUSED;
  }
  nep_findings_free(&f);
  nep_verified_free(v);
  return code;
}
