/* Checking ballots before they may wait for the committer. */
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "records/cast_statement.h"
#include "server/service/cast.h"

static nep_status take_padding_off(nep_cast *cast, nep_error *err)
{
  nep_status st = nep_padding_take_off(&cast->body, cast->setup->envelope, "ballot-envelope", err);
  return st == NEP_OK
             ? st
             : nep_advise(err, "put spaces behind ballot and statement up to \"ballot_bytes\"");
}

static nep_status open_body(nep_service *s, nep_cast *cast, nep_error *err)
{
  nep_status st = nep_setup_take(s, cast->uuid, &cast->setup, err);
  if (st == NEP_OK)
    st = take_padding_off(cast, err);
  if (st == NEP_OK)
    st = nep_cast_split(nep_buf_bytes(&cast->body), &cast->ballot, &cast->statement, err);
  return st;
}

/* The casts of a batch on their way; those with a fault are passed over from there on. */
typedef struct batch {
  nep_cast *const *casts;
  nep_cast_verdict *verdict;
  size_t n;
} batch;

/* What a frozen election is verified with never changes: that of any cast is right for all. */
static const nep_setup *setup_of(const batch *b)
{
  for (size_t i = 0; i < b->n; i++)
    if (b->verdict[i].status == NEP_OK)
      return b->casts[i]->setup;
  return NULL;
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

/* protocol.md, Appendix 3. */
static void check_ballots(const batch *b, const nep_setup *setup)
{
  nep_ballot_check checks[NEP_CASTS_TOGETHER];
  nep_findings findings[NEP_CASTS_TOGETHER] = {{0}};
  size_t of[NEP_CASTS_TOGETHER], n = 0;
  for (size_t i = 0; i < b->n; i++) {
    if (b->verdict[i].status != NEP_OK)
      continue;
    checks[n] = (nep_ballot_check){.text = b->casts[i]->ballot,
                                   .object = "ballot",
                                   .findings = &findings[n],
                                   .place = SIZE_MAX};
    of[n++] = i;
  }
  nep_ballots_verify(setup->election, setup->credentials, checks, n);
  for (size_t k = 0; k < n; k++) {
    nep_cast_verdict *v = &b->verdict[of[k]];
    v->status = ballot_verdict(b->casts[of[k]], &checks[k], &v->err);
    nep_ballot_free(checks[k].ballot);
    nep_findings_free(&findings[k]);
  }
}

/* A23: the credential itself says where this ballot stands among its own. */
static void check_statements(const batch *b, const nep_setup *setup)
{
  nep_cast_check checks[NEP_CASTS_TOGETHER];
  nep_cast_statement statements[NEP_CASTS_TOGETHER];
  size_t of[NEP_CASTS_TOGETHER], n = 0;
  for (size_t i = 0; i < b->n; i++) {
    nep_cast_verdict *v = &b->verdict[i];
    nep_cast *cast = b->casts[i];
    if (v->status == NEP_OK)
      v->status = nep_cast_statement_parse(setup->election->group, cast->statement, &statements[n],
                                           &v->err);
    if (v->status != NEP_OK)
      continue;
    checks[n] = (nep_cast_check){.credential = cast->credential,
                                 .ballot = cast->hash,
                                 .statement = &statements[n],
                                 .err = &v->err};
    of[n++] = i;
  }
  nep_cast_statements_verify(setup->election, checks, n);
  for (size_t k = 0; k < n; k++) {
    nep_cast *cast = b->casts[of[k]];
    b->verdict[of[k]].status = checks[k].status;
    cast->sequence = statements[k].sequence;
    nep_sha256_hex(cast->statement.data, cast->statement.len, cast->statement_hash);
  }
}

void nep_cast_verify(nep_service *s, nep_cast *const *casts, size_t n, nep_cast_verdict *out)
{
  batch b = {.casts = casts, .verdict = out, .n = n};
  for (size_t i = 0; i < n; i++)
    out[i].status = open_body(s, casts[i], &out[i].err);
  const nep_setup *setup = setup_of(&b);
  if (setup == NULL)
    return;
  check_ballots(&b, setup);
  check_statements(&b, setup);
}
