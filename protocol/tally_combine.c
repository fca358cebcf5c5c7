/* Partial decryptions of enough trustees give alpha^x (protocol.md §10, Combination). */
#include <stdlib.h>

#include "base/memory.h"
#include "crypto/keys.h"
#include "protocol/tally.h"

static nep_element **products_new(const nep_election *e)
{
  nep_element **products = nep_alloc(e->n_questions, sizeof *products);
  for (size_t q = 0; q < e->n_questions; q++) {
    size_t n = nep_question_choices(&e->questions[q]);
    products[q] = nep_alloc(n, sizeof **products);
    for (size_t i = 0; i < n; i++)
      nep_element_one(e->group, &products[q][i]);
  }
  return products;
}

void nep_products_free(const nep_election *e, nep_element **products)
{
  for (size_t q = 0; products && q < e->n_questions; q++)
    free(products[q]);
  free(products);
}

/* products *= factors^exponent; NULL stands for 1. */
static void multiply(const nep_election *e, nep_element **products, const nep_factors *f,
                     const nep_scalar *exponent)
{
  for (size_t q = 0; q < e->n_questions; q++) {
    for (size_t i = 0; i < nep_question_choices(&e->questions[q]); i++) {
      nep_element powered = f->rows[q][i];
      if (exponent)
        nep_element_exp_var(e->group, &powered, &f->rows[q][i], exponent);
      nep_element_mul(e->group, &products[q][i], &products[q][i], &powered);
    }
  }
}

static const nep_factors *find_owner(const nep_factors *const *factors, size_t n, size_t owner)
{
  for (size_t i = 0; i < n; i++)
    if (factors[i]->owner == owner)
      return factors[i];
  return NULL;
}

static void name_missing(const nep_trustees *tr, const nep_trustee_item *item,
                         const nep_factors *const *factors, size_t n, nep_buf *out)
{
  for (size_t owner = item->first + 1; owner <= item->first + item->n; owner++) {
    const char *name = tr->owners[owner - 1].name;
    if (find_owner(factors, n, owner))
      continue;
    nep_buf_printf(out, "%strustee %zu", out->len > 0 ? ", " : "", owner);
    if (name)
      nep_buf_printf(out, " (%s)", name);
  }
}

static nep_status combine_item(const nep_trustees *tr, const nep_election *e,
                               const nep_trustee_item *item, const nep_factors *const *factors,
                               size_t n, nep_element **products, nep_error *err)
{
  const nep_factors *used[NEP_OWNERS_MAX];
  uint64_t indices[NEP_OWNERS_MAX];
  size_t found = 0;
  for (size_t i = item->first; i < item->first + item->n && found < item->threshold; i++) {
    used[found] = find_owner(factors, n, i + 1);
    indices[found] = tr->owners[i].index;
    found += used[found] != NULL;
  }
  if (found < item->threshold) {
    nep_buf missing = {0};
    name_missing(tr, item, factors, n, &missing);
    nep_status s =
        nep_fail(err, NEP_E_CHECK, "pd-missing", "partial decryptions",
                 "%zu of %zu needed are there; missing: %s", found, item->threshold, missing.data);
    nep_buf_free(&missing);
    return s;
  }
  for (size_t i = 0; i < found; i++) {
    nep_scalar l;
    if (item->pedersen)
      nep_lagrange_var(e->group, indices, found, i, &l);
    multiply(e, products, used[i], item->pedersen ? &l : NULL);
  }
  return NEP_OK;
}

nep_status nep_factors_combine(const nep_trustees *tr, const nep_election *e,
                               const nep_factors *const *factors, size_t n, nep_element ***products,
                               nep_error *err)
{
  nep_status s = NEP_OK;
  *products = NULL;
  nep_element **acc = products_new(e);
  for (size_t i = 0; s == NEP_OK && i < tr->n_items; i++)
    s = combine_item(tr, e, &tr->items[i], factors, n, acc, err);
  if (s == NEP_OK)
    *products = acc;
  else
    nep_products_free(e, acc);
  return s;
}
