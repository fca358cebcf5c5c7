/* Inside protocol/ only: what the files of the ceremony share. */
#ifndef NEP_PROTOCOL_CEREMONY_LINES_H
#define NEP_PROTOCOL_CEREMONY_LINES_H

#include "crypto/proof.h"
#include "protocol/json.h"

/* One canonical JSON value a line, the last newline optional. *out is a new list. `what` names the
   file in errors. */
NEP_MUST_USE nep_status nep_lines_parse(nep_bytes text, const char *what, json_t **out,
                                        nep_error *err);

/* Appends the verification key of a trustee: signed with the key itself, then with sk. */
void nep_verification_key_write(const nep_group *g, const nep_scalar *key, const nep_scalar *sk,
                                const char *name, nep_buf *out);

#endif
