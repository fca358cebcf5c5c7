/* Inside server/signer/ only: what the client's files share. */
#ifndef NEP_SIGNER_CLIENT_INSIDE_H
#define NEP_SIGNER_CLIENT_INSIDE_H

#include <jansson.h>

#include "server/signer/client.h"

/* Sends one request; *answer is inside *in, which the caller frees. */
NEP_MUST_USE nep_status nep_signer_ask(nep_signer *s, const char *purpose,
                                       const nep_bytes *messages, size_t n, nep_buf *in,
                                       nep_bytes *answer, nep_error *err);

/* *answer is a new reference or NULL, whatever the status. NEP_E_STATE when the signer refuses
   because of its memory. */
NEP_MUST_USE nep_status nep_signer_parse(nep_bytes text, json_t **answer, nep_error *err);

/* Asks and parses. */
NEP_MUST_USE nep_status nep_signer_converse(nep_signer *s, const char *purpose,
                                            const nep_bytes *messages, size_t n, json_t **answer,
                                            nep_error *err);

/* What the signer answers is no fault of whoever asked us. */
NEP_MUST_USE nep_status nep_signer_our_fault(nep_status status, nep_error *err);

#endif
