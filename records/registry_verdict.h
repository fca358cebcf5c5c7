/* The auditors' word on a list of credentials, tag NEP-1-registry-verdict: {"uuid","event","trust",
   "export","credentials","counts":{"registrations","persons","replaced","refused","credentials"},
   "time"}; trust, export and credentials are SHA-256 in hex. */
#ifndef NEP_RECORDS_REGISTRY_VERDICT_H
#define NEP_RECORDS_REGISTRY_VERDICT_H

#include "records/registry_audit.h"
#include "records/trust.h"

typedef struct nep_registry_verdict {
  char uuid[65];
  char event[NEP_EVENT_MAX + 1];
  char trust[65], export[65], credentials[65];
  nep_registry_counts counts;
  char time[21];
} nep_registry_verdict;

/* Appends the canonical message, to be put into an envelope. */
void nep_registry_verdict_write(const nep_registry_verdict *v, nep_buf *message);
/* Codes "envelope", "signature", "shape"; `key` gets the signer's, for the caller to look up. */
NEP_MUST_USE nep_status nep_registry_verdict_verify(nep_bytes envelope, nep_registry_verdict *out,
                                                    char key[NEP_PUBLIC_KEY_HEX + 1],
                                                    nep_error *err);

/* The same, held against a trust file and the list that is published: signed by one of its audit
   signers ("verdict-signer"), about this election of this event ("verdict-election"), under this
   trust file ("verdict-trust"), and about the list with this SHA-256 ("verdict-list"). */
NEP_MUST_USE nep_status nep_registry_verdict_check(nep_bytes envelope, const nep_trust *trust,
                                                   const char *uuid, const char *credentials_hash,
                                                   nep_registry_verdict *out, nep_error *err);

#endif
