#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/proof.h"
#include "crypto/tags.h"

/* protocol.md §10: c = HashGroup("BELENIOS-V2-decrypt", phi || "|" || text(X) || "|", (A, B)) */
static void challenge_of(const nep_group *g, nep_bytes prefix, const nep_element commitment[2],
                         nep_scalar *out)
{
  nep_challenge hash;
  nep_challenge_start(&hash, g, NEP_TAG_DECRYPT);
  nep_challenge_text(&hash, prefix);
  nep_challenge_elements(&hash, commitment, 2);
  nep_challenge_end(&hash, out);
}

void nep_decryption_prove(const nep_group *g, nep_bytes prefix, const nep_scalar *x,
                          const nep_element *alpha, nep_element *factor, nep_proof *out)
{
  nep_scalar w;
  nep_element commitment[2];
  nep_scalar_random(g, &w);
  nep_element_exp(g, factor, alpha, x);
  nep_element_exp_g(g, &commitment[0], &w);
  nep_element_exp(g, &commitment[1], alpha, &w);
  challenge_of(g, prefix, commitment, &out->challenge);
  nep_scalar_mul(g, &out->response, x, &out->challenge);
  nep_scalar_sub(g, &out->response, &w, &out->response);
  nep_scalar_wipe(&w);
}

bool nep_decryption_verify_var(const nep_group *g, nep_bytes prefix, const nep_element *public_key,
                               const nep_element *alpha, const nep_element *factor,
                               const nep_proof *proof)
{
  nep_element commitment[2], alpha_r, factor_c;
  nep_scalar expected;
  nep_commit_var(nep_base_generator(g), public_key, 1, &proof->response, &proof->challenge, NULL,
                 &commitment[0]);
  nep_element_exp_var(g, &alpha_r, alpha, &proof->response);
  nep_element_exp_var(g, &factor_c, factor, &proof->challenge);
  nep_element_mul(g, &commitment[1], &alpha_r, &factor_c);
  challenge_of(g, prefix, commitment, &expected);
  return nep_scalar_equal(&proof->challenge, &expected);
}
