/* The check that comes before every step of the offline tools. */
#ifndef NEP_TALLY_VALID_ARCHIVE_H
#define NEP_TALLY_VALID_ARCHIVE_H

#include "records/casts_verify.h"

/* Verifies the whole archive with all processors and shows progress; NEP_E_CHECK with the first
   fault when it is not valid. *out is new. */
NEP_MUST_USE nep_status nep_valid_archive(const char *path, nep_verified **out, nep_error *err);
/* The same with `jobs` threads, 0: one per processor. */
NEP_MUST_USE nep_status nep_valid_archive_jobs(const char *path, unsigned jobs, nep_verified **out,
                                               nep_error *err);

/* nep_casts_verify with `jobs` threads, showing progress. */
NEP_MUST_USE nep_status nep_casts_beside(const char *casts, const char *archive,
                                         const nep_verified *v, unsigned jobs, nep_findings *f,
                                         nep_error *err);

/* As progress of nep_verify_options and nep_casts_options, on a nep_progress. */
void nep_show_bytes(void *progress, uint64_t done_bytes, uint64_t total_bytes);

#endif
