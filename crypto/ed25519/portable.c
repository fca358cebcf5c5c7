/* The portable engine: one job after the other, in C for any 64-bit machine. */
#include "crypto/ed25519/engine.h"
#include "crypto/ed25519/member.h"
#include "crypto/ed25519/order.h"
#include "crypto/ed25519/power.h"
#include "crypto/ed25519/powers.h"
#include "crypto/ed25519/table.h"
#include "crypto/group_ops.h"
#include "crypto/pieces.h"

/* *out = p fixed^response g^(-shift challenge), where p is the power of the base. */
static void finish_var(const nep_base *fixed, const nep_commit_branch *b, nep_point p)
{
  const nep_group *g = fixed->group;
  p = nep_table_add_var(fixed->table, &p, b->proof->response.limb);
  if (b->shift > 0) {
    nep_scalar exponent;
    nep_commit_unshift(g, &exponent, b->shift, &b->proof->challenge);
    p = nep_table_add_var(nep_base_generator(g)->table, &p, exponent.limb);
  }
  nep_point_store(b->out, &p);
}

/* What is asked of the base in one go: [q] for the membership and powers for branches from `first`
   on. Returns the number of the branch that comes next. */
static size_t commit_some_var(nep_commit_job *job, const nep_point *base, size_t first, bool member)
{
  const uint64_t *exponent[NEP_POWERS_TOGETHER] = {nep_order_q};
  nep_point power[NEP_POWERS_TOGETHER];
  size_t n = member ? 1 : 0, next = first;
  while (next < job->n && n < NEP_POWERS_TOGETHER)
    exponent[n++] = job->branches[next++].proof->challenge.limb;
  nep_point_powers_var(power, base, exponent, n);
  if (member)
    job->is_member = nep_point_equal(&power[0], &nep_point_identity) != 0;
  for (size_t k = first; k < next; k++)
    finish_var(job->fixed, &job->branches[k], power[k - first + (member ? 1 : 0)]);
  return next;
}

/* One thing alone costs least by itself. */
static void commit_var(nep_commit_job *job, const nep_point *base)
{
  if (job->n == 0) {
    if (job->test_member)
      job->is_member = nep_point_is_member_var(base);
  } else if (job->n == 1 && !job->test_member) {
    finish_var(job->fixed, &job->branches[0],
               nep_point_power_var(base, job->branches[0].proof->challenge.limb));
  } else {
    for (size_t k = commit_some_var(job, base, 0, job->test_member); k < job->n;)
      k = commit_some_var(job, base, k, false);
  }
}

static void commit_piece_var(void *jobs, size_t i)
{
  nep_commit_job *job = (nep_commit_job *)jobs + i;
  nep_point base = nep_point_of(job->e);
  commit_var(job, &base);
}

static void commit_many_var(nep_commit_job *jobs, size_t n_jobs)
{
  nep_verify_pieces(n_jobs, commit_piece_var, jobs);
}

static void decode_many_var(nep_element *e, bool *valid, uint8_t (*in)[NEP_POINT_BYTES], size_t n)
{
  for (size_t i = 0; i < n; i++) {
    nep_point p;
    valid[i] = nep_point_from_bytes(&p, in[i]) != 0;
    nep_point_store(&e[i], &p);
  }
}

const nep_engine nep_engine_portable = {
    .name = "portable",
    .commit_many_var = commit_many_var,
    .decode_many_var = decode_many_var,
    .encode_many_var = nep_point_bytes_many,
    .together = 1,
};
