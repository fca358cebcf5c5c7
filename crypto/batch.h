/* Many proofs of elections in one group verified at once. Proofs are added, then all of them are
   run, then each is asked for its own verdict: exactly what the function of proof.h for it would
   have said, whatever else is in the batch. (No random combination of several proofs: the curve's
   cofactor has small primes, and a fault must be named.)

   What is added is read when the batch runs: ciphertexts, keys, proofs and signed texts stay with
   the caller and unchanged until then; the texts s and s2 are used at once. One thread uses a
   batch. Public data only. */
#ifndef NEP_CRYPTO_BATCH_H
#define NEP_CRYPTO_BATCH_H

#include "crypto/proof.h"

typedef struct nep_batch nep_batch;

nep_batch *nep_batch_new(const nep_key *key); /* never NULL */
/* What is added from now on is of this key's election; its group is that of the key before. */
void nep_batch_use(nep_batch *b, const nep_key *key);
void nep_batch_free(nep_batch *b);  /* NULL allowed */
void nep_batch_clear(nep_batch *b); /* empties it, for another run */

/* A ciphertext, by a number that the following functions take. With `test` its two elements are
   tested for membership too. */
size_t nep_batch_ciphertext(nep_batch *b, const nep_ciphertext *c, bool test);

/* As nep_interval_verify_var, nep_blank_verify_var, nep_blank_overall_verify_var and
   nep_signature_verify_var. Each returns the number of the proof. */
size_t nep_batch_interval(nep_batch *b, const char *tag, nep_bytes s, size_t ciphertext,
                          unsigned min, unsigned max, const nep_proof *proofs);
size_t nep_batch_blank(nep_batch *b, nep_bytes s2, size_t c0, size_t cs, const nep_proof proofs[2]);
size_t nep_batch_blank_overall(nep_batch *b, nep_bytes s2, size_t c0, size_t cs, unsigned min,
                               unsigned max, const nep_proof *proofs);
size_t nep_batch_signature(nep_batch *b, const char *tag, const nep_element *public_key,
                           nep_bytes json, const nep_proof *signature);
/* Another one by the same public key as signature number `first`: what is done once for a base is
   shared. */
size_t nep_batch_signature_again(nep_batch *b, size_t first, const char *tag, nep_bytes json,
                                 const nep_proof *signature);

void nep_batch_run_var(nep_batch *b);

/* After nep_batch_run_var. */
NEP_MUST_USE bool nep_batch_holds(const nep_batch *b, size_t proof);
NEP_MUST_USE bool nep_batch_alpha_is_member(const nep_batch *b, size_t ciphertext);
NEP_MUST_USE bool nep_batch_beta_is_member(const nep_batch *b, size_t ciphertext);

#endif
