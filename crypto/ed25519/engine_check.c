/* Every engine that this machine can run against the plain path, on fixed inputs: a processor or a
   compiler that is at fault is found before the first verdict. */
#include <string.h>

#include "crypto/ed25519/engine.h"
#include "crypto/ed25519/engine_check.h"
#include "crypto/group_ops.h"

enum { JOBS = 9, BRANCHES = 2 }; /* more than eight: one lane group is full, one is not */

typedef struct sample {
  nep_element base[JOBS], out[JOBS][BRANCHES], again[JOBS];
  nep_proof proof[JOBS][BRANCHES];
  nep_commit_branch branch[JOBS][BRANCHES];
  nep_commit_job job[JOBS];
  uint8_t code[JOBS][NEP_POINT_BYTES];
  bool valid[JOBS];
} sample;

/* Scalars with all kinds of digits, from a multiplicative sequence. */
static void next_scalar(const nep_group *g, nep_scalar *s, uint64_t *state)
{
  uint8_t wide[48];
  for (size_t i = 0; i < sizeof wide; i++) {
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    wide[i] = (uint8_t)(*state >> 56);
  }
  nep_scalar_reduce(g, s, wide, sizeof wide);
}

/* Powers of g; the fourth is outside the group by the point (0, -1) of order 2. */
static void fill(sample *x, const nep_group *g)
{
  uint64_t state = 1;
  nep_scalar s;
  const nep_point order_2 = {nep_fe_small(0), nep_fe_neg(nep_fe_small(1)), nep_fe_small(1),
                             nep_fe_small(0)};
  for (size_t i = 0; i < JOBS; i++) {
    next_scalar(g, &s, &state);
    nep_element_exp_g_var(g, &x->base[i], &s);
    if (i == 3) {
      nep_point p = nep_point_of(&x->base[i]);
      p = nep_point_add(&p, &order_2);
      nep_point_store(&x->base[i], &p);
    }
    for (size_t k = 0; k < BRANCHES; k++) {
      next_scalar(g, &x->proof[i][k].challenge, &state);
      next_scalar(g, &x->proof[i][k].response, &state);
      x->branch[i][k] = (nep_commit_branch){&x->proof[i][k], k * (i % 3), &x->out[i][k]};
    }
    x->job[i] = (nep_commit_job){.fixed = nep_base_generator(g),
                                 .e = &x->base[i],
                                 .branches = x->branch[i],
                                 .n = BRANCHES - i / 8,
                                 .test_member = true};
  }
}

static bool commitments_agree(const sample *x, const nep_group *g)
{
  for (size_t i = 0; i < JOBS; i++) {
    if (x->job[i].is_member != (i != 3))
      return false;
    for (size_t k = 0; k < x->job[i].n; k++) {
      const nep_commit_branch *b = &x->branch[i][k];
      nep_scalar shift;
      nep_element plain;
      nep_scalar_set(g, &shift, b->shift);
      nep_commit_var(x->job[i].fixed, x->job[i].e, 1, &b->proof->response, &b->proof->challenge,
                     &shift, &plain);
      /* coordinates that are all zero would equal any point's */
      if (nep_fe_is_zero(nep_point_of(b->out).z) || !nep_element_equal(g, &plain, b->out))
        return false;
    }
  }
  return true;
}

/* Bytes of the points, and points of the bytes, one of which is spoilt. */
static bool codes_agree(sample *x, const nep_group *g, const nep_engine *engine)
{
  uint8_t plain[JOBS][NEP_POINT_BYTES];
  engine->encode_many_var(x->code, x->base, JOBS);
  nep_point_bytes_many(plain, x->base, JOBS);
  if (memcmp(plain, x->code, sizeof plain) != 0)
    return false;
  memset(x->code[5], 0xff, NEP_POINT_BYTES);
  engine->decode_many_var(x->again, x->valid, x->code, JOBS);
  for (size_t i = 0; i < JOBS; i++)
    if (x->valid[i] != (i != 5) || (i != 5 && !nep_element_equal(g, &x->again[i], &x->base[i])))
      return false;
  return true;
}

bool nep_engine_check(const nep_engine *engine)
{
  const nep_group *g = &nep_group_ed25519;
  sample x;
  memset(&x, 0, sizeof x);
  fill(&x, g);
  engine->commit_many_var(x.job, JOBS);
  return commitments_agree(&x, g) && codes_agree(&x, g, engine);
}
