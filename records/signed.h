/* Envelopes of our own signed messages: {"message":M,"key":"<hex>","signature":"<base64>"}, an
   Ed25519 signature (RFC 8032) over tag || 00 || canonical text of M. */
#ifndef NEP_RECORDS_SIGNED_H
#define NEP_RECORDS_SIGNED_H

#include <jansson.h>

#include "base/buf.h"
#include "base/status.h"

enum { NEP_PUBLIC_KEY_HEX = 64 };

/* A signing key in locked memory. */
typedef struct nep_signing_key nep_signing_key;

nep_signing_key *nep_signing_key_new(void); /* random; never NULL */
void nep_signing_key_free(nep_signing_key *k);
void nep_signing_key_public(const nep_signing_key *k, char hex[NEP_PUBLIC_KEY_HEX + 1]);
/* File form: "nep-signing-key-1 <base64 of the 32-byte seed>\n", mode 0600; never overwritten. */
NEP_MUST_USE nep_status nep_signing_key_save(const nep_signing_key *k, const char *path,
                                             nep_error *err);
NEP_MUST_USE nep_status nep_signing_key_load(const char *path, nep_signing_key **out,
                                             nep_error *err);

/* Appends the envelope of a canonical JSON message. */
void nep_envelope_make(const nep_signing_key *k, const char *tag, nep_bytes message, nep_buf *out);

/* Parses a canonical envelope and verifies it with the key `public_hex` (or, when that is NULL,
   with the key it names: then the caller compares *key). *message is a new reference. Codes
   "envelope", "signature". */
NEP_MUST_USE nep_status nep_envelope_verify(nep_bytes text, const char *tag, const char *public_hex,
                                            json_t **message, char key[NEP_PUBLIC_KEY_HEX + 1],
                                            nep_error *err);

#endif
