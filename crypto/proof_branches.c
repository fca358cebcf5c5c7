#include "crypto/proof_branches.h"

#include <stdlib.h>

#include "base/memory.h"

/* 1 when a = b, else 0, without a branch. */
static unsigned same(uint64_t a, uint64_t b)
{
  uint64_t difference = a ^ b;
  return 1U ^ (unsigned)((difference | (0 - difference)) >> 63);
}

static size_t branches_in(const nep_branches *runs, size_t n_runs)
{
  size_t n = 0;
  for (size_t i = 0; i < n_runs; i++)
    n += runs[i].count;
  return n;
}

/* k = (value - shift) c: what is left of the plaintext under the challenge. */
static void left_over(const nep_group *g, nep_scalar *k, unsigned value, uint64_t shift,
                      const nep_scalar *c)
{
  nep_scalar subtrahend;
  nep_scalar_set(g, k, value);
  nep_scalar_set(g, &subtrahend, shift);
  nep_scalar_sub(g, k, k, &subtrahend);
  nep_scalar_mul(g, k, k, c);
}

/* Random challenge and response for one branch and the commitments they give: A = g^z alpha^c and
   B = y^z (beta/g^shift)^c. The prover knows alpha = g^r and beta = y^r g^m, so with w = z + r c
   they are g^w and y^w g^((m - shift) c): powers of the two fixed bases alone. */
static void simulate(const nep_key *key, const nep_branches *run, uint64_t shift,
                     nep_stream *random, nep_proof *out, nep_element commitment[2])
{
  const nep_group *g = key->group;
  nep_scalar w;
  nep_element rest;
  nep_stream_scalar(g, random, &out->challenge);
  nep_stream_scalar(g, random, &out->response);
  nep_scalar_mul(g, &w, run->r, &out->challenge);
  nep_scalar_add(g, &w, &w, &out->response);
  nep_base_exp(nep_base_generator(g), &commitment[0], &w);
  nep_base_exp(key->y, &commitment[1], &w);
  left_over(g, &w, run->value, shift, &out->challenge);
  nep_base_exp(nep_base_generator(g), &rest, &w);
  nep_element_mul(g, &commitment[1], &commitment[1], &rest);
  nep_scalar_wipe(&w);
  nep_wipe(&rest, sizeof rest);
}

/* Simulates every branch, the true one too. Leaves in *excess what the hash of all commitments is
   above the sum of the random challenges. */
static void simulate_all(const nep_key *key, nep_challenge *hash, const nep_branches *runs,
                         size_t n_runs, nep_stream *random, nep_proof *out, nep_scalar *excess)
{
  const nep_group *g = key->group;
  size_t n = branches_in(runs, n_runs), j = 0;
  nep_element *commitments = nep_alloc(2 * n, sizeof *commitments);
  nep_scalar sum;
  nep_scalar_zero(&sum);
  for (size_t i = 0; i < n_runs; i++)
    for (size_t k = 0; k < runs[i].count; k++, j++) {
      simulate(key, &runs[i], (uint64_t)runs[i].first + k, random, &out[j], commitments + 2 * j);
      nep_scalar_add(g, &sum, &sum, &out[j].challenge);
    }
  nep_challenge_elements(hash, commitments, 2 * n);
  nep_challenge_end(hash, excess);
  nep_scalar_sub(g, excess, excess, &sum);
  nep_scalar_wipe(&sum);
  nep_wipe(commitments, 2 * n * sizeof *commitments);
  free(commitments);
}

/* In a true branch alpha = g^r and beta/g^shift = y^r, so challenge c + d with response z - r d
   gives the same commitments as c with z, for any d. The true branch thus takes the whole excess;
   the same arithmetic runs for all, with d = 0 in the others. This is protocol.md §9 with
   w = z + r c, and no exponentiation depends on which branch is the true one. */
static void settle(const nep_group *g, const nep_branches *run, const nep_scalar *excess,
                   unsigned is_true, nep_proof *out)
{
  nep_scalar d, zero;
  nep_scalar_zero(&zero);
  nep_scalar_select(&d, &zero, excess, is_true);
  nep_scalar_add(g, &out->challenge, &out->challenge, &d);
  nep_scalar_mul(g, &d, run->r, &d);
  nep_scalar_sub(g, &out->response, &out->response, &d);
  nep_scalar_wipe(&d);
}

void nep_branches_prove(const nep_key *key, nep_challenge *hash, const nep_branches *runs,
                        size_t n_runs, unsigned true_branch, nep_stream *random, nep_proof *out)
{
  nep_scalar excess;
  simulate_all(key, hash, runs, n_runs, random, out, &excess);
  size_t j = 0;
  for (size_t i = 0; i < n_runs; i++)
    for (size_t k = 0; k < runs[i].count; k++, j++)
      settle(key->group, &runs[i], &excess, same(j, true_branch), &out[j]);
  nep_scalar_wipe(&excess);
}

/* Working memory of one verification: n branches laid out as nep_commit_var wants them. */
typedef struct workspace {
  nep_scalar *challenge, *response, *shift; /* n each */
  nep_element *column;                      /* n: commitments of one base */
  nep_element *commitments;                 /* 2n, in the order that is hashed */
} workspace;

static void workspace_start(workspace *w, size_t n)
{
  w->challenge = nep_alloc(3 * n, sizeof *w->challenge);
  w->response = w->challenge + n;
  w->shift = w->response + n;
  w->column = nep_alloc(3 * n, sizeof *w->column);
  w->commitments = w->column + n;
}

static void workspace_end(workspace *w)
{
  free(w->challenge);
  free(w->column);
}

/* A_k = g^z_k alpha^c_k and B_k = y^z_k (beta/g^shift_k)^c_k of one run, interleaved into out. */
static void commit_run_var(const nep_key *key, const nep_branches *run, const nep_proof *proofs,
                           workspace *w, nep_element *out)
{
  const nep_group *g = key->group;
  size_t n = run->count;
  for (size_t k = 0; k < n; k++) {
    w->challenge[k] = proofs[k].challenge;
    w->response[k] = proofs[k].response;
    nep_scalar_set(g, &w->shift[k], (uint64_t)run->first + k);
  }
  nep_commit_var(nep_base_generator(g), &run->c->alpha, n, w->response, w->challenge, NULL,
                 w->column);
  for (size_t k = 0; k < n; k++)
    out[2 * k] = w->column[k];
  nep_commit_var(key->y, &run->c->beta, n, w->response, w->challenge, w->shift, w->column);
  for (size_t k = 0; k < n; k++)
    out[2 * k + 1] = w->column[k];
}

bool nep_branches_verify_var(const nep_key *key, nep_challenge *hash, const nep_branches *runs,
                             size_t n_runs, const nep_proof *proofs)
{
  const nep_group *g = key->group;
  size_t n = branches_in(runs, n_runs), done = 0;
  workspace w;
  nep_scalar sum, expected;
  workspace_start(&w, n);
  for (size_t i = 0; i < n_runs; i++) {
    commit_run_var(key, &runs[i], proofs + done, &w, w.commitments + 2 * done);
    done += runs[i].count;
  }
  nep_scalar_zero(&sum);
  for (size_t j = 0; j < n; j++)
    nep_scalar_add(g, &sum, &sum, &proofs[j].challenge);
  nep_challenge_elements(hash, w.commitments, 2 * n);
  nep_challenge_end(hash, &expected);
  workspace_end(&w);
  return nep_scalar_equal(&sum, &expected);
}
