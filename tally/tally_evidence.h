/* What must stand beside an archive before anybody signs or decrypts its tally. */
#ifndef NEP_TALLY_TALLY_EVIDENCE_H
#define NEP_TALLY_TALLY_EVIDENCE_H

#include "records/countersignature.h"
#include "records/envelopes.h"
#include "tally/trust_file.h"

/* The file of --casts against the valid archive `v` at this path (A23): a statement for each
   ballot, and nobody's ballots in another order. Codes of nep_casts_verify. */
NEP_MUST_USE nep_status nep_casts_demanded(const nep_arguments *a, const char *archive,
                                           const nep_verified *v, nep_error *err);

/* The files of --countersignature: as many mirrors as the trust file asks for have countersigned
   exactly this archive's EndBallots head. Codes of nep_countersignatures_verify. */
NEP_MUST_USE nep_status nep_mirrors_demanded(const nep_arguments *a, const nep_verified *v,
                                             const nep_trust *trust, nep_error *err);

/* The EndBallots head of a valid archive that has one; its time stays empty. */
void nep_end_ballots_head(const nep_verified *v, nep_head *out);

/* Appends the envelopes of a file, one or an array; of all files of an option. */
NEP_MUST_USE nep_status nep_envelopes_file(const char *path, nep_envelopes *list, nep_error *err);
NEP_MUST_USE nep_status nep_envelopes_option(const nep_arguments *a, const char *option,
                                             nep_envelopes *list, nep_error *err);

#endif
