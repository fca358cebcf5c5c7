/* The events of an archive one after the other, held together by their chain, without the proofs of
   its ballots: for what is said about single events of it. */
#ifndef NEP_TALLY_ARCHIVE_SCAN_H
#define NEP_TALLY_ARCHIVE_SCAN_H

#include "protocol/archive_chain.h"

typedef struct nep_archive_scan {
  /* For each event that can be used: its place in the archive, the first being 0, and where it
     ends. Its data records are found in the chain. */
  void (*on_event)(void *ctx, const nep_event *e, uint64_t place, uint64_t end);
  void *ctx;
  nep_chain *chain;       /* zeroes at the start */
  nep_findings *findings; /* of the chain; of what cannot be read as an archive, too */
} nep_archive_scan;

/* NEP_E_IO when the file cannot be read; whatever is wrong with its content is a finding. */
NEP_MUST_USE nep_status nep_archive_scan_file(const nep_archive_scan *s, const char *path,
                                              nep_error *err);

/* Which election a Setup event is for: the hash of the definition that it names, and its uuid.
   False when it names none, or one whose uuid has more than 64 characters. */
bool nep_archive_scan_election(const nep_chain *c, const nep_event *setup, char election_hash[65],
                               char uuid[65]);

#endif
