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

/* The casts of a batch on their way, all in elections of one group; those with a fault are passed
   over from there on. */
typedef struct batch {
  nep_cast *const *casts;
  nep_cast_verdict *verdict; /* of all casts */
  size_t of[NEP_CASTS_TOGETHER], n;
  nep_element credential[NEP_CASTS_TOGETHER]; /* of those with a sound ballot */
} batch;

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
static void check_ballots(batch *b)
{
  nep_ballot_check checks[NEP_CASTS_TOGETHER];
  nep_findings findings[NEP_CASTS_TOGETHER] = {{0}};
  for (size_t k = 0; k < b->n; k++) {
    const nep_cast *cast = b->casts[b->of[k]];
    checks[k] = (nep_ballot_check){.election = cast->setup->election,
                                   .credentials = cast->setup->credentials,
                                   .text = cast->ballot,
                                   .object = "ballot",
                                   .findings = &findings[k],
                                   .place = SIZE_MAX};
  }
  nep_ballots_verify(checks, b->n);
  for (size_t k = 0; k < b->n; k++) {
    nep_cast_verdict *v = &b->verdict[b->of[k]];
    v->status = ballot_verdict(b->casts[b->of[k]], &checks[k], &v->err);
    b->credential[k] = checks[k].credential;
    nep_ballot_free(checks[k].ballot);
    nep_findings_free(&findings[k]);
  }
}

/* A23: the credential itself says where this ballot stands among its own. */
static void check_statements(const batch *b)
{
  nep_cast_check checks[NEP_CASTS_TOGETHER];
  nep_cast_statement statements[NEP_CASTS_TOGETHER];
  size_t of[NEP_CASTS_TOGETHER], n = 0;
  for (size_t k = 0; k < b->n; k++) {
    nep_cast_verdict *v = &b->verdict[b->of[k]];
    nep_cast *cast = b->casts[b->of[k]];
    if (v->status == NEP_OK)
      v->status = nep_cast_statement_parse(cast->setup->election->group, cast->statement,
                                           &statements[n], &v->err);
    if (v->status != NEP_OK)
      continue;
    checks[n] = (nep_cast_check){.election = cast->setup->election,
                                 .credential = &b->credential[k],
                                 .ballot = cast->hash,
                                 .statement = &statements[n],
                                 .err = &v->err};
    of[n++] = b->of[k];
  }
  nep_cast_statements_verify(checks, n);
  for (size_t i = 0; i < n; i++) {
    nep_cast *cast = b->casts[of[i]];
    b->verdict[of[i]].status = checks[i].status;
    cast->sequence = statements[i].sequence;
    nep_sha256_hex(cast->statement.data, cast->statement.len, cast->statement_hash);
  }
}

/* Those of them, not taken yet, whose elections are in the group of the first. */
static void take_group(batch *b, bool *taken, size_t n)
{
  const nep_group *group = NULL;
  b->n = 0;
  for (size_t i = 0; i < n; i++) {
    if (taken[i] || b->verdict[i].status != NEP_OK)
      continue;
    const nep_group *own = b->casts[i]->setup->election->group;
    if (group == NULL)
      group = own;
    if (own == group) {
      taken[i] = true;
      b->of[b->n++] = i;
    }
  }
}

void nep_cast_verify(nep_service *s, nep_cast *const *casts, size_t n, nep_cast_verdict *out)
{
  batch b = {.casts = casts, .verdict = out};
  bool taken[NEP_CASTS_TOGETHER] = {false};
  for (size_t i = 0; i < n; i++)
    out[i].status = open_body(s, casts[i], &out[i].err);
  for (take_group(&b, taken, n); b.n > 0; take_group(&b, taken, n)) {
    check_ballots(&b);
    check_statements(&b);
  }
}
