/* What nep-signer does with one request; no sockets here. */
#ifndef NEP_SIGNER_ANSWER_H
#define NEP_SIGNER_ANSWER_H

#include "base/buf.h"
#include "records/signed.h"
#include "server/signer/memory.h"

/* Appends the answer's JSON (server/signer/frame.h says both shapes). All messages or none: on an
   error nothing is appended. Whatever a message says of an election's events is in the memory,
   durably, before it is signed. NEP_E_STATE when it contradicts the memory ("signer-conflict") or
   the memory lacks events below a head ("signer-gap"). */
NEP_MUST_USE nep_status nep_signer_answer(const nep_signing_key *key, nep_memory *memory,
                                          nep_bytes request, nep_buf *answer, nep_error *err);

#endif
