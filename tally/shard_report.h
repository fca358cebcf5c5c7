/* The report about a part of an event as a file, signed or not, that nep-verify merge joins. */
#ifndef NEP_TALLY_SHARD_REPORT_H
#define NEP_TALLY_SHARD_REPORT_H

#include "records/signed.h"
#include "tally/event_report.h"

/* {"version","shard":{"number","of"},"listing":{"archives","bytes","sha256"},"faults","archives"}
   in an envelope with tag NEP-1-shard-report, or, without a key, in {"message","hash"}. Replaces an
   existing file: a part that was stopped is done again. */
NEP_MUST_USE nep_status nep_shard_report_write(const nep_event_report *r,
                                               const nep_signing_key *key, const char *path,
                                               nep_error *err);

/* Removes the report of an earlier run, which must not pass for that of this one, should it come to
   none. NEP_E_IO "file" when something else stands there (an archive, a key, a state): that is
   left. An empty file counts as a report. */
NEP_MUST_USE nep_status nep_shard_report_remove(const char *path, nep_error *err);

/* *out is new. With `signers`: it must be signed by one of these keys; without, its hash or
   signature must hold. Codes: report-altered, report-signer, report-version, report-shape. */
NEP_MUST_USE nep_status nep_shard_report_read(const char *path, const char *const *signers,
                                              size_t n_signers, nep_event_report *out,
                                              nep_error *err);

#endif
