/* Group values inside JSON: proofs, ciphertexts, signed messages. */
#ifndef NEP_PROTOCOL_VALUES_H
#define NEP_PROTOCOL_VALUES_H

#include "crypto/proof.h"
#include "protocol/json.h"

/* {"challenge":c,"response":r} */
NEP_MUST_USE nep_status nep_proof_read(const nep_group *g, const json_t *value, const char *where,
                                       nep_proof *out, nep_error *err);
void nep_proof_write(const nep_group *g, nep_buf *out, const nep_proof *proof);

/* {"alpha":a,"beta":b}; membership is not tested. */
NEP_MUST_USE nep_status nep_ciphertext_read(const nep_group *g, const json_t *value,
                                            const char *where, nep_ciphertext *out, nep_error *err);
/* In two steps, for elements that nep_element_parse_many_var parses: the object's shape, and the
   result; refusal[0] and element[0] are alpha's, [1] beta's. */
NEP_MUST_USE nep_status nep_ciphertext_shape(const json_t *value, const char *where,
                                             nep_error *err);
NEP_MUST_USE nep_status nep_ciphertext_take(const nep_group *g, const nep_element element[2],
                                            const char *const refusal[2], nep_ciphertext *out,
                                            nep_error *err);
void nep_ciphertext_write(const nep_group *g, nep_buf *out, const nep_ciphertext *c);

/* An element in a string field of `object`; membership is not tested. */
NEP_MUST_USE nep_status nep_element_read(const nep_group *g, const json_t *object, const char *key,
                                         nep_element *out, nep_error *err);
void nep_element_write(const nep_group *g, nep_buf *out, const nep_element *e); /* with quotes */

/* {"message":M,"signature":S}: splits it and reads S. *message is borrowed. */
NEP_MUST_USE nep_status nep_signed_read(const nep_group *g, const json_t *value, const char *where,
                                        const json_t **message, nep_proof *signature,
                                        nep_error *err);
/* Verifies over the canonical text of `message`. */
NEP_MUST_USE bool nep_signed_verify_var(const nep_group *g, const char *tag,
                                        const nep_element *public_key, const json_t *message,
                                        const nep_proof *signature);
/* Appends {"message":<json>,"signature":{..}} made with sk. */
void nep_signed_write(const nep_group *g, const char *tag, const nep_scalar *sk, nep_bytes json,
                      nep_buf *out);

#endif
