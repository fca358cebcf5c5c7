/* The groups by name, and the functions of group.h that only pass on to the implementation. */
#include "crypto/group.h"

#include <string.h>

#include "crypto/group_ops.h"

static const nep_group *const GROUPS[] = {&nep_group_ed25519, &nep_group_belenios_2048,
                                          &nep_group_rfc3526_2048};

const nep_group *nep_group_at(size_t i)
{
  return i < sizeof GROUPS / sizeof GROUPS[0] ? GROUPS[i] : NULL;
}

const nep_group *nep_group_find(const char *name, size_t len)
{
  for (size_t i = 0; i < sizeof GROUPS / sizeof GROUPS[0]; i++)
    if (strlen(GROUPS[i]->name) == len && memcmp(GROUPS[i]->name, name, len) == 0)
      return GROUPS[i];
  return NULL;
}

const char *nep_group_name(const nep_group *g)
{
  return g->name;
}

void nep_element_one(const nep_group *g, nep_element *e)
{
  g->one(g, e);
}

void nep_element_generator(const nep_group *g, nep_element *e)
{
  g->generator(g, e);
}

void nep_element_mul(const nep_group *g, nep_element *r, const nep_element *a, const nep_element *b)
{
  g->mul(g, r, a, b);
}

void nep_element_inv(const nep_group *g, nep_element *r, const nep_element *a)
{
  g->inv(g, r, a);
}

void nep_element_div(const nep_group *g, nep_element *r, const nep_element *a, const nep_element *b)
{
  nep_element inverse;
  g->inv(g, &inverse, b);
  g->mul(g, r, a, &inverse);
}

bool nep_element_equal(const nep_group *g, const nep_element *a, const nep_element *b)
{
  return g->equal(g, a, b);
}

bool nep_element_is_one(const nep_group *g, const nep_element *a)
{
  nep_element one;
  g->one(g, &one);
  return g->equal(g, a, &one);
}

void nep_element_select(nep_element *r, const nep_element *a, const nep_element *b, unsigned pick_b)
{
  uint64_t mask = 0 - (uint64_t)(pick_b & 1);
  for (size_t i = 0; i < NEP_LIMBS; i++)
    r->limb[i] = a->limb[i] ^ (mask & (a->limb[i] ^ b->limb[i]));
}

int nep_element_compare_var(const nep_group *g, const nep_element *a, const nep_element *b)
{
  return g->compare_var(g, a, b);
}

void nep_element_exp(const nep_group *g, nep_element *r, const nep_element *base,
                     const nep_scalar *s)
{
  g->exp(g, r, base, s);
}

void nep_element_exp_g(const nep_group *g, nep_element *r, const nep_scalar *s)
{
  g->exp_g(g, r, s);
}

void nep_element_exp_var(const nep_group *g, nep_element *r, const nep_element *base,
                         const nep_scalar *s)
{
  g->exp_var(g, r, base, s);
}

bool nep_element_is_member_var(const nep_group *g, const nep_element *a)
{
  return g->is_member_var(g, a);
}

nep_status nep_element_refused(const nep_group *g, const char *refusal, nep_error *err)
{
  return nep_fail(err, NEP_E_INPUT, "encoding", NULL, "not an element of %s: %s", g->name, refusal);
}

nep_status nep_element_parse(const nep_group *g, nep_element *e, const char *text, size_t len,
                             nep_error *err)
{
  const char *refusal = g->parse(g, e, text, len);
  if (!refusal)
    return NEP_OK;
  g->one(g, e);
  return nep_element_refused(g, refusal, err);
}

nep_status nep_element_parse_member(const nep_group *g, nep_element *e, const char *text,
                                    size_t len, bool identity_ok, nep_error *err)
{
  nep_status status = nep_element_parse(g, e, text, len, err);
  if (status != NEP_OK)
    return status;
  if (!nep_element_is_member_var(g, e)) {
    g->one(g, e);
    return nep_fail(err, NEP_E_CHECK, "membership", NULL,
                    "the element is not in the prime-order subgroup of %s", g->name);
  }
  if (!identity_ok && nep_element_is_one(g, e))
    return nep_fail(err, NEP_E_CHECK, "identity", NULL,
                    "the identity is not allowed here: anybody knows its discrete logarithm");
  return NEP_OK;
}

size_t nep_element_text(const nep_group *g, const nep_element *e, char out[NEP_ELEMENT_TEXT_MAX])
{
  g->text_many(g, e, 1, (char(*)[NEP_ELEMENT_TEXT_MAX])out);
  return g->one_length ? g->element_chars : strlen(out);
}

void nep_element_text_many(const nep_group *g, const nep_element *e, size_t n,
                           char (*out)[NEP_ELEMENT_TEXT_MAX])
{
  if (n > 0)
    g->text_many(g, e, n, out);
}

void nep_element_text_many_var(const nep_group *g, const nep_element *e, size_t n, char *out,
                               size_t stride)
{
  if (n > 0)
    g->text_many_var(g, e, n, out, stride);
}

void nep_element_parse_many_var(const nep_group *g, nep_element *e, const nep_bytes *text, size_t n,
                                const char **refusal)
{
  g->parse_many_var(g, e, text, n, refusal);
  for (size_t i = 0; i < n; i++)
    if (refusal[i])
      g->one(g, &e[i]);
}

size_t nep_element_text_longest(const nep_group *g)
{
  return g->element_chars;
}
