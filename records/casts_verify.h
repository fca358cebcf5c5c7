/* Holds the casts file (protocol/casts.h) against a verified archive (A23). */
#ifndef NEP_RECORDS_CASTS_VERIFY_H
#define NEP_RECORDS_CASTS_VERIFY_H

#include "protocol/casts.h"
#include "protocol/verify.h"

/* Its own chain; one statement for each Ballot event, in their order, about exactly that ballot and
   by its credential; numbers of one credential strictly increasing. `v` is what nep_verify_archive
   found about the archive, which must be valid. Faults: casts-hash, casts-format, casts-chain,
   casts-statement, casts-signature, casts-order, casts-missing, casts-extra, casts-archive (it
   is not the verified archive that lies at the path now). Warnings: casts-gap (a device made
   ballots that are not in the record), casts-previous (a ballot follows another one than the device
   says). casts-format and casts-archive also as errors, when a file cannot be read at all or
   changes. What is found does not depend on the number of threads. Memory: 80 bytes for each
   credential, and the ballots in work, at most 64 for each thread. */
typedef struct nep_casts_options {
  unsigned jobs; /* threads, 0: one per processor */
  void (*progress)(void *ctx, uint64_t done_bytes, uint64_t total_bytes); /* of the archive */
  void *progress_ctx;
  nep_file_identity *read; /* gets which bytes of the casts file were verified; may be NULL */
} nep_casts_options;
/* `options` may be NULL. */
NEP_MUST_USE nep_status nep_casts_verify(const char *casts, const char *archive,
                                         const nep_verified *v, const nep_casts_options *options,
                                         nep_findings *f, nep_error *err);

/* ---- ballot by ballot, for who follows a growing archive ---- */

/* The last ballot of each credential so far. */
typedef struct nep_casts_order nep_casts_order;
nep_casts_order *nep_casts_order_new(const nep_verified *v); /* never NULL; v stays in use */
void nep_casts_order_free(nep_casts_order *o);               /* NULL allowed */

/* A ballot that a statement has to be about. */
typedef struct nep_cast_ballot {
  char name[96]; /* for findings */
  char hash[65];
  size_t place; /* of its credential in the list */
} nep_cast_ballot;
/* From a Ballot event of the archive and its ballot's text, which was verified. NEP_E_CHECK when it
   cannot have been: it is no ballot of this election, or its credential is not in the list. */
NEP_MUST_USE nep_status nep_cast_ballot_read(const nep_verified *v, const nep_event *event,
                                             nep_bytes text, nep_cast_ballot *out, nep_error *err);

/* Everything about one entry of the file; each in their order, once. Faults and warnings as above.
 */
void nep_casts_check(nep_casts_order *o, const nep_cast_ballot *b, const nep_cast_entry *e,
                     nep_findings *f);

/* What was verified of the archive. */
typedef struct nep_casts_until {
  const char *head; /* hash of its last event */
  bool ended; /* no ballot comes any more; otherwise statements of ballots that are not in this
                 archive yet may follow, and are not looked at */
} nep_casts_until;
/* nep_casts_verify with all processors, leaving in `o` (new) and `chain` (zero) what goes on with
   the next entry. */
NEP_MUST_USE nep_status nep_casts_verify_into(const char *casts, const char *archive,
                                              const nep_casts_until *until, nep_casts_order *o,
                                              nep_casts_chain *chain, nep_findings *f,
                                              nep_error *err);

#endif
