/* The trust file of an event: who may sign what, and what trustees and voters insist on. Canonical
   JSON, made by the commission at the key ceremony, published with every election of the event,
   pinned by trustees and clients:
   {"event","identity":{"issuer","audience","claim"},"audit":<trustees of the audit key, group
   Ed25519>,"audit_signers":[{"name","key"}..],"officials":[..],"officials_needed","observers":[..],
   "observers_needed","mirrors":[..],"mirrors_needed","receipts":<key of nep-signer>,
   "claims_period":<seconds>,"minimum_count","weights":<bool>} */
#ifndef NEP_RECORDS_TRUST_H
#define NEP_RECORDS_TRUST_H

#include <stdint.h>

#include "protocol/trustees.h"
#include "records/registration.h"
#include "records/signed.h"

enum {
  NEP_TRUST_MAX = 1 << 20, /* bytes of a trust file */
  NEP_TRUST_NAME_MAX = 128,
  NEP_TRUST_PERSONS_MAX = 64, /* of one role */
  NEP_FINGERPRINT = 43        /* characters: base64 of 32 bytes */
};

typedef enum nep_role {
  NEP_ROLE_AUDIT_SIGNER, /* signs verdicts on the registry */
  NEP_ROLE_OFFICIAL,     /* signs freeze acts and tally acts */
  NEP_ROLE_OBSERVER,     /* signs tally acts too */
  NEP_ROLE_MIRROR,       /* countersigns heads */
  NEP_ROLE_COUNT
} nep_role;
const char *nep_role_name(nep_role role); /* "official" */

typedef struct nep_pinned {
  char name[NEP_TRUST_NAME_MAX + 1];
  char key[NEP_PUBLIC_KEY_HEX + 1];
} nep_pinned;

typedef struct nep_trust {
  char *text; /* canonical, as it was read */
  size_t text_len;
  char hash[65];                         /* what acts and verdicts name: the fingerprint in hex */
  char fingerprint[NEP_FINGERPRINT + 1]; /* what people compare: the same in base64 */
  char event[NEP_EVENT_MAX + 1];
  char *issuer, *audience, *claim;
  nep_trustees *audit;
  nep_pinned *pinned[NEP_ROLE_COUNT];
  size_t n_pinned[NEP_ROLE_COUNT];
  size_t needed[NEP_ROLE_COUNT]; /* of the audit's signers one is */
  char receipts[NEP_PUBLIC_KEY_HEX + 1];
  int64_t claims_period;  /* seconds between freeze and opening */
  uint64_t minimum_count; /* voters that a tally must have for trustees to decrypt it */
  bool weights;           /* weights other than 1 are expected */
} nep_trust;

/* Checks the form of every field, that all names and all keys are distinct (one person cannot act
   in two roles), that enough are there for what is needed, and every proof of the auditors' keys.
   Codes "trust" and those of nep_trustees_verify. *out is new (nep_trust_free). */
NEP_MUST_USE nep_status nep_trust_parse(nep_bytes text, nep_trust **out, nep_error *err);
void nep_trust_free(nep_trust *t); /* NULL allowed */

/* Appends the canonical text of these fields, with this text of the auditors' keys; text, hash,
   fingerprint and audit of `t` are not looked at. */
void nep_trust_write(const nep_trust *t, nep_bytes audit, nep_buf *out);

/* base64 of SHA-256("NEP-1-trust" || 00 || text); `hex` may be NULL. */
void nep_trust_fingerprint(nep_bytes text, char base64[NEP_FINGERPRINT + 1], char hex[65]);

/* Who acts in this role with this key (hex); NULL when nobody does. */
const nep_pinned *nep_trust_find(const nep_trust *t, nep_role role, const char *key);

#endif
