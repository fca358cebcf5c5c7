/* nep-verify's report for a person. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/printable.h"
#include "tally/verify_commands.h"

static void print_line(const char *label, const char *text)
{
  char *shown = nep_printable(text);
  printf("%-12s %s\n", label, shown);
  free(shown);
}

static void print_subject(const char *path, const nep_verified *v)
{
  char fingerprint[44] = "";
  print_line("archive", path);
  if (v->election) {
    print_line("election", v->election->name);
    print_line("uuid", v->election->uuid);
    print_line("group", nep_group_name(v->election->group));
  }
  if (nep_tracker(v->head, fingerprint))
    print_line("fingerprint", fingerprint);
  printf("%-12s %" PRIu64 " events, %" PRIu64 " ballots; the last event is %s\n", "extent",
         v->events, v->ballots, v->events > 0 ? nep_event_name(v->phase) : "missing");
  if (v->credentials)
    printf("%-12s %zu credentials, %" PRIu64 " of them voted\n", "turnout",
           nep_credentials_count(v->credentials), v->credentials_voted);
}

static void print_checks(const nep_findings *f)
{
  printf("\nchecks that were run\n");
  for (size_t i = 0; i < f->n_checks; i++)
    printf("  %10" PRIu64 "  %s\n", f->checks[i].run, f->checks[i].name);
}

static void print_findings(const char *title, const nep_finding *list, size_t n)
{
  if (n == 0)
    return;
  printf("\n%s (%zu)\n", title, n);
  for (size_t i = 0; i < n; i++) {
    char *object = nep_printable(list[i].object), *reason = nep_printable(list[i].reason);
    printf("  %s  %s: %s\n", list[i].code, object, reason);
    free(reason);
    free(object);
  }
}

static void print_not_checked(const nep_verified *v)
{
  if (v->n_not_checked > 0)
    printf("\nnot checked\n");
  for (size_t i = 0; i < v->n_not_checked; i++) {
    char *shown = nep_printable(v->not_checked[i]);
    printf("  %s\n", shown);
    free(shown);
  }
}

static void print_elsewhere(void)
{
  size_t n;
  const nep_elsewhere *list = nep_checked_elsewhere(&n);
  printf("\nnot in an archive, and not checked here\n");
  for (size_t i = 0; i < n; i++)
    printf("  %s: %s\n", list[i].what, list[i].command);
}

static void print_question(const nep_question *q, const uint64_t *votes)
{
  char *title = nep_printable(q->title);
  printf("\n%s\n", title);
  free(title);
  if (q->blank)
    printf("  %10" PRIu64 "  (blank)\n", *votes++);
  for (size_t i = 0; i < q->n_answers; i++) {
    char *answer = nep_printable(q->answers[i]);
    printf("  %10" PRIu64 "  %s\n", votes[i], answer);
    free(answer);
  }
}

void nep_verified_print(const char *path, const nep_verified *v)
{
  uint64_t checks = 0;
  print_subject(path, v);
  print_checks(&v->findings);
  if (v->taken_checks > 0)
    printf("  %10" PRIu64 "  of them run by an earlier verification, on %" PRIu64 " ballots\n",
           v->taken_checks, v->taken_ballots);
  print_findings("warnings", v->findings.warnings, v->findings.n_warnings);
  print_findings("faults", v->findings.faults, v->findings.n_faults);
  print_not_checked(v);
  print_elsewhere();
  for (size_t q = 0; v->result && q < v->election->n_questions; q++)
    print_question(&v->election->questions[q], v->result->rows[q]);
  for (size_t i = 0; i < v->findings.n_checks; i++)
    checks += v->findings.checks[i].run;
  printf("\nverdict: %s (%" PRIu64 " checks, %zu faults, %zu warnings)\n",
         nep_verified_is_valid(v) ? "valid" : "invalid", checks, v->findings.n_faults,
         v->findings.n_warnings);
}
