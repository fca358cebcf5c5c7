/* Making trustees' keys: single keys and the Pedersen ceremony (protocol.md §6-§7). Each function
   verifies what it is given before it acts. JSON texts in, JSON text appended to `out`. Seeds are
   44 Base58 characters. Texts with many messages hold one JSON message a line. */
#ifndef NEP_PROTOCOL_CEREMONY_H
#define NEP_PROTOCOL_CEREMONY_H

#include "crypto/keys.h"
#include "protocol/trustees.h"

/* ["Single",P]'s P for a seed; name may be NULL. file_id gets the 8 hex digits. */
void nep_single_public_key(const nep_group *g, const char *seed, const char *name, nep_buf *out,
                           char file_id[9]);

/* {"algorithm","group","names","threshold"}: 0 < threshold < n_names. */
NEP_MUST_USE nep_status nep_threshold_context(const nep_group *g, const char *const *names,
                                              size_t n_names, size_t threshold, nep_buf *out,
                                              nep_error *err);

/* Step 1: member `index` (from 1) makes its certificate. id gets the SHA-256 hex of the message. */
NEP_MUST_USE nep_status nep_threshold_cert(nep_bytes context, const char *seed, uint64_t index,
                                           nep_buf *out, char id[65], nep_error *err);
/* Step 2: all certificates (lines). */
NEP_MUST_USE nep_status nep_threshold_check_certs(nep_bytes context, nep_bytes certs,
                                                  nep_error *err);
/* Step 3: polynomial of the member with this seed. */
NEP_MUST_USE nep_status nep_threshold_polynomial(nep_bytes context, nep_bytes certs,
                                                 const char *seed, nep_buf *out, nep_error *err);
/* Step 4: the input for member `index` from all polynomials (lines). */
NEP_MUST_USE nep_status nep_threshold_vinput(nep_bytes context, nep_bytes certs,
                                             nep_bytes polynomials, uint64_t index, nep_buf *out,
                                             nep_error *err);
/* Step 5: the member opens its vinput, checks the shares, puts out its voutput. */
NEP_MUST_USE nep_status nep_threshold_voutput(nep_bytes context, nep_bytes certs, nep_bytes vinput,
                                              const char *seed, nep_buf *out, nep_error *err);
/* Step 6: T from everything; voutputs are lines in member order. */
NEP_MUST_USE nep_status nep_threshold_parameters(nep_bytes context, nep_bytes certs,
                                                 nep_bytes polynomials, nep_bytes voutputs,
                                                 nep_buf *out, nep_error *err);
/* The private_key part of a voutput (the member's .dkey). */
NEP_MUST_USE nep_status nep_threshold_dkey(nep_bytes voutput, nep_buf *out, nep_error *err);

/* The `trustees` text: singles (lines, may be empty) first, then the threshold parameters (may be
   empty). */
NEP_MUST_USE nep_status nep_trustees_make(nep_bytes singles, nep_bytes threshold, nep_buf *out,
                                          nep_error *err);

/* The decryption key of the trustee with this seed: for a Single derived, for a Pedersen member
   opened from its dkey text (NULL data for a Single). *owner gets its number. The seed must fit a
   certificate of `t` and the key its public key. */
NEP_MUST_USE nep_status nep_trustee_key(const nep_trustees *t, const char *seed, nep_bytes dkey,
                                        nep_scalar *x, nep_scalar *signing_key, size_t *owner,
                                        nep_error *err);

#endif
