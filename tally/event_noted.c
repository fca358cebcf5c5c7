/* What the notes know of archives that this run does not verify. A part's share depends on the
   sizes of all archives, so an archive that became shorter may have moved to a part whose notes do
   not know it: each part answers for every archive that it has ever verified. */
#include "base/progress.h"
#include "tally/event_run.h"

static bool is_elsewhere(const nep_event_run *run, const unsigned *part, size_t place)
{
  return place != SIZE_MAX && part && part[place] != run->shard;
}

/* Of all archives that are compared here. */
static uint64_t bytes_elsewhere(const nep_event_run *run, const unsigned *part)
{
  void *cursor = NULL;
  uint64_t bytes = 0;
  for (const char *name; (name = nep_state_name(run->state, &cursor)) != NULL;) {
    size_t place = nep_event_list_find(run->list, name);
    if (is_elsewhere(run, part, place))
      bytes += run->list->files[place].size;
  }
  return bytes;
}

/* What was not known of it is not read, and counts as compared. */
static nep_status check_elsewhere(const nep_event_run *run, const char *name,
                                  const nep_event_file *f, nep_progress *shown,
                                  nep_event_report *out, nep_error *err)
{
  const uint64_t end = shown->done + f->size;
  nep_prefix known = {0};
  bool holds = true;
  nep_status s = NEP_OK;
  if (nep_state_prefix(run->state, name, &known))
    s = nep_prefix_holds(f->path, &known, nep_progress_grow, shown, &holds, err);
  if (s == NEP_OK && !holds)
    nep_event_report_fault(out, "archive-not-a-prefix", name,
                           "it does not begin with the bytes that were verified before");
  nep_prefix_free(&known);
  nep_progress_step(shown, end);
  return s;
}

nep_status nep_event_noted(const nep_event_run *run, const unsigned *part, nep_event_report *out,
                           nep_error *err)
{
  void *cursor = NULL;
  nep_progress shown;
  nep_status s = NEP_OK;
  nep_progress_start(&shown, "bytes compared", bytes_elsewhere(run, part));
  nep_progress_step(&shown, 0);
  for (const char *name; s == NEP_OK && (name = nep_state_name(run->state, &cursor)) != NULL;) {
    size_t place = nep_event_list_find(run->list, name);
    if (place == SIZE_MAX) {
      nep_event_report_fault(out, "archive-missing", name,
                             "it was verified before and is no longer there");
    } else if (is_elsewhere(run, part, place)) {
      s = check_elsewhere(run, name, &run->list->files[place], &shown, out, err);
    }
  }
  nep_progress_end(&shown);
  return s;
}
