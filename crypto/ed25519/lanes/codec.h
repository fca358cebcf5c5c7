/* Points from and to their 32 bytes, eight at a time: as crypto/ed25519/encoding.h. */
#ifndef NEP_CRYPTO_ED25519_LANES_CODEC_H
#define NEP_CRYPTO_ED25519_LANES_CODEC_H

#include "crypto/ed25519/encoding.h"
#include "crypto/ed25519/lanes/point.h"

typedef uint8_t nep_point_code[NEP_POINT_BYTES];

/* n times eight points, n at most NEP_DECODE_MAX. Bit l of valid[k]: whether bytes in[k][l] are the
   canonical encoding of a point of the curve; the points of other lanes have no meaning. */
enum { NEP_DECODE_MAX = NEP_FE8_ROW_MAX };
void nep_point8_decode(nep_point8 *p, __mmask8 *valid, nep_point_code *const (*in)[NEP_LANES],
                       size_t n);

/* n points to bytes; one inversion in the lanes for every few hundred. */
void nep_lanes_encode(uint8_t (*out)[NEP_POINT_BYTES], const nep_element *e, size_t n);

#endif
