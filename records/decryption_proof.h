/* The second proof of a partial decryption, beside the archive (PROTOCOL-ADDITIONS 14). The proof
   inside the archive does not hash ciphertext and factor, so a trustee who casts the very last
   counted ballot can shift its factor by some votes unseen (A2, crypto/proof.h). The challenge of
   this one covers all of it, so that it can be made for the true factors only. */
#ifndef NEP_RECORDS_DECRYPTION_PROOF_H
#define NEP_RECORDS_DECRYPTION_PROOF_H

#include "protocol/tally.h"

enum { NEP_DECRYPTION_PROOF_MAX = 64 << 20 }; /* bytes of a text, or of a list of them */

/* Appends {"owner":n,"election_hash":phi,"tally_hash":h,"decryption":h,"proofs":[[proof..]..]}: a
   row for each question, {"challenge","response"} for each ciphertext. tally_hash is SHA-256 of the
   encrypted tally's text, decryption that of the partial decryption's object. Each is the proof of
   protocol.md §10 with the prefix
   NEP-1-decryption|phi|tally_hash|decryption|text(X)|q,i|text(alpha),text(factor)|
   for the i-th ciphertext of question q, both counted from 1. x is the trustee's secret key, f the
   verified object that was made with it. */
void nep_decryption_proof_make(const nep_encrypted_tally *t, const nep_trustees *tr,
                               const nep_factors *f, const nep_scalar *x, nep_buf *out);

/* Verifies a proof for a partial decryption that nep_decryption_verify has accepted. The error
   names the trustee and the first ciphertext. Codes "decryption-proof-parse" (not canonical, other
   fields, not one proof for each ciphertext), "decryption-proof-other" (of another trustee,
   election, tally or decryption), "decryption-proof" (it does not hold: the factor is not shown to
   be right). */
NEP_MUST_USE nep_status nep_decryption_proof_verify(const nep_encrypted_tally *t,
                                                    const nep_trustees *tr, const nep_factors *f,
                                                    nep_bytes text, nep_error *err);

/* NEP_E_CHECK "decryption-proof-missing" about that trustee. */
NEP_MUST_USE nep_status nep_decryption_proof_missing(const nep_trustees *tr, size_t owner,
                                                     nep_error *err);

#endif
