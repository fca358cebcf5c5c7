/* Keys derived from seeds and credentials (protocol.md §6-§8), sealed boxes of the channels,
   threshold sharing. Secret arguments and results are wiped by their owner. */
#ifndef NEP_CRYPTO_KEYS_H
#define NEP_CRYPTO_KEYS_H

#include "crypto/proof.h"

enum {
  NEP_SEED_LENGTH = 44,
  NEP_CREDENTIAL_LENGTH = 25 /* 5-6-5-6 with dashes */
};

/* protocol.md §6: 44 Base58 characters; false otherwise. */
NEP_MUST_USE bool nep_seed_is_valid(const char *seed, size_t len);
void nep_seed_signing_key(const nep_group *g, const char *seed, nep_scalar *sk);    /* derive_sk */
void nep_seed_decryption_key(const nep_group *g, const char *seed, nep_scalar *dk); /* derive_dk */
void nep_seed_single_key(const nep_group *g, const char *seed, nep_scalar *x);      /* basic_key */
/* Polynomial coefficients a_0..a_{threshold-1} of the Pedersen ceremony; threshold is at most
   nep_hash_to_field_max(g): 30 in RFC-3526-2048, 170 in the other groups. */
void nep_seed_polynomial(const nep_group *g, const char *seed, size_t threshold, nep_scalar *a);

/* protocol.md §8: XXXXX-XXXXXX-XXXXX-XXXXXX of Base58; false otherwise. */
NEP_MUST_USE bool nep_credential_is_valid(const char *credential, size_t len);
void nep_credential_new(char out[NEP_CREDENTIAL_LENGTH + 1]);
/* Private key of a credential in the election `uuid`. */
void nep_credential_key(const nep_group *g, const char *uuid, const char *credential,
                        nep_scalar *key);

/* ---- sealed box of a channel (protocol.md §6, steps 2-3); `tag` is D in full ---- */

typedef struct nep_sealed {
  nep_element alpha;
  nep_element beta;
  nep_buf data; /* AES-256-GCM ciphertext followed by the 16-byte tag (raw bytes) */
} nep_sealed;

/* Plaintexts up to 1 MiB. */
void nep_seal(const nep_group *g, const char *tag, const nep_element *encryption_key,
              nep_bytes plaintext, nep_sealed *out);
/* Membership of alpha and beta was checked by the caller (parse_member). Appends to *plaintext, to
   be ended with nep_buf_wipe. NEP_E_CHECK when the tag does not fit. */
NEP_MUST_USE nep_status nep_unseal(const nep_group *g, const char *tag, const nep_scalar *dk,
                                   const nep_sealed *sealed, nep_buf *plaintext, nep_error *err);
/* The same for several holders of one key: shared is g^s = beta / alpha^dk, which they found
   together. */
NEP_MUST_USE nep_status nep_unseal_shared(const nep_group *g, const char *tag,
                                          const nep_element *shared, const nep_sealed *sealed,
                                          nep_buf *plaintext, nep_error *err);
void nep_sealed_free(nep_sealed *s);

/* ---- threshold sharing (protocol.md §7, §10) ---- */

/* f(j) for a secret polynomial of `threshold` coefficients. */
void nep_share_eval(const nep_group *g, const nep_scalar *a, size_t threshold, uint64_t j,
                    nep_scalar *out);
/* prod_k A_k^(j^k) for public A_k = g^a_k. */
void nep_share_public_var(const nep_group *g, const nep_element *coefexps, size_t threshold,
                          uint64_t j, nep_element *out);
/* Lagrange coefficient at 0 of indices[i] among the n distinct indices (1-based). */
void nep_lagrange_var(const nep_group *g, const uint64_t *indices, size_t n, size_t i,
                      nep_scalar *out);

#endif
