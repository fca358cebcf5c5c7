/* ElGamal and its zero-knowledge proofs (protocol.md §5, §9, §10). Tags are given in full. */
#ifndef NEP_CRYPTO_PROOF_H
#define NEP_CRYPTO_PROOF_H

#include "crypto/group.h"
#include "crypto/stream.h"

typedef struct nep_ciphertext {
  nep_element alpha;
  nep_element beta;
} nep_ciphertext;

/* An election's public key y with what verification precomputes. Shared by threads once made. */
typedef struct nep_key nep_key;
nep_key *nep_key_new(const nep_group *g, const nep_element *y); /* y in the group; never NULL */
void nep_key_free(nep_key *key);                                /* NULL allowed */
const nep_group *nep_key_group(const nep_key *key);
size_t nep_key_bytes(const nep_key *key); /* memory that it takes */
const nep_element *nep_key_element(const nep_key *key);

/* ---- ElGamal ---- */

/* alpha = g^r, beta = y^r g^m for a secret r and a secret m in {0,1}. */
void nep_encrypt(const nep_key *key, nep_ciphertext *c, const nep_scalar *r, unsigned m);
void nep_ciphertext_one(const nep_group *g, nep_ciphertext *c);
void nep_ciphertext_mul(const nep_group *g, nep_ciphertext *r, const nep_ciphertext *a,
                        const nep_ciphertext *b);
/* r = a * b^-1: takes a ballot out of a product again. */
void nep_ciphertext_div(const nep_group *g, nep_ciphertext *r, const nep_ciphertext *a,
                        const nep_ciphertext *b);
void nep_ciphertext_exp_var(const nep_group *g, nep_ciphertext *r, const nep_ciphertext *a,
                            uint64_t weight);

/* ---- interval proofs: the plaintext is one of min..max ---- */

/* protocol.md §9 iprove: `out` gets max-min+1 proofs; `value` and `r` are secret, value in
   min..max. Constant time in both. `random` gives what is drawn, NULL: the system's generator (so
   in all provers of ballots). */
void nep_interval_prove(const nep_key *key, const char *tag, nep_bytes s, const nep_ciphertext *c,
                        unsigned min, unsigned max, unsigned value, const nep_scalar *r,
                        nep_stream *random, nep_proof *out);
/* Membership of c and the number of proofs are checked by the caller. */
NEP_MUST_USE bool nep_interval_verify_var(const nep_key *key, const char *tag, nep_bytes s,
                                          const nep_ciphertext *c, unsigned min, unsigned max,
                                          const nep_proof *proofs);

/* ---- blank votes (protocol.md §9): c0 encrypts the blank bit, cs the product of the others ----
 */

/* The two proofs of "m0 = 0 or mS = 0". `blank` is the secret m0, `sum` the secret mS; r0 and rs
   the randomness. */
void nep_blank_prove(const nep_key *key, nep_bytes s2, const nep_ciphertext *c0,
                     const nep_ciphertext *cs, unsigned blank, unsigned sum, const nep_scalar *r0,
                     const nep_scalar *rs, nep_stream *random, nep_proof out[2]);
NEP_MUST_USE bool nep_blank_verify_var(const nep_key *key, nep_bytes s2, const nep_ciphertext *c0,
                                       const nep_ciphertext *cs, const nep_proof proofs[2]);
/* The max-min+2 proofs of "m0 = 1 or mS in min..max". */
void nep_blank_overall_prove(const nep_key *key, nep_bytes s2, const nep_ciphertext *c0,
                             const nep_ciphertext *cs, unsigned min, unsigned max, unsigned blank,
                             unsigned sum, const nep_scalar *r0, const nep_scalar *rs,
                             nep_stream *random, nep_proof *out);
NEP_MUST_USE bool nep_blank_overall_verify_var(const nep_key *key, nep_bytes s2,
                                               const nep_ciphertext *c0, const nep_ciphertext *cs,
                                               unsigned min, unsigned max, const nep_proof *proofs);

/* ---- correct decryption (protocol.md §10) ---- */

/* factor = alpha^x for the secret key x of X, and its proof; prefix is phi|text(X)| .

   A limit of the protocol that we must match bit for bit: its challenge covers phi, X and the
   commitments, but not alpha and factor themselves. For ciphertexts fixed beforehand the proof is
   sound. A trustee who also casts the very last counted ballot chooses alpha after the challenge
   and can pass off a false factor (test a2_limit_..). What refuses it stands beside the archive: a
   second proof, by the same functions, whose prefix covers the tally and all factors
   (records/decryption_proof.h). */
void nep_decryption_prove(const nep_group *g, nep_bytes prefix, const nep_scalar *x,
                          const nep_element *alpha, nep_element *factor, nep_proof *out);
NEP_MUST_USE bool nep_decryption_verify_var(const nep_group *g, nep_bytes prefix,
                                            const nep_element *public_key, const nep_element *alpha,
                                            const nep_element *factor, const nep_proof *proof);

/* ---- signatures (protocol.md §5) ---- */

/* Signs `json`, the canonical text of the message, with tag and secret key sk. */
void nep_sign(const nep_group *g, const char *tag, const nep_scalar *sk, nep_bytes json,
              nep_proof *out);
NEP_MUST_USE bool nep_signature_verify_var(const nep_group *g, const char *tag,
                                           const nep_element *public_key, nep_bytes json,
                                           const nep_proof *signature);

#endif
