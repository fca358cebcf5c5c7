/* Frames between nep-server and nep-signer: 4 bytes of length, most significant first, then that
   many bytes of JSON. Request: {"purpose":"cast-receipt","messages":[M..]}; answer:
   {"envelopes":[E..]}, in order. Request: {"purpose":"public-key","messages":[]};      answer:
   {"key":"<hex>"}. nep-signer refuses a request by closing the connection. */
#ifndef NEP_SIGNER_FRAME_H
#define NEP_SIGNER_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum {
  NEP_FRAME_HEADER = 4,
  NEP_REQUEST_MAX = 1 << 20, /* bytes of a request */
  NEP_ANSWER_MAX = 4 << 20,  /* bytes of an answer: an envelope is less than 1 KiB longer */
  NEP_REQUEST_MESSAGES = 1024
};

/* Appends one frame. */
void nep_frame_add(nep_buf *out, nep_bytes text);

/* Looks for a whole frame at the start of `in`. True: *text is it (borrowed) and *used counts its
   bytes with the header. False: more bytes are needed, or, with *bad, the length is 0 or over max.
 */
bool nep_frame_next(nep_bytes in, uint32_t max, nep_bytes *text, size_t *used, bool *bad);

#endif
