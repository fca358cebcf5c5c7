/* The report about an event for a person: an archive a line, its faults below it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/printable.h"
#include "tally/event_report.h"
#include "tally/verify_commands.h"

static void print_faults(const json_t *faults, const char *indent)
{
  size_t i;
  json_t *fault;
  for (i = 0; (fault = json_array_get(faults, i)) != NULL; i++) {
    char *code = nep_printable(nep_entry_text(fault, "code"));
    char *object = nep_printable(nep_entry_text(fault, "object"));
    char *reason = nep_printable(nep_entry_text(fault, "reason"));
    printf("%s%s  %s: %s\n", indent, code, object, reason);
    free(reason);
    free(object);
    free(code);
  }
}

static void print_texts(const json_t *list, const char *what)
{
  size_t i;
  json_t *text;
  for (i = 0; (text = json_array_get(list, i)) != NULL; i++) {
    char *shown = nep_printable(json_string_value(text));
    printf("      %s: %s\n", what, shown);
    free(shown);
  }
}

static void print_entry(const json_t *e)
{
  char *name = nep_printable(nep_entry_text(e, "name"));
  char *phase = nep_printable(nep_entry_text(e, "phase"));
  char fingerprint[44] = "-";
  if (!nep_tracker(nep_entry_text(e, "head"), fingerprint))
    strcpy(fingerprint, "-");
  printf("  %-10s %s\n      %" PRIu64 " ballots, %" PRIu64 " of %" PRIu64
         " credentials voted, %" PRIu64 " checks; last event %s, fingerprint %s\n",
         nep_entry_text(e, "verdict"), name, nep_entry_number(e, "ballots"),
         nep_entry_number(e, "voted"), nep_entry_number(e, "credentials"), nep_entry_checks(e),
         phase[0] ? phase : "missing", fingerprint);
  print_faults(json_object_get(e, "faults"), "      ");
  print_texts(json_object_get(e, "not_checked"), "not checked");
  print_texts(json_object_get(e, "warnings"), "warning");
  free(phase);
  free(name);
}

static void print_extent(const nep_event_report *r)
{
  char fingerprint[44] = "";
  if (nep_tracker(r->listing, fingerprint))
    printf("%-12s %zu archives, %" PRIu64 " bytes, fingerprint of the list %s\n", "event",
           r->archives, r->bytes, fingerprint);
  if (r->of > 0)
    printf("%-12s %u of %u: %zu archives\n", "part", r->shard, r->of, json_array_size(r->entries));
  printf("\narchives\n");
}

static void print_checks(const json_t *report)
{
  const char *name;
  json_t *n;
  const json_t *taken = json_object_get(report, "taken_over");
  printf("\nchecks that were run\n");
  json_object_foreach(json_object_get(report, "checks"), name, n)
  {
    char *shown = nep_printable(name);
    printf("  %10" PRIu64 "  %s\n", (uint64_t)json_integer_value(n), shown);
    free(shown);
  }
  if (nep_entry_number(taken, "checks") > 0)
    printf("  %10" PRIu64 "  of them run by an earlier verification, on %" PRIu64 " ballots\n",
           nep_entry_number(taken, "checks"), nep_entry_number(taken, "ballots"));
}

static const char *verdict_of(const json_t *report)
{
  const char *verdict = nep_entry_text(report, "verdict");
  return strcmp(verdict, "nothing") == 0 ? "nothing to verify" : verdict;
}

void nep_event_report_print(const nep_event_report *r)
{
  size_t i;
  json_t *entry, *report = nep_event_report_json(r);
  const json_t *t = json_object_get(report, "totals");
  print_extent(r);
  for (i = 0; (entry = json_array_get(r->entries, i)) != NULL; i++)
    print_entry(entry);
  print_checks(report);
  if (json_array_size(r->faults) > 0)
    printf("\nfaults of the event\n");
  print_faults(r->faults, "  ");
  printf("\n%-12s %" PRIu64 " archives: %" PRIu64 " valid, %" PRIu64 " invalid, %" PRIu64
         " unreadable\n%-12s %" PRIu64 " ballots, %" PRIu64 " of %" PRIu64 " credentials voted\n",
         "total", nep_entry_number(t, "archives"), nep_entry_number(t, "valid"),
         nep_entry_number(t, "invalid"), nep_entry_number(t, "unreadable"), "",
         nep_entry_number(t, "ballots"), nep_entry_number(t, "voted"),
         nep_entry_number(t, "credentials"));
  printf("\nverdict: %s (%" PRIu64 " checks, %" PRIu64 " faults)\n", verdict_of(report),
         nep_entry_number(t, "checks"), nep_entry_number(t, "faults"));
  json_decref(report);
}
