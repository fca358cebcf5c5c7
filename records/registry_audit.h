/* The audit of a registry at the freeze: who is registered, by which credential, and what is
   refused and why. Whoever holds the boxes' masks runs it; the outcome names no person. */
#ifndef NEP_RECORDS_REGISTRY_AUDIT_H
#define NEP_RECORDS_REGISTRY_AUDIT_H

#include "protocol/findings.h"
#include "records/idtoken.h"
#include "records/registry_share.h"

/* What the auditors bring themselves, and never take from the server whose registry they judge. */
typedef struct nep_registry_rules {
  nep_idtoken_policy policy; /* its times and leeway are not used */
  const nep_bytes *key_sets; /* the provider's (JWKS), while registration lasted */
  size_t n_key_sets;
} nep_registry_rules;

typedef struct nep_registry_counts {
  uint64_t registrations; /* in the export */
  uint64_t persons;       /* for whom the provider has signed at least one of them */
  uint64_t replaced;      /* registrations in whose place a later one stands */
  uint64_t refused;       /* registrations refused, each named in the findings */
  uint64_t credentials;   /* in the list */
} nep_registry_counts;

/* Refusals go to *f, object "registration <nonce>", with the codes
   audit-token       not signed by the provider for this nonce, by its key set and at its own time
   audit-provider    the key set that the server kept is not the provider's
                     (the token holds under none of those that the auditors have)
   audit-sealed      the box does not open, or its content has not the right form
   audit-nonce       the token signs something else than what the box holds
   audit-replaces    the export names another predecessor than the box
   audit-roll        the person is not on the roll
   audit-possession  no proof of the credential's private key
   audit-fork        of one person, two first registrations or two that replace the same one
   audit-chain       the line from the first to the latest is broken for this person
   audit-elections   the person's latest registration does not name this election
   audit-duplicate   several persons have registered this credential
   A person with one refused registration gets no credential at all: which one is the latest could
   not be said. `credentials` gets the list of nep_credentials_make, sorted by element. NEP_E_STATE
   "no-credentials" when nothing is left. A token must have been right when it was issued. */
NEP_MUST_USE nep_status nep_registry_audit(const nep_registry *r, const nep_element *masks,
                                           const nep_registry_rules *rules, nep_findings *f,
                                           nep_registry_counts *counts, nep_buf *credentials,
                                           nep_error *err);

#endif
