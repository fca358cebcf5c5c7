#include "records/cast_statement_read.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/batch.h"
#include "protocol/values.h"
#include "records/fields.h"
#include "records/tags.h"

#define BALLOT_OPENS "{\"ballot\":"
#define STATEMENT_OPENS ",\"statement\":"

static const char code[] = "cast-statement";

static void write_message(const nep_cast_statement *s, nep_buf *out)
{
  nep_field_open(out, "uuid", s->uuid);
  nep_field_add(out, "election_hash", s->election_hash);
  nep_field_add(out, "ballot", s->ballot);
  nep_buf_printf(out, ",\"sequence\":%" PRId64, s->sequence);
  if (s->previous[0] != '\0')
    nep_field_add(out, "previous", s->previous);
  else
    nep_buf_str(out, ",\"previous\":null");
  nep_buf_char(out, '}');
}

void nep_cast_statement_make(const nep_group *g, const nep_scalar *key, const nep_cast_statement *s,
                             nep_buf *out)
{
  nep_buf message = {0};
  write_message(s, &message);
  nep_signed_write(g, NEP_TAG_CAST, key, nep_buf_bytes(&message), out);
  nep_buf_free(&message);
}

/* ---- reading ---- */

nep_status nep_cast_statement_parse(const nep_group *g, nep_bytes text, nep_cast_statement *out,
                                    nep_error *err)
{
  nep_error why = {0};
  memset(out, 0, sizeof *out);
  if (nep_cast_statement_scan(g, text, out))
    return NEP_OK;
  memset(out, 0, sizeof *out);
  if (nep_cast_statement_read(g, text, out, &why) == NEP_OK)
    return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, code, why.where, "%s", why.reason);
}

/* ---- verifying ---- */

static nep_status check_subject(const nep_election *e, const char *ballot,
                                const nep_cast_statement *s, nep_error *err)
{
  if (strcmp(s->uuid, e->uuid) != 0)
    return nep_fail(err, NEP_E_CHECK, code, "uuid", "the statement is for another election");
  if (strcmp(s->election_hash, e->phi) != 0)
    return nep_fail(err, NEP_E_CHECK, code, "election_hash",
                    "the statement is for another definition of the election");
  if (strcmp(s->ballot, ballot) != 0)
    return nep_fail(err, NEP_E_CHECK, code, "ballot", "the statement is about another ballot");
  return NEP_OK;
}

static nep_status check_signature(bool holds, nep_error *err)
{
  return holds ? NEP_OK
               : nep_fail(err, NEP_E_CHECK, "cast-signature", "signature",
                          "the statement is not signed by the ballot's credential");
}

void nep_cast_statement_beside(const nep_cast_statement *s, nep_buf *message,
                               nep_signed_beside *beside)
{
  write_message(s, message);
  *beside = (nep_signed_beside){
      .tag = NEP_TAG_CAST, .text = nep_buf_bytes(message), .signature = s->signature};
}

nep_status nep_cast_statement_decide(const nep_election *e, const char *ballot,
                                     const nep_cast_statement *s, const nep_signed_beside *beside,
                                     nep_error *err)
{
  nep_status status = check_subject(e, ballot, s, err);
  return status == NEP_OK ? check_signature(beside->holds, err) : status;
}

/* What is kept of a statement until its signature is decided. */
typedef struct pending {
  nep_buf message;
  size_t number; /* in the batch */
} pending;

static nep_status add_to_batch(const nep_cast_check *c, pending *p, nep_batch *batch)
{
  nep_status status = check_subject(c->election, c->ballot, c->statement, c->err);
  if (status != NEP_OK)
    return status;
  write_message(c->statement, &p->message);
  p->number = nep_batch_signature(batch, NEP_TAG_CAST, c->credential, nep_buf_bytes(&p->message),
                                  &c->statement->signature);
  return NEP_OK;
}

void nep_cast_statements_verify(nep_cast_check *checks, size_t n)
{
  if (n == 0)
    return;
  nep_batch *batch = nep_batch_new(checks[0].election->key);
  pending *p = nep_alloc(n, sizeof *p);
  for (size_t i = 0; i < n; i++)
    checks[i].status = add_to_batch(&checks[i], &p[i], batch);
  nep_batch_run_var(batch);
  for (size_t i = 0; i < n; i++) {
    if (checks[i].status == NEP_OK)
      checks[i].status = check_signature(nep_batch_holds(batch, p[i].number), checks[i].err);
    nep_buf_free(&p[i].message);
  }
  free(p);
  nep_batch_free(batch);
}

nep_status nep_cast_statement_verify(const nep_election *e, const char *credential,
                                     const char *ballot, const nep_cast_statement *s,
                                     nep_error *err)
{
  nep_error why = {0};
  nep_element key;
  nep_cast_check one = {
      .election = e, .credential = &key, .ballot = ballot, .statement = s, .err = err};
  nep_status status = check_subject(e, ballot, s, err);
  if (status != NEP_OK)
    return status;
  if (nep_element_parse_member(e->group, &key, credential, strlen(credential), false, &why) !=
      NEP_OK)
    return nep_fail(err, NEP_E_CHECK, "cast-signature", "credential", "%s", why.reason);
  nep_cast_statements_verify(&one, 1);
  return one.status;
}

/* ---- the casting body ---- */

void nep_cast_join(nep_bytes ballot, nep_bytes statement, nep_buf *out)
{
  nep_buf_str(out, BALLOT_OPENS);
  nep_buf_add(out, ballot.data, ballot.len);
  nep_buf_str(out, STATEMENT_OPENS);
  nep_buf_add(out, statement.data, statement.len);
  nep_buf_char(out, '}');
}

/* Where the last STATEMENT_OPENS begins; 0 for none. */
static size_t find_statement(nep_bytes body)
{
  size_t len = strlen(STATEMENT_OPENS);
  for (size_t at = body.len < len ? 0 : body.len - len; at > 0; at--)
    if (memcmp(body.data + at, STATEMENT_OPENS, len) == 0)
      return at;
  return 0;
}

nep_status nep_cast_split(nep_bytes body, nep_bytes *ballot, nep_bytes *statement, nep_error *err)
{
  size_t start = strlen(BALLOT_OPENS), at = find_statement(body);
  if (at < start || memcmp(body.data, BALLOT_OPENS, start) != 0 || body.data[body.len - 1] != '}') {
    (void)nep_fail(err, NEP_E_INPUT, "cast-body", "body",
                   "is not {\"ballot\":..,\"statement\":..} in canonical form");
    return nep_advise(err, "send the ballot together with its cast statement");
  }
  size_t from = at + strlen(STATEMENT_OPENS);
  *ballot = (nep_bytes){body.data + start, at - start};
  *statement = (nep_bytes){body.data + from, body.len - 1 - from};
  return NEP_OK;
}
