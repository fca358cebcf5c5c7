/* Lists of signed envelopes, as acts and countersignatures travel and are published: a JSON array
   of envelopes. What an envelope says and who signed it, each kind verifies for itself. */
#ifndef NEP_RECORDS_ENVELOPES_H
#define NEP_RECORDS_ENVELOPES_H

#include <jansson.h>

#include "base/buf.h"
#include "base/status.h"

enum { NEP_ENVELOPES_MAX = 128, NEP_ENVELOPE_TEXT_MAX = 8192 };

/* Zero-initialise; nep_envelopes_free. */
typedef struct nep_envelopes {
  char *owned[NEP_ENVELOPES_MAX];
  nep_bytes texts[NEP_ENVELOPES_MAX]; /* canonical, each the text of one envelope */
  size_t n;
} nep_envelopes;

/* Appends every member of an array. Codes "shape" (not an array of objects), "too-many",
   "too-long". */
NEP_MUST_USE nep_status nep_envelopes_add_all(nep_envelopes *list, const json_t *array,
                                              nep_error *err);
/* Appends what a canonical text holds: one envelope or an array of them. Codes as above and of
   nep_json_parse_canonical. */
NEP_MUST_USE nep_status nep_envelopes_add_text(nep_envelopes *list, nep_bytes text, nep_error *err);
/* Appends the canonical array. */
void nep_envelopes_write(const nep_envelopes *list, nep_buf *out);
void nep_envelopes_free(nep_envelopes *list); /* NULL allowed; leaves an empty list */

#endif
