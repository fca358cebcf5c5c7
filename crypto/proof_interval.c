#include "crypto/proof_branches.h"
#include "crypto/proof_messages.h"

static void start_hash(nep_challenge *hash, const nep_group *g, const char *tag, nep_bytes s,
                       const nep_ciphertext *c)
{
  char alpha[NEP_ELEMENT_TEXT_MAX], beta[NEP_ELEMENT_TEXT_MAX];
  nep_interval_message(hash, g, tag, s);
  nep_interval_message_end(hash, (nep_bytes){alpha, nep_element_text(g, &c->alpha, alpha)},
                           (nep_bytes){beta, nep_element_text(g, &c->beta, beta)});
}

void nep_interval_prove(const nep_key *key, const char *tag, nep_bytes s, const nep_ciphertext *c,
                        unsigned min, unsigned max, unsigned value, const nep_scalar *r,
                        nep_stream *random, nep_proof *out)
{
  nep_branches run = {.c = c, .r = r, .value = value, .first = min, .count = (size_t)max - min + 1};
  nep_challenge hash;
  start_hash(&hash, key->group, tag, s, c);
  nep_branches_prove(key, &hash, &run, 1, value - min, random, out);
}

bool nep_interval_verify_var(const nep_key *key, const char *tag, nep_bytes s,
                             const nep_ciphertext *c, unsigned min, unsigned max,
                             const nep_proof *proofs)
{
  if (max < min)
    return false;
  nep_branches run = {.c = c, .first = min, .count = (size_t)max - min + 1};
  nep_challenge hash;
  start_hash(&hash, key->group, tag, s, c);
  return nep_branches_verify_var(key, &hash, &run, 1, proofs);
}
