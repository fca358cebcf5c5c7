/* The published list of credentials (protocol.md §8). */
#ifndef NEP_PROTOCOL_CREDENTIALS_H
#define NEP_PROTOCOL_CREDENTIALS_H

#include "crypto/group.h"
#include "protocol/findings.h"
#include "protocol/json.h"

enum { NEP_WEIGHT_MAX = 1000000000 };

typedef struct nep_credentials nep_credentials;

/* Parses and checks: canonical, distinct, members, no identity, weights. Faults: noncanonical,
   credentials-parse, credentials-duplicate, credentials-membership, credentials-identity,
   credentials-weight. *out is NULL only when nothing can be read. Read-only afterwards, shared by
   threads. Keeps texts, not elements: at most 100 bytes per credential in Ed25519, 660 in the
   integer groups. `jobs` threads (0: one per processor) decode and test the elements; what is found
   does not depend on them. */
void nep_credentials_verify(const nep_group *g, nep_bytes text, unsigned jobs,
                            nep_credentials **out, nep_findings *f);
void nep_credentials_free(nep_credentials *c); /* NULL allowed */

size_t nep_credentials_count(const nep_credentials *c);
size_t nep_credentials_bytes(const nep_credentials *c); /* memory that the list takes */
uint64_t nep_credentials_total_weight(const nep_credentials *c);
/* Place of a credential by its text; false when it is not in the list. */
NEP_MUST_USE bool nep_credentials_find(const nep_credentials *c, const char *text, size_t len,
                                       size_t *place);
uint64_t nep_credentials_weight(const nep_credentials *c, size_t place);
/* Text of the credential at a place, to be decoded for signatures; it is a member of the group,
   unless a fault said otherwise when the list was read. Borrowed. */
nep_bytes nep_credentials_text(const nep_credentials *c, size_t place);

/* Canonical list text from public credentials (texts), sorted in the tool's order; weights may be
   NULL (all 1, left out) or give one each. Refuses duplicates, non-members, the identity. */
NEP_MUST_USE nep_status nep_credentials_make(const nep_group *g, const char *const *texts,
                                             const uint64_t *weights, size_t n, nep_buf *out,
                                             nep_error *err);

#endif
