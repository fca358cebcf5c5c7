/* Inside crypto/ and its tests only: the known answers that nep_group_self_test compares. */
#ifndef NEP_CRYPTO_SELFTEST_H
#define NEP_CRYPTO_SELFTEST_H

#include "crypto/group.h"

/* SHA-256 of texts (protocol.md §2), from tests/vectors: made by other programs than ours. */
typedef struct nep_known {
  const char *group;
  const char *last_scalar; /* q - 1 */
  const char *generator;
  const char *credential_key; /* HashToField of the credential of vectors.txt */
  const char *credential;     /* g to that power */
  const char *challenge;      /* HashGroup("-prove", "abc|", (g, g^2)) */
  const char *outsider;       /* itself, not hashed: a valid encoding outside the subgroup */
} nep_known;

/* Known answers of group i of nep_group_at. */
const nep_known *nep_known_at(size_t i);

NEP_MUST_USE nep_status nep_group_check(const nep_group *g, const nep_known *known, nep_error *err);

#endif
