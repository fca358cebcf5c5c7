#include "crypto/proof_branches.h"
#include "crypto/proof_messages.h"
#include "crypto/tags.h"

void nep_blank_prove(const nep_key *key, nep_bytes s2, const nep_ciphertext *c0,
                     const nep_ciphertext *cs, unsigned blank, unsigned sum, const nep_scalar *r0,
                     const nep_scalar *rs, nep_stream *random, nep_proof out[2])
{
  const nep_branches runs[2] = {{.c = c0, .r = r0, .value = blank, .count = 1},
                                {.c = cs, .r = rs, .value = sum, .count = 1}};
  nep_challenge hash;
  nep_blank_message(&hash, key->group, NEP_TAG_BLANK_PROOF, s2);
  nep_branches_prove(key, &hash, runs, 2, blank, random, out);
}

bool nep_blank_verify_var(const nep_key *key, nep_bytes s2, const nep_ciphertext *c0,
                          const nep_ciphertext *cs, const nep_proof proofs[2])
{
  const nep_branches runs[2] = {{.c = c0, .count = 1}, {.c = cs, .count = 1}};
  nep_challenge hash;
  nep_blank_message(&hash, key->group, NEP_TAG_BLANK_PROOF, s2);
  return nep_branches_verify_var(key, &hash, runs, 2, proofs);
}

/* Branch 0 for a blank vote, else the branch of `sum`, without a branch on either. */
static unsigned overall_branch(unsigned blank, unsigned sum, unsigned min)
{
  return (blank - 1U) & (1U + sum - min);
}

void nep_blank_overall_prove(const nep_key *key, nep_bytes s2, const nep_ciphertext *c0,
                             const nep_ciphertext *cs, unsigned min, unsigned max, unsigned blank,
                             unsigned sum, const nep_scalar *r0, const nep_scalar *rs,
                             nep_stream *random, nep_proof *out)
{
  const nep_branches runs[2] = {
      {.c = c0, .r = r0, .value = blank, .first = 1, .count = 1},
      {.c = cs, .r = rs, .value = sum, .first = min, .count = (size_t)max - min + 1}};
  nep_challenge hash;
  nep_blank_message(&hash, key->group, NEP_TAG_BLANK_OVERALL, s2);
  nep_branches_prove(key, &hash, runs, 2, overall_branch(blank, sum, min), random, out);
}

bool nep_blank_overall_verify_var(const nep_key *key, nep_bytes s2, const nep_ciphertext *c0,
                                  const nep_ciphertext *cs, unsigned min, unsigned max,
                                  const nep_proof *proofs)
{
  if (max < min)
    return false;
  const nep_branches runs[2] = {{.c = c0, .first = 1, .count = 1},
                                {.c = cs, .first = min, .count = (size_t)max - min + 1}};
  nep_challenge hash;
  nep_blank_message(&hash, key->group, NEP_TAG_BLANK_OVERALL, s2);
  return nep_branches_verify_var(key, &hash, runs, 2, proofs);
}
