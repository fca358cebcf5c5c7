/* Sending a ballot and keeping the receipt. */
#ifndef NEP_CLIENT_CAST_H
#define NEP_CLIENT_CAST_H

#include "client-cli/paper.h"
#include "client-cli/voter.h"
#include "records/receipt.h"

/* The casting request's body: ballot, statement and spaces up to exactly `bytes` (A16).
   NEP_E_INTERNAL when they are longer. */
NEP_MUST_USE nep_status nep_cast_body(nep_bytes ballot, nep_bytes statement, size_t bytes,
                                      nep_buf *out, nep_error *err);

/* Verifies a cast receipt: signed with the server's key, for this election and this ballot. */
NEP_MUST_USE nep_status nep_cast_receipt_check(nep_bytes envelope, const char *server_key,
                                               const nep_election *e, nep_bytes ballot,
                                               nep_cast_receipt *out, nep_error *err);

/* Sends ballot n of the folder, as it lies there, and stores the verified receipt. When the server
   refuses it, the ballot is put aside with the server's signed refusal; when there was no clear
   answer it stays, to be sent again unchanged. */
NEP_MUST_USE nep_status nep_cast_send(nep_voter *v, const nep_paper *paper, unsigned n,
                                      nep_cast_receipt *receipt, nep_error *err);

#endif
