/* The verifier of a whole archive: protocol.md, Appendix. */
#ifndef NEP_PROTOCOL_VERIFY_H
#define NEP_PROTOCOL_VERIFY_H

#include "protocol/archive.h"
#include "protocol/tally.h"
#include "protocol/verify_prefix.h"

typedef struct nep_verify_options {
  unsigned jobs;       /* threads for credentials and ballots, 0: one per processor */
  const char *earlier; /* path of an older copy that must be a prefix, or NULL */
  void (*progress)(void *ctx, uint64_t done_bytes, uint64_t total_bytes); /* may be NULL */
  void *progress_ctx;

  /* What an earlier verification has finished, or NULL. When the archive begins with these bytes,
     the proofs of their ballots are taken over and everything else runs again; when it does not,
     nothing is taken over and that is a fault, archive-not-a-prefix: an archive only grows. */
  const nep_prefix *known;
  /* Handed what is finished, at the end and whenever `due` says so after an event. Both may be
   * NULL.
   */
  bool (*due)(void *ctx);
  void (*keep)(void *ctx, const nep_prefix *finished);
  void *keep_ctx;
} nep_verify_options;

/* What the archive contains, as far as it could be read and checked. */
typedef struct nep_verified {
  nep_findings findings;
  nep_file_identity read; /* the bytes that were verified, as they were while they were read */
  nep_election *election; /* NULL when unreadable, as all of the following */
  nep_trustees *trustees;
  nep_credentials *credentials;
  char setup_hash[65]; /* payload of the Setup event; of its parts: */
  char trustees_hash[65];
  char credentials_hash[65];
  char head[65];             /* hash of the last event */
  char end_ballots_head[65]; /* hash of the EndBallots event, "" before */
  uint64_t end_ballots_height;
  uint64_t end_ballots_size; /* of the archive up to and including that event */
  nep_event_type phase;      /* type of the last event */
  uint64_t events;
  uint64_t ballots;           /* ballot events */
  nep_encrypted_tally *tally; /* recomputed from the ballots */
  bool tally_published;       /* an EncryptedTally event is there and equals it */
  nep_factors **factors;      /* valid partial decryptions, NULL-terminated */
  nep_result *result;         /* NULL when absent or wrong */
  uint64_t credentials_voted;
  uint64_t taken_ballots, taken_checks; /* that an earlier verification has run; counted as run */
  char **not_checked; /* what could not be checked because of a fault, one sentence each */
  size_t n_not_checked;
} nep_verified;

/* Runs every check and keeps every fault. Memory: one record for each ballot in work, 32 bytes and
   a table's slack for each ballot, 16 bytes for each credential beside the list itself. The outcome
   does not depend on the number of jobs. With `earlier`: code archive-not-a-prefix.  Returns an
   error only when the check could not be run at all (the file cannot be read); a bad archive is
   NEP_OK with faults. *out is new. */
NEP_MUST_USE nep_status nep_verify_archive(const char *path, const nep_verify_options *options,
                                           nep_verified **out, nep_error *err);
void nep_verified_free(nep_verified *v); /* NULL allowed */

/* Says that something could not be checked, as one sentence: then it is not valid. */
void nep_not_checked(nep_verified *v, const char *what, ...) NEP_PRINTF(2, 3);

/* "valid" only when no fault was found and nothing of what the archive holds was left unchecked. */
bool nep_verified_is_valid(const nep_verified *v);

#endif
