#include <stdlib.h>

#include "base/memory.h"
#include "crypto/group_ops.h"
#include "crypto/key_internal.h"

nep_key *nep_key_new(const nep_group *g, const nep_element *y)
{
  nep_key *key = nep_alloc(1, sizeof *key);
  key->group = g;
  key->y = nep_base_new(g, y);
  return key;
}

void nep_key_free(nep_key *key)
{
  if (!key)
    return;
  nep_base_free(key->y);
  free(key);
}

size_t nep_key_bytes(const nep_key *key)
{
  return sizeof *key + sizeof *key->y + key->group->table_bytes(key->group);
}

const nep_group *nep_key_group(const nep_key *key)
{
  return key->group;
}

const nep_element *nep_key_element(const nep_key *key)
{
  return nep_base_element(key->y);
}

/* protocol.md §9: alpha = g^r, beta = y^r g^m. Both y^r and y^r g are computed and one is picked:
   an exponentiation by m might show that an exponent was zero. */
void nep_encrypt(const nep_key *key, nep_ciphertext *c, const nep_scalar *r, unsigned m)
{
  const nep_group *g = key->group;
  nep_element y_r, y_r_g;
  nep_element_generator(g, &y_r_g);
  nep_base_exp(key->y, &y_r, r);
  nep_element_mul(g, &y_r_g, &y_r_g, &y_r);
  nep_element_exp_g(g, &c->alpha, r);
  nep_element_select(&c->beta, &y_r, &y_r_g, m);
  nep_wipe(&y_r, sizeof y_r);
  nep_wipe(&y_r_g, sizeof y_r_g);
}

void nep_ciphertext_one(const nep_group *g, nep_ciphertext *c)
{
  nep_element_one(g, &c->alpha);
  nep_element_one(g, &c->beta);
}

void nep_ciphertext_mul(const nep_group *g, nep_ciphertext *r, const nep_ciphertext *a,
                        const nep_ciphertext *b)
{
  nep_element_mul(g, &r->alpha, &a->alpha, &b->alpha);
  nep_element_mul(g, &r->beta, &a->beta, &b->beta);
}

void nep_ciphertext_div(const nep_group *g, nep_ciphertext *r, const nep_ciphertext *a,
                        const nep_ciphertext *b)
{
  nep_element_div(g, &r->alpha, &a->alpha, &b->alpha);
  nep_element_div(g, &r->beta, &a->beta, &b->beta);
}

void nep_ciphertext_exp_var(const nep_group *g, nep_ciphertext *r, const nep_ciphertext *a,
                            uint64_t weight)
{
  if (weight == 1) {
    *r = *a;
    return;
  }
  nep_scalar exponent;
  nep_scalar_set(g, &exponent, weight);
  nep_element_exp_var(g, &r->alpha, &a->alpha, &exponent);
  nep_element_exp_var(g, &r->beta, &a->beta, &exponent);
}
