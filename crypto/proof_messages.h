/* Inside crypto/ only: the message parts of the hashes of proofs, one place for prover, verifier
   and batch. Each starts the hash; the commitments follow. */
#ifndef NEP_CRYPTO_PROOF_MESSAGES_H
#define NEP_CRYPTO_PROOF_MESSAGES_H

#include "crypto/hash.h"

/* protocol.md §9: S || "|", then text(alpha) || "," || text(beta) || "|" */
void nep_interval_message(nep_challenge *hash, const nep_group *g, const char *tag, nep_bytes s);
void nep_interval_message_end(nep_challenge *hash, nep_bytes alpha, nep_bytes beta);

/* protocol.md §9: the message is S2 itself, which holds every ciphertext. */
void nep_blank_message(nep_challenge *hash, const nep_group *g, const char *tag, nep_bytes s2);

/* protocol.md §5: text(vk) || "|" || JSON(M) */
void nep_signature_message(nep_challenge *hash, const nep_group *g, const char *tag,
                           nep_bytes public_key_text, nep_bytes json);

#endif
