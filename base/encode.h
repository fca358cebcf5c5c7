/* Hex, base64 and Base58 text forms; strict readers. */
#ifndef NEP_BASE_ENCODE_H
#define NEP_BASE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Base58 alphabet of protocol.md §2. */
#define NEP_BASE58 "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

/* Lower-case hex; out has room for 2*len+1 characters. */
void nep_hex(const void *data, size_t len, char *out);

/* Exactly 2*len lower-case hex digits, nothing else; out has no meaning when false. Constant time.
   (Our own: libsodium's takes capitals too, so each element of each ballot would be read twice.) */
NEP_MUST_USE bool nep_unhex(const char *text, size_t text_len, void *out, size_t len);

/* Standard base64 without '=' (trackers, fingerprints). Room: (4*len+2)/3+1. */
void nep_base64(const void *data, size_t len, char *out);
void nep_base64url(const void *data, size_t len, char *out);

/* Strict readers (no padding, no white space, no unused bits set); false when malformed or longer
   than max. */
NEP_MUST_USE bool nep_unbase64(const char *text, size_t text_len, void *out, size_t max,
                               size_t *len);
NEP_MUST_USE bool nep_unbase64url(const char *text, size_t text_len, void *out, size_t max,
                                  size_t *len);

/* True when every one of the `len` characters is in the Base58 alphabet. */
bool nep_is_base58(const char *text, size_t len);

/* Tracker of a hash in hex (protocol.md §2): base64 of its 32 bytes; out has 44 bytes.
   False when `hex` is not 64 lower-case hex digits. */
NEP_MUST_USE bool nep_tracker(const char *hex, char out[44]);

/* True for well-formed UTF-8 without overlong forms or surrogates. */
bool nep_is_utf8(const char *text, size_t len);

#endif
