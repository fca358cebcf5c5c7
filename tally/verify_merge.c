/* nep-verify merge: the reports of the parts of an event become the report of the whole. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/printable.h"
#include "records/signed.h"
#include "tally/event_merge.h"
#include "tally/verify_commands.h"

/* What stands in the way of joining the parts. */
static void print_refusal(const nep_arguments *a, const nep_findings *f)
{
  nep_verified refused = {.findings = *f};
  if (nep_option(a, "json")) {
    json_t *report = nep_verified_json(&refused), *out = json_object();
    json_object_set_new(out, "verdict", json_string("refused"));
    json_object_set(out, "codes", json_object_get(report, "codes"));
    json_object_set(out, "faults", json_object_get(report, "faults"));
    nep_print_json(out);
    json_decref(out);
    json_decref(report);
    return;
  }
  for (size_t i = 0; i < f->n_faults; i++) {
    char *object = nep_printable(f->faults[i].object), *reason = nep_printable(f->faults[i].reason);
    printf("  %s  %s: %s\n", f->faults[i].code, object, reason);
    free(reason);
    free(object);
  }
  printf("\nverdict: refused: the parts do not make a whole (%zu faults)\n", f->n_faults);
}

/* A key that cannot be one would refuse every honest report. */
static nep_status check_signers(const nep_merge_options *o, nep_error *err)
{
  for (size_t i = 0; i < o->n_signers; i++)
    if (strlen(o->signers[i]) != NEP_PUBLIC_KEY_HEX ||
        strspn(o->signers[i], "0123456789abcdef") != NEP_PUBLIC_KEY_HEX)
      return nep_fail(
          err, NEP_E_INPUT, "usage", "--signer",
          "expected %d hexadecimal digits in lower case, as nep-admin keygen prints them",
          NEP_PUBLIC_KEY_HEX);
  return NEP_OK;
}

int nep_verify_merge_command(const nep_arguments *a)
{
  const char *paths[NEP_CLI_VALUES_MAX], *signers[NEP_CLI_VALUES_MAX];
  size_t n = 0;
  nep_merge_options options = {signers, nep_options(a, "signer", signers), nep_option(a, "event")};
  nep_findings f = {0};
  nep_event_report r = {0};
  nep_error err = {0};
  while (n < NEP_CLI_VALUES_MAX && nep_argument(a, n)) {
    paths[n] = nep_argument(a, n);
    n++;
  }
  int code = NEP_EXIT_CANNOT;
  nep_status s = check_signers(&options, &err);
  if (s == NEP_OK)
    s = nep_event_merge(paths, n, &options, &r, &f, &err);
  if (s != NEP_OK) {
    (void)nep_cli_end(s, &err);
  } else if (f.n_faults > 0) {
    print_refusal(a, &f);
    code = NEP_EXIT_REFUSED;
  } else {
    json_t *report = nep_event_report_json(&r);
    if (nep_option(a, "json"))
      nep_print_json(report);
    else
      nep_event_report_print(&r);
    json_decref(report);
    code = nep_event_report_exit(&r);
  }
  nep_event_report_free(&r);
  nep_findings_free(&f);
  return code;
}
