/* What the rules about statements look up: whose a ballot is, what stands where. */
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/casts.h"
#include "protocol/credentials.h"
#include "tally/dispute_rules.h"

static bool owner_of(nep_bytes ballot, nep_ballot_owner *out)
{
  json_t *json = NULL;
  const char *found = NULL;
  if (nep_json_parse(ballot, &json, NULL) == NEP_OK)
    found = json_string_value(json_object_get(json_object_get(json, "message"), "credential"));
  bool fits = found && strlen(found) < sizeof out->credential;
  if (fits)
    memcpy(out->credential, found, strlen(found) + 1);
  json_decref(json);
  return fits;
}

/* ---- a branch, ballot by ballot ---- */

typedef struct walk {
  nep_archive_reader *archive, *casts; /* casts NULL without a casts file */
  nep_buf ballot, statement;
  uint64_t events, nth;
} walk;

/* The statement of the nth ballot; its event is passed over. The file was found to fit. */
static nep_status next_statement(walk *w)
{
  nep_record r;
  bool end = false;
  nep_status s = nep_reader_next(w->casts, &r, &end, NULL);
  if (s == NEP_OK && !end) {
    nep_buf_clear(&w->statement);
    nep_buf_add(&w->statement, r.body.data, r.body.len);
    s = nep_reader_next(w->casts, &r, &end, NULL);
  }
  return s == NEP_OK && end ? NEP_E_CHECK : s;
}

/* *height is that of the next Ballot event; its text in w->ballot, its statement in w->statement.
 */
static nep_status next_ballot(const nep_branch *b, walk *w, uint64_t *height, bool *end)
{
  nep_record r;
  nep_status s = NEP_OK;
  while ((s = nep_reader_next(w->archive, &r, end, NULL)) == NEP_OK && !*end) {
    if (!r.is_event) {
      nep_buf_clear(&w->ballot);
      nep_buf_add(&w->ballot, r.body.data, r.body.len);
      continue;
    }
    *height = w->events++;
    if (*height < b->n_events && b->events[*height].is_ballot)
      return w->casts ? next_statement(w) : NEP_OK;
  }
  return s;
}

static nep_status walk_open(const nep_branch *b, walk *w)
{
  nep_status s = nep_reader_open(b->file, &w->archive, NULL);
  if (s == NEP_OK && b->casts)
    s = nep_casts_reader_open(b->casts->file, b->uuid, &w->casts, NULL);
  return s;
}

static void walk_close(walk *w)
{
  nep_reader_close(w->casts);
  nep_reader_close(w->archive);
  nep_buf_free(&w->ballot);
  nep_buf_free(&w->statement);
}

static nep_status place(const nep_branch *b, const walk *w, uint64_t height, nep_placed_list *out)
{
  nep_placed p = {.height = height, .nth = w->nth};
  nep_cast_statement s;
  nep_status st = NEP_OK;
  nep_hex(b->events[height].payload, 32, p.ballot);
  nep_base64(b->events[height].payload, 32, p.tracker);
  if (w->casts) {
    st = nep_cast_statement_parse(b->verified->election->group, nep_buf_bytes(&w->statement), &s,
                                  NULL);
    p.sequence = s.sequence;
    nep_sha256_hex(w->statement.data, w->statement.len, p.statement);
  }
  out->list = nep_realloc(out->list, out->n + 1, sizeof *out->list);
  out->list[out->n++] = p;
  return st;
}

bool nep_branch_ballots(const nep_branch *b, const char *credential, nep_placed_list *out)
{
  walk w = {0};
  bool end = false;
  uint64_t height = 0;
  *out = (nep_placed_list){0};
  nep_status s = walk_open(b, &w);
  while (s == NEP_OK && (s = next_ballot(b, &w, &height, &end)) == NEP_OK && !end) {
    nep_ballot_owner owner;
    if (owner_of(nep_buf_bytes(&w.ballot), &owner) && strcmp(owner.credential, credential) == 0)
      s = place(b, &w, height, out);
    w.nth++;
  }
  walk_close(&w);
  if (s == NEP_OK)
    return true;
  free(out->list);
  *out = (nep_placed_list){0};
  return false;
}

/* ---- whose a ballot is ---- */

static bool owner_in_branch(const nep_branch *b, const char *ballot, nep_ballot_owner *out)
{
  walk w = {0};
  bool end = false, found = false;
  uint64_t height = 0;
  uint8_t hash[32];
  nep_branch without = *b;
  without.casts = NULL;
  nep_status s = nep_unhex(ballot, strlen(ballot), hash, sizeof hash) ? NEP_OK : NEP_E_INPUT;
  if (s == NEP_OK)
    s = walk_open(&without, &w);
  while (s == NEP_OK && !found && (s = next_ballot(b, &w, &height, &end)) == NEP_OK && !end)
    found = memcmp(b->events[height].payload, hash, sizeof hash) == 0 &&
            owner_of(nep_buf_bytes(&w.ballot), out);
  walk_close(&w);
  return found;
}

bool nep_dispute_owner(const nep_dispute *d, const char *ballot, nep_ballot_owner *out)
{
  for (size_t i = 0; i < d->n_papers; i++) {
    const nep_paper *p = &d->papers[i];
    char hash[65];
    if (p->kind != NEP_PAPER_BALLOT)
      continue;
    nep_sha256_hex(p->text.data, p->text.len, hash);
    if (strcmp(hash, ballot) == 0 && owner_of(nep_buf_bytes(&p->text), out))
      return true;
  }
  for (size_t i = 0; i < d->n_branches; i++)
    if (owner_in_branch(&d->branches[i], ballot, out))
      return true;
  return false;
}

/* ---- a statement ---- */

static const nep_branch *branch_of(const nep_dispute *d, const nep_paper *p)
{
  json_t *json = NULL;
  const nep_branch *found = NULL;
  const char *uuid = NULL;
  if (nep_json_parse(nep_buf_bytes(&p->text), &json, NULL) == NEP_OK)
    uuid = json_string_value(json_object_get(json_object_get(json, "message"), "uuid"));
  for (size_t i = 0; uuid && !found && i < d->n_branches; i++)
    if (strcmp(uuid, d->branches[i].uuid) == 0 && nep_verified_is_valid(d->branches[i].verified) &&
        d->branches[i].verified->election)
      found = &d->branches[i];
  json_decref(json);
  return found;
}

static bool is_listed(const nep_branch *b, const char *credential)
{
  size_t place;
  return b->verified->credentials &&
         nep_credentials_find(b->verified->credentials, credential, strlen(credential), &place);
}

static nep_status verify(const nep_dispute *d, nep_voice *v, nep_error *err)
{
  const nep_election *e = v->branch->verified->election;
  nep_bytes text = nep_buf_bytes(&v->paper->text);
  nep_status s = nep_cast_statement_parse(e->group, text, &v->s, err);
  if (s == NEP_OK && !nep_dispute_owner(d, v->s.ballot, &v->owner))
    s = nep_fail(err, NEP_E_NOT_FOUND, "ballot", "ballot", "its ballot is not here");
  if (s == NEP_OK && !is_listed(v->branch, v->owner.credential))
    s = nep_fail(err, NEP_E_CHECK, "credential", "credential",
                 "the credential of its ballot is not registered in this election");
  if (s == NEP_OK)
    s = nep_cast_statement_verify(e, v->owner.credential, v->s.ballot, &v->s, err);
  if (s == NEP_OK && !nep_tracker(v->s.ballot, v->tracker))
    s = nep_fail(err, NEP_E_INPUT, "ballot", "ballot", "is not a hash");
  nep_sha256_hex(text.data, text.len, v->hash);
  return s;
}

bool nep_dispute_voice(nep_dispute *d, const nep_paper *p, bool quiet, nep_voice *out)
{
  nep_error err = {0};
  *out = (nep_voice){.paper = p, .branch = branch_of(d, p)};
  if (!out->branch) {
    if (!quiet)
      nep_dispute_say(d, NEP_OPEN, "statement-alone", NULL, p->file, NULL,
                      _("%s says nothing without a valid archive of its election: give one."),
                      p->file);
    return false;
  }
  nep_status s = verify(d, out, &err);
  if (s == NEP_E_NOT_FOUND && !quiet)
    nep_dispute_say(d, NEP_OPEN, "statement-without-ballot", NULL, p->file, NULL,
                    _("%s is about a ballot that is neither here nor in an archive, so nobody can "
                      "tell who signed it: give the ballot too (ballot-... or refused-... in the "
                      "voter's folder)."),
                    p->file);
  else if (s != NEP_OK && !quiet)
    nep_dispute_say(d, NEP_OPEN, "statement-unsigned", NULL, p->file, NULL,
                    _("%s is no evidence: the credential of its ballot did not sign it for this "
                      "election (%s)."),
                    p->file, err.reason);
  return s == NEP_OK;
}
