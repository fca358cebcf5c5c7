#include "crypto/hash.h"
#include "crypto/proof.h"
#include "crypto/proof_messages.h"

/* protocol.md §5: c = HashGroup(d, text(vk) || "|" || JSON(M), (A)) */
static void challenge_of(const nep_group *g, const char *tag, const nep_element *public_key,
                         nep_bytes json, const nep_element *commitment, nep_scalar *out)
{
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_challenge hash;
  nep_signature_message(&hash, g, tag, (nep_bytes){text, nep_element_text(g, public_key, text)},
                        json);
  nep_challenge_elements(&hash, commitment, 1);
  nep_challenge_end(&hash, out);
}

void nep_sign(const nep_group *g, const char *tag, const nep_scalar *sk, nep_bytes json,
              nep_proof *out)
{
  nep_scalar w;
  nep_element public_key, commitment;
  nep_element_exp_g(g, &public_key, sk);
  nep_scalar_random(g, &w);
  nep_element_exp_g(g, &commitment, &w);
  challenge_of(g, tag, &public_key, json, &commitment, &out->challenge);
  nep_scalar_mul(g, &out->response, sk, &out->challenge);
  nep_scalar_sub(g, &out->response, &w, &out->response);
  nep_scalar_wipe(&w);
}

bool nep_signature_verify_var(const nep_group *g, const char *tag, const nep_element *public_key,
                              nep_bytes json, const nep_proof *signature)
{
  nep_element commitment;
  nep_scalar expected;
  nep_commit_var(nep_base_generator(g), public_key, 1, &signature->response, &signature->challenge,
                 NULL, &commitment);
  challenge_of(g, tag, public_key, json, &commitment, &expected);
  return nep_scalar_equal(&signature->challenge, &expected);
}
