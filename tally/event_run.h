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
   Shows its progress. */
void nep_event_run_all(const nep_event_run *run, nep_event_report *out);

#endif
