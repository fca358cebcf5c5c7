/* The group Ed25519: the prime-order subgroup of edwards25519, behind crypto/group_ops.h. */
#include <stdlib.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/ed25519/encoding.h"
#include "crypto/ed25519/engine.h"
#include "crypto/ed25519/logarithm.h"
#include "crypto/ed25519/member.h"
#include "crypto/ed25519/order.h"
#include "crypto/ed25519/power.h"
#include "crypto/ed25519/secret.h"
#include "crypto/ed25519/table.h"
#include "crypto/group_ops.h"

enum { BATCH = 32, BATCH_VAR = 256 };

static void one(const nep_group *g, nep_element *e)
{
  (void)g;
  nep_point_store(e, &nep_point_identity);
}

static void generator(const nep_group *g, nep_element *e)
{
  (void)g;
  nep_point_store(e, &nep_point_generator);
}

static void mul(const nep_group *g, nep_element *r, const nep_element *a, const nep_element *b)
{
  (void)g;
  nep_point p = nep_point_of(a), q = nep_point_of(b);
  p = nep_point_add(&p, &q);
  nep_point_store(r, &p);
}

static void inv(const nep_group *g, nep_element *r, const nep_element *a)
{
  (void)g;
  nep_point p = nep_point_of(a);
  p = nep_point_neg(&p);
  nep_point_store(r, &p);
}

static bool equal(const nep_group *g, const nep_element *a, const nep_element *b)
{
  (void)g;
  nep_point p = nep_point_of(a), q = nep_point_of(b);
  return nep_point_equal(&p, &q) != 0;
}

static void affine_bytes(const nep_element *e, uint8_t x[NEP_POINT_BYTES],
                         uint8_t y[NEP_POINT_BYTES])
{
  nep_point p = nep_point_of(e);
  nep_fe inverse = nep_fe_invert(p.z);
  nep_fe_bytes(x, nep_fe_mul(p.x, inverse));
  nep_fe_bytes(y, nep_fe_mul(p.y, inverse));
}

static int compare_le(const uint8_t *a, const uint8_t *b, size_t len)
{
  for (size_t i = len; i-- > 0;)
    if (a[i] != b[i])
      return a[i] < b[i] ? -1 : 1;
  return 0;
}

static int compare_var(const nep_group *g, const nep_element *a, const nep_element *b)
{
  (void)g;
  uint8_t ax[NEP_POINT_BYTES], ay[NEP_POINT_BYTES], bx[NEP_POINT_BYTES], by[NEP_POINT_BYTES];
  affine_bytes(a, ax, ay);
  affine_bytes(b, bx, by);
  int by_x = compare_le(ax, bx, sizeof ax);
  return by_x ? by_x : compare_le(ay, by, sizeof ay);
}

static void exp_var(const nep_group *g, nep_element *r, const nep_element *base,
                    const nep_scalar *s)
{
  (void)g;
  nep_point p = nep_point_of(base);
  p = nep_point_power_var(&p, s->limb);
  nep_point_store(r, &p);
}

static bool is_member_var(const nep_group *g, const nep_element *a)
{
  (void)g;
  nep_point p = nep_point_of(a);
  return nep_point_is_member_var(&p);
}

static const char *parse(const nep_group *g, nep_element *e, const char *text, size_t len)
{
  (void)g;
  nep_point p;
  const char *refusal = nep_point_parse(&p, text, len);
  if (!refusal)
    nep_point_store(e, &p);
  return refusal;
}

static void hex_reversed(const uint8_t le[NEP_POINT_BYTES], char out[NEP_POINT_HEX + 1])
{
  uint8_t be[NEP_POINT_BYTES];
  for (size_t i = 0; i < NEP_POINT_BYTES; i++)
    be[i] = le[NEP_POINT_BYTES - 1 - i];
  nep_hex(be, sizeof be, out);
  nep_wipe(be, sizeof be);
}

static void text_many(const nep_group *g, const nep_element *e, size_t n,
                      char (*out)[NEP_ELEMENT_TEXT_MAX])
{
  (void)g;
  uint8_t bytes[BATCH][NEP_POINT_BYTES];
  for (size_t done = 0; done < n; done += BATCH) {
    size_t count = n - done < BATCH ? n - done : BATCH;
    nep_point_bytes_many(bytes, e + done, count);
    for (size_t i = 0; i < count; i++)
      hex_reversed(bytes[i], out[done + i]);
  }
  nep_wipe(bytes, sizeof bytes);
}

static void *table_new(const nep_group *g, const nep_element *e)
{
  (void)g;
  nep_point p = nep_point_of(e);
  return nep_table_new(&p);
}

static size_t table_bytes(const nep_group *g)
{
  (void)g;
  return sizeof(nep_table);
}

static void table_free(void *table)
{
  nep_table_free(table);
}

static void table_exp_var(const nep_base *b, nep_element *r, const nep_scalar *s)
{
  nep_point p = nep_table_add_var(b->table, &nep_point_identity, s->limb);
  nep_point_store(r, &p);
}

static void table_exp(const nep_base *b, nep_element *r, const nep_scalar *s)
{
  nep_point p;
  nep_secret_table_power(&p, b->table, s->limb);
  nep_point_store(r, &p);
  nep_wipe(&p, sizeof p);
}

static void exp_g(const nep_group *g, nep_element *r, const nep_scalar *s)
{
  table_exp(nep_base_generator(g), r, s);
}

static void parse_many_var(const nep_group *g, nep_element *e, const nep_bytes *text, size_t n,
                           const char **refusal)
{
  (void)g;
  uint8_t bytes[BATCH][NEP_POINT_BYTES];
  bool valid[BATCH];
  for (size_t done = 0; done < n; done += BATCH) {
    size_t count = n - done < BATCH ? n - done : BATCH;
    for (size_t i = 0; i < count; i++)
      refusal[done + i] = nep_point_unhex(bytes[i], text[done + i].data, text[done + i].len);
    nep_engine_in_use()->decode_many_var(e + done, valid, bytes, count);
    for (size_t i = 0; i < count; i++)
      if (!refusal[done + i] && !valid[i])
        refusal[done + i] = nep_point_refusal;
  }
}

static void text_many_var(const nep_group *g, const nep_element *e, size_t n, char *out,
                          size_t stride)
{
  (void)g;
  uint8_t bytes[BATCH_VAR][NEP_POINT_BYTES];
  for (size_t done = 0; done < n; done += BATCH_VAR) {
    size_t count = n - done < BATCH_VAR ? n - done : BATCH_VAR;
    nep_engine_in_use()->encode_many_var(bytes, e + done, count);
    for (size_t i = 0; i < count; i++)
      hex_reversed(bytes[i], out + (done + i) * stride);
  }
}

/* (e / g^shift)^c = e^c g^(-shift c) */
static nep_point shift_back(const nep_group *g, const nep_point *p, const nep_scalar *shift,
                            const nep_scalar *c)
{
  nep_scalar k, zero;
  nep_scalar_zero(&zero);
  nep_scalar_mul(g, &k, shift, c);
  nep_scalar_sub(g, &k, &zero, &k);
  return nep_table_add_var(nep_base_generator(g)->table, p, k.limb);
}

static void commit_var(const nep_base *fixed, const nep_element *e, size_t n, const nep_scalar *r,
                       const nep_scalar *c, const nep_scalar *shift, nep_element *out)
{
  nep_point base = nep_point_of(e);
  for (size_t k = 0; k < n; k++) {
    nep_point p = nep_point_power_var(&base, c[k].limb);
    p = nep_table_add_var(fixed->table, &p, r[k].limb);
    if (shift && !nep_scalar_is_zero(&shift[k]))
      p = shift_back(fixed->group, &p, &shift[k], &c[k]);
    nep_point_store(&out[k], &p);
  }
}

void nep_commit_unshift(const nep_group *g, nep_scalar *out, uint64_t shift,
                        const nep_scalar *challenge)
{
  nep_scalar factor, zero;
  nep_scalar_zero(&zero);
  *out = *challenge;
  if (shift != 1) {
    nep_scalar_set(g, &factor, shift);
    nep_scalar_mul(g, out, &factor, challenge);
  }
  nep_scalar_sub(g, out, &zero, out);
}

static void commit_many_var(const nep_group *g, nep_commit_job *jobs, size_t n_jobs)
{
  (void)g;
  nep_engine_in_use()->commit_many_var(jobs, n_jobs);
}

const nep_group nep_group_ed25519 = {
    .name = "Ed25519",
    .own = NULL,
    .q = nep_order_q,
    .q_limbs = NEP_ORDER_LIMBS,
    .scalar_digits = 76,
    .element_chars = NEP_POINT_HEX,
    .one_length = true,
    .scalar_reduce = nep_order_reduce,
    .scalar_mul = nep_order_mul,
    .scalar_invert_var = nep_order_invert_var,
    .one = one,
    .generator = generator,
    .mul = mul,
    .inv = inv,
    .equal = equal,
    .compare_var = compare_var,
    .exp = nep_secret_exp,
    .exp_g = exp_g,
    .exp_var = exp_var,
    .is_member_var = is_member_var,
    .parse = parse,
    .text_many = text_many,
    .table_new = table_new,
    .table_free = table_free,
    .table_bytes = table_bytes,
    .table_exp = table_exp,
    .table_exp_var = table_exp_var,
    .commit_var = commit_var,
    .commit_many_var = commit_many_var,
    .parse_many_var = parse_many_var,
    .text_many_var = text_many_var,
    .dlog_symmetric = true,
    .dlog_multiples_var = nep_curve_dlog_multiples_var,
    .dlog_steps_new_var = nep_curve_dlog_steps_new_var,
    .dlog_around_var = nep_curve_dlog_around_var,
};
