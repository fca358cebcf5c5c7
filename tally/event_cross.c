/* What no archive shows by itself: that an election is in the event once. Its votes would be added
   twice. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "tally/event_report.h"

/* By uuid, and by name among the same. */
static int by_election(const void *a, const void *b)
{
  const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
  int order = strcmp(nep_entry_text(x, "uuid"), nep_entry_text(y, "uuid"));
  return order != 0 ? order : strcmp(nep_entry_text(x, "name"), nep_entry_text(y, "name"));
}

void nep_event_report_cross_check(nep_event_report *r)
{
  size_t n = json_array_size(r->entries);
  json_t **entries = nep_alloc(n + 1, sizeof(json_t *));
  for (size_t i = 0; i < n; i++)
    entries[i] = json_array_get(r->entries, i);
  qsort(entries, n, sizeof(json_t *), by_election);
  for (size_t i = 1; i < n; i++) {
    const char *uuid = nep_entry_text(entries[i], "uuid");
    if (uuid[0] == '\0' || strcmp(uuid, nep_entry_text(entries[i - 1], "uuid")) != 0)
      continue;
    char *reason = nep_sprintf("its election %s is also that of %s", uuid,
                               nep_entry_text(entries[i - 1], "name"));
    nep_event_report_fault(r, "election-twice", nep_entry_text(entries[i], "name"), reason);
    free(reason);
  }
  free(entries);
  nep_event_report_sort(r);
}
