/* Frames between nep-server and nep-signer: 4 bytes of length, most significant first, then that
   many bytes of JSON. Requests {"purpose":P,"messages":[M..]} and their answers:
     P a purpose of signatures, e.g. "cast-receipt"   {"envelopes":[E..]}, in order, canonical
     "public-key", no message                         {"key":"<hex>"}
     "known", one message {"uuid"}                    {"known":N}: heights 0 to N-1 are remembered
     "events", messages {"uuid","event":<event>} of one election, heights rising by one
                                                      {"known":N} after remembering them
     "memory", one message {"after":<uuid or "">}     {"memory":[{"uuid","height","event"}..]}: the
                                                      highest event of each election, by uuid
     "casts-known", "casts-events", "casts-memory"    the same of the chain of cast statements
   What would contradict the signer's memory is answered {"refused":{"code","reason"}}; any other
   request that is refused ends the connection. */
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
