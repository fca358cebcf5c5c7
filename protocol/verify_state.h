/* What the parts of the verifier share. */
#ifndef NEP_PROTOCOL_VERIFY_STATE_H
#define NEP_PROTOCOL_VERIFY_STATE_H

#include "protocol/archive_chain.h"
#include "protocol/verify.h"
#include "protocol/verify_ballots.h"

/* The records of a PartialDecryption event, kept until all ballots are counted. */
typedef struct nep_kept_decryption {
  nep_buf owned, object;
} nep_kept_decryption;

typedef struct nep_verifier {
  nep_verified *out;
  nep_archive_reader *reader;
  nep_chain chain;
  nep_ballot_count count;
  nep_ballot_pipe *pipe; /* NULL while ballots cannot be checked */
  /* Findings by part: joined in this order at the end, whatever the order of the threads. */
  nep_findings archive, setup, ballots, end;
  bool setup_done;
  bool malformed; /* reading ended before the end of the file */
  uint64_t unchecked_ballots;
  uint64_t pushed;         /* ballots given to the pipe */
  const nep_prefix *known; /* while the reading is inside it */
  bool noting;
  nep_bytes_read seen;      /* all bytes read */
  nep_sha256 hash_at_event; /* of those up to the last event */
  uint64_t event_end;
  bool has_sized, has_result;
  nep_buf sized, tally_text, result; /* of the last such event */
  nep_kept_decryption *decryptions;
  size_t n_decryptions;
  uint64_t num_tallied, total_weight; /* as published */
} nep_verifier;

/* Setup event: election, trustees, credentials (Appendix item 2). */
void nep_verify_setup(nep_verifier *v, const nep_event *e, unsigned jobs);

/* EncryptedTally, partial decryptions and result, against the counted ballots (items 4, 6 and 7).
 */
void nep_verify_end(nep_verifier *v);
void nep_verify_decryptions(nep_verifier *v, const nep_encrypted_tally *published);

/* What is known of the archive beforehand, and what is finished of it (verify_prefix.h). */
NEP_MUST_USE nep_status nep_known_start(nep_verifier *v, const char *path,
                                        const nep_verify_options *options, nep_error *err);
/* The next ballot to be pushed, whose event was read last, need not be proved again. */
bool nep_known_proved(const nep_verifier *v);
/* After each event, and after the last record. */
NEP_MUST_USE nep_status nep_known_event(nep_verifier *v, const nep_verify_options *options,
                                        nep_error *err);
NEP_MUST_USE nep_status nep_known_end(nep_verifier *v, const nep_verify_options *options,
                                      nep_error *err);

/* Item 8. NEP_E_IO when a file cannot be read. */
NEP_MUST_USE nep_status nep_verify_earlier(const char *path, const char *earlier, nep_findings *f,
                                           nep_error *err);

#endif
