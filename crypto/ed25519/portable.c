/* The portable engine: one job after the other, in C for any 64-bit machine. */
#include "crypto/ed25519/engine.h"
#include "crypto/ed25519/member.h"
#include "crypto/ed25519/order.h"
#include "crypto/ed25519/power.h"
#include "crypto/ed25519/table.h"
#include "crypto/group_ops.h"

/* With the tables of four parts at hand [q]base costs less than halving. */
static bool is_member_var(const nep_point *base, const nep_power *power)
{
  if (power->parts == 1)
    return nep_point_is_member_var(base);
  nep_point p = nep_power_var(power, nep_order_q);
  return nep_point_equal(&p, &nep_point_identity) != 0;
}

static void commit_var(const nep_base *fixed, const nep_commit_branch *b, const nep_power *power)
{
  const nep_group *g = fixed->group;
  nep_point p = nep_power_var(power, b->proof->challenge.limb);
  p = nep_table_add_var(fixed->table, &p, b->proof->response.limb);
  if (b->shift > 0) {
    nep_scalar exponent;
    nep_commit_unshift(g, &exponent, b->shift, &b->proof->challenge);
    p = nep_table_add_var(nep_base_generator(g)->table, &p, exponent.limb);
  }
  nep_point_store(b->out, &p);
}

static void commit_many_var(nep_commit_job *jobs, size_t n_jobs)
{
  for (nep_commit_job *job = jobs; job < jobs + n_jobs; job++) {
    nep_point base = nep_point_of(job->e);
    nep_power power = {.parts = 1};
    if (job->n > 0)
      nep_power_prepare_var(&power, &base, job->n);
    if (job->test_member)
      job->is_member = is_member_var(&base, &power);
    for (size_t k = 0; k < job->n; k++)
      commit_var(job->fixed, &job->branches[k], &power);
  }
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
};
