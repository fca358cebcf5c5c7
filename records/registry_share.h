/* The auditors open the boxes of a registry together: each gives alpha^x of every box with a proof
   that it is right, enough of them give the mask of the box. No auditor's key is ever in one place
   with another's, and no box opens without `threshold` of them. */
#ifndef NEP_RECORDS_REGISTRY_SHARE_H
#define NEP_RECORDS_REGISTRY_SHARE_H

#include "protocol/trustees.h"
#include "records/registry.h"

typedef struct nep_registry_share {
  size_t owner; /* from 1, among the auditors */
  size_t n;     /* boxes of the export, in its order */
  nep_element *factors;
} nep_registry_share;

/* Appends {"owner":n,"export":hash,"factors":[{"factor","proof"}..]}: the proof of protocol.md §10
   with the prefix NEP-1-registry-open|export|text(X)|text(alpha),text(factor)| , so that its
   challenge covers box and factor too. */
void nep_registry_share_make(const nep_registry *r, size_t owner, const nep_scalar *x,
                             nep_buf *out);

/* Reads and verifies a share; the error names the auditor and the first box whose factor is wrong.
   Codes "share", "share-proof". Free with nep_registry_share_free. */
NEP_MUST_USE nep_status nep_registry_share_verify(const nep_registry *r,
                                                  const nep_trustees *auditors, nep_bytes text,
                                                  nep_registry_share **out, nep_error *err);
void nep_registry_share_free(nep_registry_share *s); /* NULL allowed */

/* masks[i] = alpha^dk for each box, from valid shares of distinct auditors. NEP_E_CHECK
   "share-missing" when they are not enough. `masks` has room for r->n_entries. */
NEP_MUST_USE nep_status nep_registry_masks(const nep_registry *r, const nep_trustees *auditors,
                                           const nep_registry_share *const *shares, size_t n,
                                           nep_element *masks, nep_error *err);

#endif
