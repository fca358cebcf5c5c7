/* Checking one ballot before it may wait for the committer. */
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "records/cast_statement.h"
#include "server/service/cast.h"

/* A16: every casting body of an election has one length; what follows ballot and statement is
   spaces. */
static nep_status take_padding_off(nep_cast *cast, nep_error *err)
{
  size_t len = cast->body.len;
  if (len != cast->setup->envelope) {
    (void)nep_fail(err, NEP_E_INPUT, "ballot-envelope", "body",
                   "the body has %zu bytes; in this election it has exactly %zu", len,
                   cast->setup->envelope);
    return nep_advise(err, "put spaces behind ballot and statement up to \"ballot_bytes\"");
  }
  while (len > 0 && cast->body.data[len - 1] == ' ')
    len--;
  cast->body.len = len;
  return NEP_OK;
}

/* protocol.md, Appendix 3. */
static nep_status check_ballot(nep_cast *cast, nep_error *err)
{
  nep_findings findings = {0};
  nep_ballot *ballot = NULL;
  size_t place = SIZE_MAX;
  bool held = nep_ballot_verify(cast->setup->election, cast->setup->credentials, cast->ballot,
                                "ballot", &ballot, &place, &findings);
  nep_status st = nep_findings_status(&findings, err);
  if (st == NEP_OK && (!held || ballot == NULL || place == SIZE_MAX))
    st = nep_fail(err, NEP_E_INTERNAL, "ballot-verdict", "ballot", "the checks did not finish");
  if (st == NEP_OK) {
    memcpy(cast->hash, ballot->hash, sizeof cast->hash);
    memcpy(cast->tracker, ballot->tracker, sizeof cast->tracker);
    cast->credential = nep_strdup(ballot->credential);
  }
  nep_ballot_free(ballot);
  nep_findings_free(&findings);
  return st;
}

/* A23: the credential itself says where this ballot stands among its own. */
static nep_status check_statement(nep_cast *cast, nep_error *err)
{
  nep_cast_statement s;
  const nep_election *e = cast->setup->election;
  nep_status st = nep_cast_statement_parse(e->group, cast->statement, &s, err);
  if (st == NEP_OK)
    st = nep_cast_statement_verify(e, cast->credential, cast->hash, &s, err);
  if (st == NEP_OK) {
    cast->sequence = s.sequence;
    nep_sha256_hex(cast->statement.data, cast->statement.len, cast->statement_hash);
  }
  return st;
}

nep_status nep_cast_verify(nep_service *s, nep_cast *cast, nep_error *err)
{
  nep_status st = nep_setup_take(s, cast->uuid, &cast->setup, err);
  if (st == NEP_OK)
    st = take_padding_off(cast, err);
  if (st == NEP_OK)
    st = nep_cast_split(nep_buf_bytes(&cast->body), &cast->ballot, &cast->statement, err);
  if (st == NEP_OK)
    st = check_ballot(cast, err);
  if (st == NEP_OK)
    st = check_statement(cast, err);
  return st;
}
