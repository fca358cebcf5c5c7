#include "records/casts_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/ring.h"
#include "protocol/scan.h"

/* The last ballot of a credential so far. */
typedef struct last {
  int64_t sequence; /* 0 for none */
  char ballot[65];
} last;

struct nep_casts_order {
  const nep_verified *v;
  last *lasts; /* by place in the list of credentials */
};

nep_casts_order *nep_casts_order_new(const nep_verified *v)
{
  nep_casts_order *o = nep_alloc(1, sizeof *o);
  o->v = v;
  o->lasts = nep_alloc(nep_credentials_count(v->credentials), sizeof *o->lasts);
  return o;
}

void nep_casts_order_free(nep_casts_order *o)
{
  if (!o)
    return;
  free(o->lasts);
  free(o);
}

const nep_verified *nep_casts_order_of(const nep_casts_order *o)
{
  return o->v;
}

/* ---- the ballot ---- */

/* A ballot that was verified is canonical, so its text can only begin like this. */
static bool find_credential(const nep_verified *v, nep_bytes ballot, size_t *place)
{
  nep_bytes text;
  return nep_scan_skip(&ballot, "{\"message\":{\"election_uuid\":\"") &&
         nep_scan_skip(&ballot, v->election->uuid) &&
         nep_scan_skip(&ballot, "\",\"election_hash\":\"") &&
         nep_scan_skip(&ballot, v->election->phi) &&
         nep_scan_skip(&ballot, "\",\"credential\":\"") &&
         nep_scan_plain(&ballot, NEP_ELEMENT_TEXT_MAX, &text) &&
         nep_credentials_find(v->credentials, (const char *)text.data, text.len, place);
}

nep_status nep_cast_ballot_read(const nep_verified *v, const nep_event *event, nep_bytes ballot,
                                nep_cast_ballot *out, nep_error *err)
{
  char tracker[44] = "";
  memcpy(out->hash, event->payload, sizeof out->hash);
  if (!nep_tracker(out->hash, tracker))
    return nep_fail(err, NEP_E_CHECK, "event-parse", "payload", "is not a hash");
  snprintf(out->name, sizeof out->name, "ballot %" PRIu64 " (tracker %s)", event->height, tracker);
  if (!find_credential(v, ballot, &out->place))
    return nep_fail(err, NEP_E_CHECK, "ballot-parse", "credential",
                    "is not one of the list, in a ballot of this election");
  return NEP_OK;
}

/* ---- ballots with their statements, each apart from the others ---- */

/* Those whose statements can be read, and their credentials. */
typedef struct readable {
  nep_cast_pair *pair[NEP_RING_TOGETHER_MAX];
  nep_bytes text[NEP_RING_TOGETHER_MAX];
  nep_element credential[NEP_RING_TOGETHER_MAX];
  const char *refusal[NEP_RING_TOGETHER_MAX];
  size_t n;
} readable;

static void read_statements(const nep_verified *v, nep_cast_pair *const *pairs, size_t n,
                            readable *out)
{
  const nep_group *g = v->election->group;
  out->n = 0;
  for (size_t i = 0; i < n; i++) {
    nep_cast_pair *p = pairs[i];
    p->held = false;
    p->why = (nep_error){0};
    p->well = nep_cast_statement_parse(g, nep_buf_bytes(&p->entry.statement), &p->statement,
                                       &p->why) == NEP_OK;
    if (!p->well)
      continue;
    out->text[out->n] = nep_credentials_text(v->credentials, p->ballot.place);
    out->pair[out->n++] = p;
  }
  nep_element_parse_many_var(g, out->credential, out->text, out->n, out->refusal);
}

void nep_casts_judge(const nep_verified *v, nep_cast_pair *const *pairs, size_t n)
{
  readable r;
  nep_cast_check checks[NEP_RING_TOGETHER_MAX];
  read_statements(v, pairs, n, &r);
  for (size_t i = 0; i < r.n; i++)
    checks[i] = (nep_cast_check){.election = v->election,
                                 .credential = &r.credential[i],
                                 .ballot = r.pair[i]->ballot.hash,
                                 .statement = &r.pair[i]->statement,
                                 .err = &r.pair[i]->why};
  nep_cast_statements_verify(checks, r.n);
  for (size_t i = 0; i < r.n; i++)
    if (r.refusal[i] != NULL)
      (void)nep_fail(&r.pair[i]->why, NEP_E_CHECK, "cast-signature", "credential", "%s",
                     r.refusal[i]);
    else
      r.pair[i]->held = checks[i].status == NEP_OK;
}

/* ---- among the others ---- */

static void check_order(nep_casts_order *o, const nep_cast_ballot *b, const nep_cast_statement *s,
                        nep_findings *f)
{
  last *before = &o->lasts[b->place];
  bool later = nep_check(f, "numbers of a credential's ballots", s->sequence > before->sequence,
                         "casts-order", b->name,
                         "its number is not above that of the credential's ballot before it: an "
                         "older ballot stands after a newer one");
  int64_t missing = s->sequence - before->sequence - 1;
  if (later && missing > 0)
    nep_warning(f, "casts-gap", b->name,
                "it is number %" PRId64 " of its credential and follows number %" PRId64
                ": %" PRId64 " that the device made %s not in the record",
                s->sequence, before->sequence, missing, missing == 1 ? "is" : "are");
  else if (later && before->sequence > 0 && s->previous[0] != '\0' &&
           strcmp(s->previous, before->ballot) != 0)
    nep_warning(f, "casts-previous", b->name, "the device says that it follows ballot %s",
                s->previous);
  before->sequence = s->sequence;
  memcpy(before->ballot, b->hash, sizeof before->ballot);
}

static void account_statement(nep_casts_order *o, const nep_cast_pair *p, nep_findings *f)
{
  const char *name = p->ballot.name;
  (void)nep_check(f, "form of statements", p->well, "casts-statement", name, p->why.reason);
  if (!p->well)
    return;
  (void)nep_check(f, "statements about their ballots", p->held,
                  strcmp(p->why.code, "cast-signature") == 0 ? "casts-signature"
                                                             : "casts-statement",
                  name, p->why.reason);
  if (p->held)
    check_order(o, &p->ballot, &p->statement, f);
}

void nep_casts_account(nep_casts_order *o, const nep_cast_pair *p, nep_findings *f)
{
  const char *name = p->ballot.name;
  (void)nep_check(f, "hashes of records", p->entry.hash_ok, "casts-hash", name,
                  "a record of its statement does not hash to its name");
  account_statement(o, p, f);
  (void)nep_check(f, "chain of statements", p->entry.follows, "casts-chain", name,
                  "the event of its statement does not continue the chain of statements");
}

void nep_casts_check(nep_casts_order *o, const nep_cast_ballot *b, const nep_cast_entry *e,
                     nep_findings *f)
{
  nep_cast_pair pair = {.ballot = *b, .entry = *e}, *one = &pair;
  nep_casts_judge(o->v, &one, 1);
  nep_casts_account(o, &pair, f);
}
