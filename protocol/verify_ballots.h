/* The ballots of an archive on their way through the verifier: checked by several threads,
   accounted for in the order of the archive, multiplied into the tally. */
#ifndef NEP_PROTOCOL_VERIFY_BALLOTS_H
#define NEP_PROTOCOL_VERIFY_BALLOTS_H

#include "protocol/archive_chain.h"
#include "protocol/tally.h"

/* ---- accounting (one thread) ---- */

/* Where the last ballot of a credential lies; length 0: none yet. */
typedef struct nep_last_ballot {
  uint64_t offset;
  uint32_t length;
  bool hash_ok;    /* its record hashes to its name */
  bool multiplied; /* false when its ciphertexts do not fit the tally */
} nep_last_ballot;

typedef struct nep_ballot_count {
  const nep_election *election;
  const nep_credentials *credentials;
  nep_archive_reader *reader; /* to read a ballot again that a later one replaces */
  const nep_chain *chain;     /* borrowed: what was read so far */
  nep_encrypted_tally *tally;

  nep_last_ballot *last; /* by place in the list of credentials */
  nep_hash_map *unknown; /* the same for credentials that are not in the list */
  uint64_t voted;        /* credentials of the list with a ballot */
  uint64_t impossible;   /* counted ballots that cannot be multiplied into the tally */
} nep_ballot_count;

void nep_ballot_count_start(nep_ballot_count *c, const nep_election *e,
                            const nep_credentials *credentials, nep_archive_reader *reader,
                            const nep_chain *chain);
void nep_ballot_count_free(nep_ballot_count *c); /* zeroed: allowed */

/* One ballot after its checks, in archive order. `place` as nep_ballot_verify gives it, `sound`
   when no fault was found in it. NEP_E_IO when a replaced ballot cannot be read again. */
NEP_MUST_USE nep_status nep_ballot_count_add(nep_ballot_count *c, const nep_ballot *ballot,
                                             size_t place, bool sound, nep_last_ballot where,
                                             nep_error *err);

/* ---- the pipe (any number of threads) ---- */

typedef struct nep_ballot_pipe nep_ballot_pipe;

/* jobs >= 1 threads check ballots, the calling one among them. Findings of all ballots, in
   order, go to *f. `count` is used by the calling thread only. */
nep_ballot_pipe *nep_ballot_pipe_new(nep_ballot_count *count, unsigned jobs, nep_findings *f);
/* `first` is false for a repeat: fault ballot-duplicate. `proved`: an earlier verification has
   found the ballot sound, its proofs are taken over. */
NEP_MUST_USE nep_status nep_ballot_pipe_push(nep_ballot_pipe *p, const nep_pending *record,
                                             bool first, bool proved, nep_error *err);
/* Accounts for everything pushed so far. */
NEP_MUST_USE nep_status nep_ballot_pipe_drain(nep_ballot_pipe *p, nep_error *err);

/* Of the ballots accounted for: numbers of those in which something was found, ascending; ballots
   and checks that were taken over. */
typedef struct nep_pipe_counts {
  uint64_t ballots;
  uint64_t *again; /* borrowed from the pipe */
  size_t n_again;
  uint64_t taken_ballots, taken_checks;
} nep_pipe_counts;
nep_pipe_counts nep_ballot_pipe_counts(const nep_ballot_pipe *p);
void nep_ballot_pipe_free(nep_ballot_pipe *p); /* NULL allowed; ends the threads */

#endif
