/* A mirror's countersignature of a head: "this archive is what I hold, and I have verified it". The
   message has the form of a head (records/receipt.h), with the mirror's own time; tag
   NEP-1-countersignature. */
#ifndef NEP_RECORDS_COUNTERSIGNATURE_H
#define NEP_RECORDS_COUNTERSIGNATURE_H

#include "records/receipt.h"
#include "records/trust.h"

/* Appends the envelope. `verified` is what the mirror holds: event and size of its own copy. */
void nep_countersign(const nep_signing_key *mirror, const nep_head *verified, nep_buf *envelope);

/* Codes "envelope", "signature", "shape". */
NEP_MUST_USE nep_status nep_countersignature_verify(nep_bytes envelope, const char *mirror_hex,
                                                    nep_head *out, nep_error *err);

/* One envelope: its form, its signature by a mirror that the trust file pins, and every field but
   the time against `expected`. *mirror is borrowed from the trust file. Codes "envelope",
   "signature", "shape", "not-pinned", "countersignature" (of another head). */
NEP_MUST_USE nep_status nep_countersignature_of(nep_bytes envelope, const nep_trust *trust,
                                                const nep_head *expected, const nep_pinned **mirror,
                                                nep_error *err);

/* All of a list, and that as many different mirrors signed as the trust file asks for: code
   "too-few-countersignatures". One bad envelope refuses the list. */
NEP_MUST_USE nep_status nep_countersignatures_verify(const nep_bytes *envelopes, size_t n,
                                                     const nep_trust *trust,
                                                     const nep_head *expected, nep_error *err);

#endif
