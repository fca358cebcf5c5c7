#include "crypto/keys.h"

/* Horner: ((a_{t-1} j + a_{t-2}) j + ..) + a_0 */
void nep_share_eval(const nep_group *g, const nep_scalar *a, size_t threshold, uint64_t j,
                    nep_scalar *out)
{
  nep_scalar at, value;
  nep_scalar_set(g, &at, j);
  nep_scalar_zero(&value);
  for (size_t k = threshold; k-- > 0;) {
    nep_scalar_mul(g, &value, &value, &at);
    nep_scalar_add(g, &value, &value, &a[k]);
  }
  *out = value;
  nep_scalar_wipe(&value);
}

/* The same in the exponent. */
void nep_share_public_var(const nep_group *g, const nep_element *coefexps, size_t threshold,
                          uint64_t j, nep_element *out)
{
  nep_scalar at;
  nep_element value;
  nep_scalar_set(g, &at, j);
  nep_element_one(g, &value);
  for (size_t k = threshold; k-- > 0;) {
    nep_element_exp_var(g, &value, &value, &at);
    nep_element_mul(g, &value, &value, &coefexps[k]);
  }
  *out = value;
}

/* protocol.md §10: l_i = prod over the other indices k of k / (k - i), modulo q. */
void nep_lagrange_var(const nep_group *g, const uint64_t *indices, size_t n, size_t i,
                      nep_scalar *out)
{
  nep_scalar self, above, below;
  nep_scalar_set(g, &self, indices[i]);
  nep_scalar_set(g, &above, 1);
  nep_scalar_set(g, &below, 1);
  for (size_t k = 0; k < n; k++) {
    nep_scalar other, distance;
    if (k == i)
      continue;
    nep_scalar_set(g, &other, indices[k]);
    nep_scalar_sub(g, &distance, &other, &self);
    nep_scalar_mul(g, &above, &above, &other);
    nep_scalar_mul(g, &below, &below, &distance);
  }
  nep_scalar_invert_var(g, &below, &below);
  nep_scalar_mul(g, out, &above, &below);
}
