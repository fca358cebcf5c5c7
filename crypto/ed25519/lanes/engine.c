/* The engine of eight lanes: shares of jobs of like shape are done eight at a time. A lane holds
   one base and never sees another lane's values; lanes without work repeat their neighbour's and
   are dropped. */
#include <stdlib.h>

#include "base/memory.h"
#include "crypto/ed25519/engine.h"
#include "crypto/ed25519/lanes/codec.h"
#include "crypto/ed25519/lanes/fixed.h"
#include "crypto/ed25519/lanes/power.h"
#include "crypto/ed25519/lanes/rows.h"
#include "crypto/group_ops.h"
#include "crypto/pieces.h"

/* Branches `first` to `end` of a job. A job with many of them may have several lanes, each with the
   ladder of its base; the first one tests the membership. */
typedef struct share {
  nep_commit_job *job;
  size_t first, end;
} share;

typedef struct lanes {
  const share *share[NEP_LANES];
  size_t count; /* lanes with a share of their own */
  const nep_ladder8 *ladder;
  const nep_table *generator[NEP_LANES];
} lanes;

static const uint64_t ZERO[NEP_LIMBS];

static size_t size_of(const share *s)
{
  return s->end - s->first;
}

static bool is_shifted(const share *s)
{
  return size_of(s) > 0 && s->job->branches[s->end - 1].shift > 0;
}

/* Most branches first, those with shifts together: so the lanes of eight shares have the same work.
 */
static int by_shape(const void *a, const void *b)
{
  const share *x = a, *y = b;
  if (size_of(x) != size_of(y))
    return size_of(x) > size_of(y) ? -1 : 1;
  return (int)is_shifted(y) - (int)is_shifted(x);
}

/* ---- sharing the work out ---- */

static size_t times(size_t n, size_t size)
{
  return (n + size - 1) / size;
}

/* Shares with at least k branches, when no share has more than `most`; with k = 0 all of them. */
static size_t shares_with(const nep_commit_job *jobs, size_t n_jobs, size_t most, size_t k)
{
  size_t shares = 0;
  for (size_t i = 0; i < n_jobs; i++) {
    size_t rest = jobs[i].n % most;
    shares += jobs[i].n / most + (rest >= k && (rest > 0 || jobs[i].n == 0));
  }
  return shares;
}

/* What it costs to do them eight at a time, a branch of eight lanes being 1. */
static size_t cost(const nep_commit_job *jobs, size_t n_jobs, size_t most)
{
  enum { LADDER = 2 }; /* about that many branches, with the memberships */
  size_t sum = LADDER * times(shares_with(jobs, n_jobs, most, 0), NEP_LANES);
  for (size_t k = 1; k <= most; k++)
    sum += times(shares_with(jobs, n_jobs, most, k), NEP_LANES);
  return sum;
}

/* How many branches a share has at most. A ballot alone has lanes left over, in which a part of the
   longest proofs costs nothing; many ballots have none. */
static size_t best_size(const nep_commit_job *jobs, size_t n_jobs)
{
  size_t longest = 1;
  for (size_t i = 0; i < n_jobs; i++)
    longest = jobs[i].n > longest ? jobs[i].n : longest;
  size_t best = longest, least = cost(jobs, n_jobs, longest);
  for (size_t parts = 2; parts <= NEP_LANES; parts++) {
    size_t size = times(longest, parts), its_cost = cost(jobs, n_jobs, size);
    if (its_cost < least) {
      best = size;
      least = its_cost;
    }
  }
  return best;
}

/* *n shares in the order in which they are done; free(). */
static share *make_shares(nep_commit_job *jobs, size_t n_jobs, size_t *n)
{
  size_t most = best_size(jobs, n_jobs), made = 0;
  *n = shares_with(jobs, n_jobs, most, 0);
  share *shares = nep_alloc(*n, sizeof *shares);
  for (size_t i = 0; i < n_jobs; i++) {
    size_t done = 0;
    do {
      size_t left = jobs[i].n - done, end = done + (left < most ? left : most);
      shares[made++] = (share){&jobs[i], done, end};
      done = end;
    } while (done < jobs[i].n);
  }
  qsort(shares, made, sizeof *shares, by_shape);
  return shares;
}

/* ---- eight of them ---- */

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

/* Branch k of the share of all lanes that have one. */
static void commit_branch_var(const lanes *l, size_t k)
{
  const nep_commit_branch *branch[NEP_LANES];
  const uint64_t *challenge[NEP_LANES], *response[NEP_LANES];
  const nep_table *fixed[NEP_LANES];
  nep_element *to[NEP_LANES];
  nep_point8 p;
  for (size_t i = 0; i < NEP_LANES; i++) {
    const share *s = l->share[i];
    branch[i] = k < size_of(s) ? &s->job->branches[s->first + k] : NULL;
    challenge[i] = branch[i] ? branch[i]->proof->challenge.limb : ZERO;
    response[i] = branch[i] ? branch[i]->proof->response.limb : ZERO;
    fixed[i] = branch[i] ? s->job->fixed->table : l->generator[i];
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
    base[i] = nep_point_of(l->share[i]->job->e);
    row[i] = &base[i];
  }
  nep_point8_load(&bases, row);
  nep_ladder8_make(ladder, &bases);
}

static bool tests_member(const share *s)
{
  return s->first == 0 && s->job->test_member;
}

static void commit_lanes_var(const lanes *l, nep_ladder8 *ladder)
{
  size_t most = 0;
  bool test = false;
  make_ladder(l, ladder);
  for (size_t i = 0; i < l->count; i++) {
    most = size_of(l->share[i]) > most ? size_of(l->share[i]) : most;
    test |= tests_member(l->share[i]);
  }
  unsigned members = test ? nep_ladder8_is_member_var(ladder) : 0;
  for (size_t i = 0; i < l->count; i++)
    if (tests_member(l->share[i]))
      l->share[i]->job->is_member = members >> i & 1;
  for (size_t k = 0; k < most; k++)
    commit_branch_var(l, k);
}

typedef struct shares {
  const share *at;
  size_t n;
} shares;

/* Eight of them, or what is left. */
static void commit_piece_var(void *ctx, size_t piece)
{
  const shares *s = ctx;
  size_t done = piece * NEP_LANES, left = s->n - done;
  nep_ladder8 ladder;
  lanes l = {.ladder = &ladder, .count = left < NEP_LANES ? left : NEP_LANES};
  for (size_t i = 0; i < NEP_LANES; i++) {
    l.generator[i] = nep_base_generator(&nep_group_ed25519)->table;
    l.share[i] = &s->at[done + (i < l.count ? i : l.count - 1)];
  }
  commit_lanes_var(&l, &ladder);
}

static void commit_many_var(nep_commit_job *jobs, size_t n_jobs)
{
  size_t n;
  share *made = make_shares(jobs, n_jobs, &n);
  nep_verify_pieces(times(n, NEP_LANES), commit_piece_var, &(shares){made, n});
  free(made);
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
