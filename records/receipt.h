/* What nep-signer signs for voters and observers. Each _write appends the canonical message; each
   _read checks that a message has exactly these fields, well formed; each _verify reads an envelope
   signed with the key `public_hex` and checks every field's form; codes "envelope", "signature",
   "shape". */
#ifndef NEP_RECORDS_RECEIPT_H
#define NEP_RECORDS_RECEIPT_H

#include <stdint.h>

#include "records/registration.h"
#include "records/signed.h"

/* {"uuid","election_hash","tracker","height","event","time"}, tag NEP-1-cast-receipt */
typedef struct nep_cast_receipt {
  char uuid[65];
  char election_hash[65];
  char tracker[44];
  uint64_t height;
  char event[65];
  char time[21];
} nep_cast_receipt;

void nep_cast_receipt_write(const nep_cast_receipt *r, nep_buf *message);
NEP_MUST_USE nep_status nep_cast_receipt_read(const json_t *message, nep_cast_receipt *out,
                                              nep_error *err);
NEP_MUST_USE nep_status nep_cast_receipt_verify(nep_bytes envelope, const char *public_hex,
                                                nep_cast_receipt *out, nep_error *err);

/* {"event","nonce","elections":[uuid..],"time"}, tag NEP-1-registration-receipt */
typedef struct nep_registration_receipt {
  char event[NEP_EVENT_MAX + 1];
  char nonce[NEP_NONCE_LENGTH + 1];
  char elections[NEP_REGISTRATION_ELECTIONS_MAX][65];
  size_t n_elections;
  char time[21];
} nep_registration_receipt;

void nep_registration_receipt_write(const char *event, const char *nonce,
                                    const char *const *elections, size_t n, const char *time,
                                    nep_buf *message);
NEP_MUST_USE nep_status nep_registration_receipt_read(const json_t *message,
                                                      nep_registration_receipt *out,
                                                      nep_error *err);
NEP_MUST_USE nep_status nep_registration_receipt_verify(nep_bytes envelope, const char *public_hex,
                                                        nep_registration_receipt *out,
                                                        nep_error *err);

/* {"uuid","tracker","statement"?,"code","time"}, tag NEP-1-refusal: a cast that was received and
   not accepted. `statement` is what decides whether "cast-order" was right. */
typedef struct nep_refusal {
  char uuid[65];
  char tracker[44];
  char statement[65]; /* hash of the cast statement that came along; "": it is not named */
  char code[48];      /* as nep_error.code */
  char time[21];
} nep_refusal;

void nep_refusal_write(const nep_refusal *r, nep_buf *message);
NEP_MUST_USE nep_status nep_refusal_read(const json_t *message, nep_refusal *out, nep_error *err);
NEP_MUST_USE nep_status nep_refusal_verify(nep_bytes envelope, const char *public_hex,
                                           nep_refusal *out, nep_error *err);

/* The checkpoint: {"uuid","height","event","size","time"}, tag NEP-1-head. `height` is that of the
   last event, `size` counts the archive's bytes up to its end. */
typedef struct nep_head {
  char uuid[65];
  uint64_t height;
  char event[65];
  uint64_t size;
  char time[21];
} nep_head;

void nep_head_write(const nep_head *h, nep_buf *message);
NEP_MUST_USE nep_status nep_head_read(const json_t *message, nep_head *out, nep_error *err);
NEP_MUST_USE nep_status nep_head_verify(nep_bytes envelope, const char *public_hex, nep_head *out,
                                        nep_error *err);

#endif
