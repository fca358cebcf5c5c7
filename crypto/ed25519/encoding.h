/* Points as bytes (RFC 8032) and as text (protocol.md §2: the same bytes reversed, in hex). */
#ifndef NEP_CRYPTO_ED25519_ENCODING_H
#define NEP_CRYPTO_ED25519_ENCODING_H

#include "crypto/ed25519/point.h"

enum { NEP_POINT_BYTES = 32, NEP_POINT_HEX = 64 };

/* n encodings, one inversion for every 32 of them; constant time in the points. */
void nep_point_bytes_many(uint8_t (*out)[NEP_POINT_BYTES], const nep_element *e, size_t n);

/* y and the sign of x to a point with Z = 1. The result is 0 when there is no such point or the
   encoding is not canonical (y >= p, or x = 0 with the sign set). Constant time. */
NEP_MUST_USE uint64_t nep_point_from_bytes(nep_point *p, const uint8_t in[NEP_POINT_BYTES]);

/* The bytes of a text, without looking at the point; NULL, or why the text is refused (then the
   bytes are those of the identity). */
const char *nep_point_unhex(uint8_t out[NEP_POINT_BYTES], const void *text, size_t len);
/* Why bytes are refused. */
extern const char nep_point_refusal[];

/* NULL, or why the text is refused. */
const char *nep_point_parse(nep_point *p, const char *text, size_t len);

#endif
