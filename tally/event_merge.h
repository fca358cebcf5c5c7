/* Joins the reports of the parts of an event: none missing, none twice, all about the same event.
 */
#ifndef NEP_TALLY_EVENT_MERGE_H
#define NEP_TALLY_EVENT_MERGE_H

#include "tally/event_report.h"

/* A path is a report, or a folder whose *.json are reports. With `signers`, each report must be
   signed by one of them. What stands in the way are faults: report-altered, report-signer,
   report-version, report-shape, shard-count (another number of parts), event-differs (another
   listing), shard-twice, shard-missing, archive-twice, archive-missing, archive-shard (in a part
   where it does not belong). With `event`, a folder, the parts must be about its archives as they
   are now, whose bytes are read and must be those that were verified. Without faults *out is the
   report of the whole. NEP_E_IO, NEP_E_NOT_FOUND when a file cannot be read. */
typedef struct nep_merge_options {
  const char *const *signers;
  size_t n_signers;
  const char *event; /* or NULL */
} nep_merge_options;
NEP_MUST_USE nep_status nep_event_merge(const char *const *paths, size_t n,
                                        const nep_merge_options *options, nep_event_report *out,
                                        nep_findings *f, nep_error *err);

#endif
