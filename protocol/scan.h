/* Reading canonical text of a fixed shape from its start, piece by piece,
   where a tree of JSON values would be too large or would leave copies of secrets behind. */
#ifndef NEP_PROTOCOL_SCAN_H
#define NEP_PROTOCOL_SCAN_H

#include <stdbool.h>

#include "base/buf.h"
#include "crypto/proof.h"

/* Steps over exactly these characters; false and no step when others stand there. */
NEP_MUST_USE bool nep_scan_skip(nep_bytes *text, const char *expected);

/* Takes up to `max` printable ASCII characters without quote and backslash, which stand for
   themselves in JSON, and the quote that ends them. */
NEP_MUST_USE bool nep_scan_plain(nep_bytes *text, size_t max, nep_bytes *out);

/* Takes {"challenge":"..","response":".."}, both canonical and below the group's order. */
NEP_MUST_USE bool nep_scan_proof(const nep_group *g, nep_bytes *text, nep_proof *out);

#endif
