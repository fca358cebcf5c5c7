/* Checking ballots before they may wait for the committer. */
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "records/cast_statement.h"
#include "server/service/cast.h"

nep_status nep_cast_length_check(const nep_cast *cast, size_t wanted, nep_error *err)
{
  nep_status st = nep_padding_check(&cast->body, wanted, "ballot-envelope", err);
  return st == NEP_OK
             ? st
             : nep_advise(err, "put spaces behind ballot and statement up to \"ballot_bytes\"");
}

static nep_status open_body(nep_cast *cast, nep_error *err)
{
  nep_status st = nep_cast_length_check(cast, cast->setup->envelope, err);
  nep_padding_take_off(&cast->body);
  if (st == NEP_OK)
    st = nep_cast_split(nep_buf_bytes(&cast->body), &cast->ballot, &cast->statement, err);
  return st;
}

/* A cast on its way through the checks. */
typedef struct checking {
  nep_cast *cast;
  nep_cast_verdict *verdict;
  nep_findings findings;
  nep_cast_statement statement;
  nep_status read; /* whether it could be read, and why not */
  nep_error why;
  nep_buf message; /* of the statement */
} checking;

/* Casts in elections of one group; those with a fault are passed over from there on. */
typedef struct batch {
  checking of[NEP_CASTS_TOGETHER];
  size_t n;
} batch;

/* The ballot's own checks are protocol.md, Appendix 3. Beside it (A23) the credential itself says
   where this ballot stands among its own: the signature is checked with the ballot's. */
static nep_ballot_check asked(checking *c)
{
  const nep_setup *setup = c->cast->setup;
  nep_ballot_check check = {.election = setup->election,
                            .credentials = setup->credentials,
                            .text = c->cast->ballot,
                            .object = "ballot",
                            .findings = &c->findings,
                            .place = SIZE_MAX};
  c->read =
      nep_cast_statement_parse(setup->election->group, c->cast->statement, &c->statement, &c->why);
  if (c->read == NEP_OK)
    nep_cast_statement_beside(&c->statement, &c->message, &check.beside);
  return check;
}

static nep_status ballot_verdict(nep_cast *cast, const nep_ballot_check *c, nep_error *err)
{
  const nep_ballot *ballot = c->ballot;
  nep_status st = nep_findings_status(c->findings, err);
  if (st == NEP_OK && (!c->sound || ballot == NULL || c->place == SIZE_MAX))
    st = nep_fail(err, NEP_E_INTERNAL, "ballot-verdict", "ballot", "the checks did not finish");
  if (st == NEP_OK) {
    memcpy(cast->hash, ballot->hash, sizeof cast->hash);
    memcpy(cast->tracker, ballot->tracker, sizeof cast->tracker);
    cast->credential = nep_strdup(ballot->credential);
  }
  return st;
}

static nep_status statement_verdict(checking *c, const nep_signed_beside *beside, nep_error *err)
{
  nep_cast *cast = c->cast;
  if (c->read != NEP_OK) {
    *err = c->why;
    return c->read;
  }
  nep_status st =
      nep_cast_statement_decide(cast->setup->election, cast->hash, &c->statement, beside, err);
  cast->sequence = c->statement.sequence;
  nep_sha256_hex(cast->statement.data, cast->statement.len, cast->statement_hash);
  return st;
}

static void check_batch(nep_service *s, batch *b)
{
  nep_ballot_check checks[NEP_CASTS_TOGETHER];
  for (size_t k = 0; k < b->n; k++)
    checks[k] = asked(&b->of[k]);
  nep_ballots_verify(checks, b->n);
  for (size_t k = 0; k < b->n; k++) {
    checking *c = &b->of[k];
    nep_cast_verdict *v = c->verdict;
    v->status = ballot_verdict(c->cast, &checks[k], &v->err);
    if (v->status == NEP_OK)
      v->status = statement_verdict(c, &checks[k].beside, &v->err);
    if (v->status == NEP_OK)
      nep_setup_proved(s, c->cast->setup);
    nep_ballot_free(checks[k].ballot);
    nep_findings_free(&c->findings);
    nep_buf_free(&c->message);
  }
}

/* Those of the casts, not taken yet, whose elections are in the group of the first. */
static void take_group(batch *b, nep_cast *const *casts, nep_cast_verdict *out, bool *taken,
                       size_t n)
{
  const nep_group *group = NULL;
  b->n = 0;
  for (size_t i = 0; i < n; i++) {
    if (taken[i] || out[i].status != NEP_OK)
      continue;
    const nep_group *own = casts[i]->setup->election->group;
    if (group == NULL)
      group = own;
    if (own == group) {
      taken[i] = true;
      b->of[b->n++] = (checking){.cast = casts[i], .verdict = &out[i]};
    }
  }
}

void nep_cast_verify(nep_service *s, nep_cast *const *casts, size_t n, nep_cast_verdict *out)
{
  batch b;
  bool taken[NEP_CASTS_TOGETHER] = {false};
  for (size_t i = 0; i < n; i++)
    out[i].status = open_body(casts[i], &out[i].err);
  for (take_group(&b, casts, out, taken, n); b.n > 0; take_group(&b, casts, out, taken, n))
    check_batch(s, &b);
}
