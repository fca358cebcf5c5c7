/* Verifies the archives of an event, or of one part of it, on all processors: a large archive on
   all of them together, small ones side by side. What is found does not depend on their number. */
#ifndef NEP_TALLY_EVENT_RUN_H
#define NEP_TALLY_EVENT_RUN_H

#include "tally/event_report.h"
#include "tally/state.h"

typedef struct nep_event_run {
  const nep_event_list *list;
  unsigned shard, of;  /* 0, 0: all */
  unsigned jobs;       /* 0: one per processor */
  const char *earlier; /* folder with an earlier copy of each archive, or NULL */
  nep_state *state;    /* or NULL */
} nep_event_run;

/* Fills the report, sorted; nep_event_report_free. An archive that cannot be read is an entry.
   Shows its progress. NEP_E_IO when an archive of another part, which this part has verified
   before, cannot be read. */
NEP_MUST_USE nep_status nep_event_run_all(const nep_event_run *run, nep_event_report *out,
                                          nep_error *err);
/* Adds the faults that the state alone shows: an archive that it knows is gone (archive-missing),
   or is now another part's and no longer begins with what was verified (archive-not-a-prefix).
   part[i]: that of the i-th archive of the list; NULL when this run verifies all. */
NEP_MUST_USE nep_status nep_event_noted(const nep_event_run *run, const unsigned *part,
                                        nep_event_report *out, nep_error *err);

#endif
