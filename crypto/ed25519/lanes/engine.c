/* The engine of eight lanes: jobs of like shape are done eight at a time. A lane holds one base and
   never sees another lane's values; lanes without work repeat their neighbour's and are dropped. */
#include <stdlib.h>

#include "base/memory.h"
#include "crypto/ed25519/engine.h"
#include "crypto/ed25519/lanes/codec.h"
#include "crypto/ed25519/lanes/fixed.h"
#include "crypto/ed25519/lanes/power.h"
#include "crypto/ed25519/lanes/rows.h"
#include "crypto/group_ops.h"

typedef struct lanes {
  nep_commit_job *job[NEP_LANES];
  size_t count; /* lanes with a job of their own */
  const nep_ladder8 *ladder;
  const nep_table *generator[NEP_LANES];
} lanes;

static const uint64_t ZERO[NEP_LIMBS];

/* Most branches first, those with shifts together: so the lanes of eight jobs have the same work.
 */
static int by_shape(const void *a, const void *b)
{
  const nep_commit_job *x = *(nep_commit_job *const *)a, *y = *(nep_commit_job *const *)b;
  if (x->n != y->n)
    return x->n > y->n ? -1 : 1;
  bool shifted_x = x->n > 0 && x->branches[x->n - 1].shift > 0;
  bool shifted_y = y->n > 0 && y->branches[y->n - 1].shift > 0;
  return (int)shifted_y - (int)shifted_x;
}

/* p += g^(-shift challenge) in the lanes that have a shift. */
static void unshift_var(const lanes *l, const nep_commit_branch *const branch[NEP_LANES],
                        nep_point8 *p)
{
  nep_scalar exponent[NEP_LANES];
  const uint64_t *limb[NEP_LANES];
  bool any = false;
  for (size_t i = 0; i < NEP_LANES; i++) {
    limb[i] = ZERO;
    if (!branch[i] || branch[i]->shift == 0)
      continue;
    nep_commit_unshift(&nep_group_ed25519, &exponent[i], branch[i]->shift,
                       &branch[i]->proof->challenge);
    limb[i] = exponent[i].limb;
    any = true;
  }
  if (any)
    nep_table8_add_var(p, l->generator, limb);
}

static void store(nep_element *const to[NEP_LANES], const nep_point8 *p)
{
  nep_point point[NEP_LANES], *row[NEP_LANES];
  for (size_t i = 0; i < NEP_LANES; i++)
    row[i] = &point[i];
  nep_point8_store(row, p);
  for (size_t i = 0; i < NEP_LANES; i++)
    if (to[i])
      nep_point_store(to[i], &point[i]);
}

/* Branch k of all lanes that have one. */
static void commit_branch_var(const lanes *l, size_t k)
{
  const nep_commit_branch *branch[NEP_LANES];
  const uint64_t *challenge[NEP_LANES], *response[NEP_LANES];
  const nep_table *fixed[NEP_LANES];
  nep_element *to[NEP_LANES];
  nep_point8 p;
  for (size_t i = 0; i < NEP_LANES; i++) {
    const nep_commit_job *job = l->job[i];
    branch[i] = k < job->n ? &job->branches[k] : NULL;
    challenge[i] = branch[i] ? branch[i]->proof->challenge.limb : ZERO;
    response[i] = branch[i] ? branch[i]->proof->response.limb : ZERO;
    fixed[i] = branch[i] ? job->fixed->table : l->generator[i];
    to[i] = branch[i] && i < l->count ? branch[i]->out : NULL;
  }
  nep_ladder8_power_var(&p, l->ladder, challenge);
  nep_table8_add_var(&p, fixed, response);
  unshift_var(l, branch, &p);
  store(to, &p);
}

static void make_ladder(const lanes *l, nep_ladder8 *ladder)
{
  nep_point base[NEP_LANES];
  const nep_point *row[NEP_LANES];
  nep_point8 bases;
  for (size_t i = 0; i < NEP_LANES; i++) {
    base[i] = nep_point_of(l->job[i]->e);
    row[i] = &base[i];
  }
  nep_point8_load(&bases, row);
  nep_ladder8_make(ladder, &bases);
}

static void commit_lanes_var(lanes *l, nep_ladder8 *ladder)
{
  size_t most = 0;
  bool test = false;
  make_ladder(l, ladder);
  for (size_t i = 0; i < l->count; i++) {
    most = l->job[i]->n > most ? l->job[i]->n : most;
    test |= l->job[i]->test_member;
  }
  unsigned members = test ? nep_ladder8_is_member_var(ladder) : 0;
  for (size_t i = 0; i < l->count; i++)
    if (l->job[i]->test_member)
      l->job[i]->is_member = members >> i & 1;
  for (size_t k = 0; k < most; k++)
    commit_branch_var(l, k);
}

static void commit_many_var(nep_commit_job *jobs, size_t n_jobs)
{
  nep_commit_job **order = nep_alloc(n_jobs, sizeof(nep_commit_job *));
  nep_ladder8 ladder;
  lanes l = {.ladder = &ladder};
  for (size_t i = 0; i < NEP_LANES; i++)
    l.generator[i] = nep_base_generator(&nep_group_ed25519)->table;
  for (size_t i = 0; i < n_jobs; i++)
    order[i] = &jobs[i];
  qsort(order, n_jobs, sizeof(nep_commit_job *), by_shape);
  for (size_t done = 0; done < n_jobs; done += NEP_LANES) {
    l.count = n_jobs - done < NEP_LANES ? n_jobs - done : NEP_LANES;
    for (size_t i = 0; i < NEP_LANES; i++)
      l.job[i] = order[done + (i < l.count ? i : l.count - 1)];
    commit_lanes_var(&l, &ladder);
  }
  free(order);
}

static void decode_some_var(nep_element *e, bool *valid, uint8_t (*in)[NEP_POINT_BYTES], size_t n)
{
  nep_point_code *code[NEP_DECODE_MAX][NEP_LANES];
  nep_element *to[NEP_DECODE_MAX][NEP_LANES];
  nep_point8 p[NEP_DECODE_MAX];
  __mmask8 good[NEP_DECODE_MAX];
  size_t vectors = (n + NEP_LANES - 1) / NEP_LANES;
  for (size_t i = 0; i < vectors * NEP_LANES; i++) {
    code[i / NEP_LANES][i % NEP_LANES] = &in[i < n ? i : n - 1];
    to[i / NEP_LANES][i % NEP_LANES] = i < n ? &e[i] : NULL;
  }
  nep_point8_decode(p, good, (nep_point_code *const(*)[NEP_LANES])code, vectors);
  for (size_t k = 0; k < vectors; k++)
    store(to[k], &p[k]);
  for (size_t i = 0; i < n; i++)
    valid[i] = good[i / NEP_LANES] >> i % NEP_LANES & 1;
}

static void decode_many_var(nep_element *e, bool *valid, uint8_t (*in)[NEP_POINT_BYTES], size_t n)
{
  enum { AT_ONCE = NEP_DECODE_MAX * NEP_LANES };
  for (size_t done = 0; done < n; done += AT_ONCE)
    decode_some_var(e + done, valid + done, in + done, n - done < AT_ONCE ? n - done : AT_ONCE);
}

const nep_engine nep_engine_ifma = {
    .name = "ifma",
    .commit_many_var = commit_many_var,
    .decode_many_var = decode_many_var,
    .encode_many_var = nep_lanes_encode,
    .together = 4,
};
