/* Encrypted tally, partial decryptions, result (protocol.md §10). */
#ifndef NEP_PROTOCOL_TALLY_H
#define NEP_PROTOCOL_TALLY_H

#include "protocol/ballot.h"
#include "protocol/trustees.h"

/* Product of the counted ballots: one row per question, nep_question_choices entries each. */
typedef struct nep_encrypted_tally {
  const nep_election *election; /* borrowed */
  nep_ciphertext **rows;
  uint64_t num_tallied;
  uint64_t total_weight;
} nep_encrypted_tally;

nep_encrypted_tally *nep_tally_new(const nep_election *e); /* of no ballots; never NULL */
void nep_tally_free(nep_encrypted_tally *t);
/* True when the ballot has the election's questions and number of ciphertexts. */
bool nep_tally_fits(const nep_election *e, const nep_ballot *b);
/* Multiplies a ballot's choices^weight in, or out again when a later one replaces it. The ballot
   has the election's shape (checked by the caller). Counts num_tallied and total_weight. */
void nep_tally_add(nep_encrypted_tally *t, const nep_ballot *b, uint64_t weight);
void nep_tally_remove(nep_encrypted_tally *t, const nep_ballot *b, uint64_t weight);
/* Multiplies in the tally of other ballots of the same election, with its counts. */
void nep_tally_join(nep_encrypted_tally *t, const nep_encrypted_tally *other);
/* Canonical text of the tally, and of `sized` for that text. */
void nep_tally_write(const nep_encrypted_tally *t, nep_buf *out);
void nep_tally_sized_write(const nep_encrypted_tally *t, nep_bytes tally_text, nep_buf *out);
/* Reads a canonical tally text of the election's shape (rows only; counts 0). Code tally-parse. */
NEP_MUST_USE nep_status nep_tally_parse(const nep_election *e, nep_bytes text,
                                        nep_encrypted_tally **out, nep_error *err);
/* {"num_tallied","total_weight","encrypted_tally"}; code tally-parse or noncanonical. */
NEP_MUST_USE nep_status nep_sized_parse(nep_bytes text, uint64_t *num_tallied,
                                        uint64_t *total_weight, char tally_hash[65],
                                        nep_error *err);

/* ---- partial decryption ---- */

typedef struct nep_factors {
  size_t owner;    /* from 1 */
  char object[65]; /* SHA-256 of the object's text: what its `owned` record names as payload */
  nep_element **rows;
} nep_factors;

/* The signed object of trustee `owner` and its `owned` record. */
void nep_decryption_make(const nep_encrypted_tally *t, const nep_trustees *tr, size_t owner,
                         const nep_scalar *x, const nep_scalar *signing_key, nep_buf *object,
                         nep_buf *owned);
/* {"owner":n,"payload":hash}: code pd-parse, pd-owner. */
NEP_MUST_USE nep_status nep_owned_parse(const nep_trustees *tr, nep_bytes text, size_t *owner,
                                        char payload[65], nep_error *err);
/* Faults: noncanonical, pd-parse, pd-shape, pd-signature, pd-membership, pd-proof. *out is set when
   factors could be read. nep_factors_free(election, factors). True when no fault was found. */
bool nep_decryption_verify(const nep_encrypted_tally *t, const nep_trustees *tr, size_t owner,
                           nep_bytes object, nep_factors **out, nep_findings *f);
void nep_factors_free(const nep_election *e, nep_factors *f);

/* ---- result ---- */

typedef struct nep_result {
  uint64_t **rows;
} nep_result;

/* Combines valid factors (at most one per owner): all Singles, the t lowest of each Pedersen.
   NEP_E_CHECK "pd-missing" names who is missing. products[q][i] = alpha^x. */
NEP_MUST_USE nep_status nep_factors_combine(const nep_trustees *tr, const nep_election *e,
                                            const nep_factors *const *factors, size_t n,
                                            nep_element ***products, nep_error *err);
void nep_products_free(const nep_election *e, nep_element **products);
/* Finds the result by discrete logarithm, 0..total_weight each. */
NEP_MUST_USE nep_status nep_result_compute(const nep_encrypted_tally *t,
                                           nep_element *const *products, uint64_t total_weight,
                                           nep_result **out, nep_error *err);
void nep_result_write(const nep_election *e, const nep_result *r, nep_buf *out);
/* Canonical text: codes result-parse, noncanonical, result-mismatch (shape). */
NEP_MUST_USE nep_status nep_result_parse(const nep_election *e, nep_bytes text, nep_result **out,
                                         nep_error *err);
/* Appendix item 7: range, g^v = beta / product. Fault result-mismatch. */
void nep_result_verify(const nep_encrypted_tally *t, nep_element *const *products,
                       uint64_t total_weight, const nep_result *r, nep_findings *f);
void nep_result_free(const nep_election *e, nep_result *r);

#endif
