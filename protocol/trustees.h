/* Trustees of an election (protocol.md §7). */
#ifndef NEP_PROTOCOL_TRUSTEES_H
#define NEP_PROTOCOL_TRUSTEES_H

#include "crypto/proof.h"
#include "protocol/findings.h"
#include "protocol/json.h"

enum { NEP_TRUSTEES_TEXT_MAX = 1 << 20, NEP_OWNERS_MAX = 256 };

/* One trustee; its number ("owner", from 1) is its place in nep_trustees.owners plus 1. */
typedef struct nep_owner {
  nep_element public_key;       /* X = g^x */
  nep_element verification_key; /* of the certificate: signs partial decryptions */
  nep_element encryption_key;
  char *name;     /* NULL when it has none */
  size_t item;    /* place in the list of items */
  uint64_t index; /* 1-based inside a Pedersen item; 0 for a Single */
} nep_owner;

typedef struct nep_trustee_item {
  bool pedersen;
  size_t first, n;  /* owners[first .. first+n-1] */
  size_t threshold; /* number needed; n for a Single (1) */
} nep_trustee_item;

typedef struct nep_trustees {
  const nep_group *group;
  nep_owner *owners;
  size_t n_owners;
  nep_trustee_item *items;
  size_t n_items;
  nep_element election_key; /* product over the items */
} nep_trustees;

/* Parses the canonical text and runs every check of protocol.md §7; faults go to *f with the codes
   trustees-parse, trustee-key, trustee-cert, trustee-pok, trustee-outer-signature,
   threshold-context, threshold-cert, threshold-coefexps, threshold-signature,
   threshold-verification-key. *out is set as soon as keys and owners can be read, even when checks
   failed (so that one fault gives one report); otherwise NULL. Free with nep_trustees_free. */
void nep_trustees_verify(const nep_group *g, nep_bytes text, nep_trustees **out, nep_findings *f);
void nep_trustees_free(nep_trustees *t); /* NULL allowed */

#endif
