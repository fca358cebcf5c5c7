/* Inside protocol/ only: the checks of a Pedersen key generation (protocol.md §7), shared by the
   verifier of the finished parameters and by the steps of the ceremony. Each adds its faults and
   says whether it held. */
#ifndef NEP_PROTOCOL_THRESHOLD_H
#define NEP_PROTOCOL_THRESHOLD_H

#include "protocol/trustees.h"

typedef struct nep_member {
  nep_element verification_key, encryption_key;
  const char *coefexps_hash; /* borrowed from the certificate */
} nep_member;

typedef struct nep_threshold {
  const nep_group *group;
  nep_findings *findings;
  const char *object;    /* names the whole in faults */
  const json_t *context; /* borrowed */
  nep_buf context_text;
  size_t n, needed;
  const char **names;    /* n, borrowed from the context */
  nep_member *members;   /* n, after nep_threshold_read_certs */
  nep_buf signed_text;   /* {"context":C,"certs":[..]}, what each member signs */
  nep_element *coefexps; /* n * needed, row i after nep_threshold_check_coefexps(i) */
} nep_threshold;         /* zero-initialise with findings and object; nep_threshold_end */

/* Step 0. With group NULL the context's own name chooses it. Code threshold-context. */
bool nep_threshold_read_context(nep_threshold *t, const json_t *context);
/* Step 2: a list of n certificates, each at its place. Code threshold-cert. */
bool nep_threshold_read_certs(nep_threshold *t, const json_t *certs);
/* Step 4: E_i against certificate i, and its signature. Codes threshold-coefexps,
   threshold-signature. i counts from 0. */
bool nep_threshold_check_coefexps(nep_threshold *t, size_t i, const json_t *coefexps);
bool nep_threshold_check_signature(nep_threshold *t, size_t i, const json_t *signature);
/* The verification key of member i: proof of knowledge, name, value, outer signature. Codes
   trustee-key, trustee-pok, threshold-context, threshold-verification-key,
   trustee-outer-signature. */
bool nep_threshold_check_key(nep_threshold *t, size_t i, const json_t *key,
                             nep_element *public_key);
/* g^f(j) for the sum f of all polynomials, j from 1. */
void nep_threshold_public_key(const nep_threshold *t, uint64_t j, nep_element *out);
void nep_threshold_end(nep_threshold *t);

/* ---- what a Single has in common with it ---- */

/* An element that is a key: canonical, in the group, not the identity. */
bool nep_key_read(nep_findings *f, const char *object, const nep_group *g, const json_t *holder,
                  const char *key, const char *code, nep_element *out);
/* {"message":{"public_key","name"?},"signature"}: the key and its proof of knowledge. */
bool nep_trustee_pok_check(nep_findings *f, const char *object, const nep_group *g,
                           const json_t *key, nep_element *public_key);
/* The outer signature over it. */
bool nep_trustee_outer_check(nep_findings *f, const char *object, const nep_group *g,
                             const json_t *outer, const nep_element *verification_key);

#endif
