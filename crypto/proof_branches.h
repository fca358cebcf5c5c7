/* Proofs of a disjunction, the shape that interval and blank proofs share (protocol.md §9).

   Branch j states that (alpha_j, beta_j / g^shift_j) encrypts 0 under y. One branch is true, the
   others are simulated, and the challenges add up to the hash of all commitments. */
#ifndef NEP_CRYPTO_PROOF_BRANCHES_H
#define NEP_CRYPTO_PROOF_BRANCHES_H

#include "crypto/hash.h"
#include "crypto/key_internal.h"

/* Consecutive branches on one ciphertext: shift = first, first+1, .., first+count-1. */
typedef struct nep_branches {
  const nep_ciphertext *c;
  const nep_scalar *r; /* prover only: the secret randomness of c, */
  unsigned value;      /* and its secret plaintext */
  unsigned first;
  size_t count;
} nep_branches;

/* Proves the runs of branches in order. `hash` holds tag and message; it is ended here. The secret
   `true_branch` counts through all runs. Constant time in it, in plaintexts and randomness.
   `random` as in crypto/proof.h. */
void nep_branches_prove(const nep_key *key, nep_challenge *hash, const nep_branches *runs,
                        size_t n_runs, unsigned true_branch, nep_stream *random, nep_proof *out);

/* True when the challenges of all branches add up to the hash of the recomputed commitments. */
NEP_MUST_USE bool nep_branches_verify_var(const nep_key *key, nep_challenge *hash,
                                          const nep_branches *runs, size_t n_runs,
                                          const nep_proof *proofs);

#endif
