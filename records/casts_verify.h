/* Holds the casts file (protocol/casts.h) against a verified archive (A23). */
#ifndef NEP_RECORDS_CASTS_VERIFY_H
#define NEP_RECORDS_CASTS_VERIFY_H

#include "protocol/verify.h"

/* Its own chain; one statement for each Ballot event, in their order, about exactly that ballot and
   by its credential; numbers of one credential strictly increasing. `v` is what nep_verify_archive
   found about the archive, which must be valid. Faults: casts-hash, casts-format, casts-chain,
   casts-statement, casts-signature, casts-order, casts-missing, casts-extra, casts-archive (it
   is not the verified archive that lies at the path now). Warnings: casts-gap (a device made
   ballots that are not in the record), casts-previous (a ballot follows another one than the device
   says). casts-format and casts-archive also as errors, when a file cannot be read at all or
   changes.
 */
NEP_MUST_USE nep_status nep_casts_verify(const char *casts, const char *archive,
                                         const nep_verified *v, nep_findings *f, nep_error *err);

#endif
