/* One challenge: every check, then one transaction. */
#include <string.h>

#include "base/memory.h"
#include "records/choices.h"
#include "records/published_challenge.h"
#include "server/service/challenge.h"
#include "server/service/setups.h"

/* `length`: of the election's casting bodies. */
static nep_status check_length(const nep_buf *body, size_t length, nep_error *err)
{
  nep_status st = nep_padding_check(body, NEP_PUBLISHED_CASTS * length, "challenge-envelope", err);
  return st == NEP_OK
             ? st
             : nep_advise(err,
                          "put spaces behind challenge and proof up to twice \"ballot_bytes\"");
}

static nep_status verify(const nep_setup *setup, const nep_buf *body, nep_challenge_claims *claims,
                         nep_error *err)
{
  nep_findings findings = {0};
  nep_choice *choices = nep_choices_new(setup->election);
  nep_published_verify(setup->election, setup->credentials, nep_buf_bytes(body), claims, choices,
                       &findings);
  nep_status st = nep_findings_status(&findings, err);
  nep_findings_free(&findings);
  nep_secret_free(choices);
  return st;
}

typedef struct storing {
  const char *uuid;
  const nep_challenge_claims *claims;
  nep_bytes body;
  int64_t number, at;
  bool created;
} storing;

static nep_status check_time(const nep_head_row *head, int64_t now, nep_error *err)
{
  const char *code = nep_voting_refusal(head, now);
  if (code == NULL)
    return NEP_OK;
  bool early = strcmp(code, "not-open") == 0;
  return nep_fail(err, NEP_E_STATE, code, "uuid",
                  early ? "voting has not begun"
                        : "voting has ended: the challenge was not published");
}

static nep_status check_limits(const nep_challenge_counts *n, nep_error *err)
{
  if (n->own >= NEP_CHALLENGES_OF_A_CREDENTIAL)
    return nep_fail(err, NEP_E_STATE, "challenge-limit", "credential",
                    "the credential has %d challenges on the board, which takes no more of one",
                    NEP_CHALLENGES_OF_A_CREDENTIAL);
  if (n->ballots > NEP_COMPARED_BALLOTS)
    return nep_fail(err, NEP_E_STATE, "challenge-limit", "credential",
                    "the credential has more than %d ballots: too many to compare a challenge with",
                    NEP_COMPARED_BALLOTS);
  return NEP_OK;
}

/* What is revealed must never have been cast, and must never be (cast_commit.c): both look under
   the lock of the head. */
static nep_status check_message(nep_db *db, const storing *s, nep_error *err)
{
  bool cast = false;
  nep_status st =
      nep_db_message_cast(db, s->uuid, s->claims->credential, s->claims->message, &cast, err);
  if (st == NEP_OK && cast) {
    (void)nep_fail(err, NEP_E_STATE, "challenge-cast", "message",
                   "this message was cast: publishing it would open a ballot that may count");
    return nep_advise(err, "never show this file to anybody, and tell the commission: the device "
                           "cast a ballot that it was told not to cast");
  }
  return st;
}

/* s->number becomes that of the same challenge published before, or stays 0: then it may be
   published now, as the one after *last. */
static nep_status decide(nep_db *db, storing *s, const nep_head_row *head, int64_t *last,
                         nep_error *err)
{
  nep_challenge_counts counts = {0};
  int64_t now = 0;
  s->created = false;
  nep_status st = nep_db_challenge_known(db, s->uuid, s->claims->message, &s->number, &s->at, err);
  if (st != NEP_OK || s->number > 0)
    return st;
  st = nep_db_clock(db, &now, err);
  s->at = now;
  if (st == NEP_OK)
    st = check_time(head, now, err);
  if (st == NEP_OK)
    st = nep_db_challenges_count(db, s->uuid, s->claims->credential, &counts, err);
  if (st == NEP_OK)
    st = check_limits(&counts, err);
  if (st == NEP_OK)
    st = check_message(db, s, err);
  *last = counts.last;
  return st;
}

/* First without the lock, so that what is refused does not make ballots wait, however often it is
   sent. */
static nep_status look(nep_db *db, void *ctx, nep_error *err)
{
  storing *s = ctx;
  nep_head_row head;
  int64_t last = 0;
  nep_status st = nep_db_head_get(db, s->uuid, &head, err);
  return st == NEP_OK ? decide(db, s, &head, &last, err) : st;
}

static nep_status store(nep_db *db, void *ctx, nep_error *err)
{
  storing *s = ctx;
  nep_head_row head;
  int64_t last = 0;
  nep_status st = nep_db_head_lock(db, s->uuid, &head, err);
  if (st == NEP_OK)
    st = decide(db, s, &head, &last, err);
  if (st != NEP_OK || s->number > 0)
    return st;
  nep_challenge_row row = {
      .number = last + 1, .credential = s->claims->credential, .body = s->body, .at = s->at};
  s->number = row.number;
  s->created = true;
  return nep_db_challenge_insert(db, s->uuid, &row, err);
}

/* What has another length than every challenge of its election is no reason to read the election.
 */
static nep_status find_setup(nep_service *s, const char *uuid, const nep_buf *body,
                             nep_setup **setup, nep_error *err)
{
  size_t length = 0;
  *setup = nep_setup_at_hand(s, uuid);
  if (*setup != NULL)
    return check_length(body, (*setup)->envelope, err);
  nep_status st = nep_cast_length_read(s, uuid, &length, err);
  if (st == NEP_OK)
    st = check_length(body, length, err);
  return st == NEP_OK ? nep_setup_take(s, uuid, setup, err) : st;
}

nep_status nep_challenge_publish(nep_service *s, const char *uuid, nep_buf *body, bool *created,
                                 nep_buf *json, nep_error *err)
{
  nep_setup *setup = NULL;
  nep_challenge_claims claims;
  storing work = {.uuid = uuid, .claims = &claims};
  nep_status st = find_setup(s, uuid, body, &setup, err);
  nep_padding_take_off(body);
  if (st == NEP_OK)
    st = verify(setup, body, &claims, err);
  work.body = nep_buf_bytes(body);
  if (st == NEP_OK)
    st = nep_db_transaction(s->board, true, look, &work, err);
  if (st == NEP_OK && work.number == 0)
    st = nep_db_transaction(s->board, true, store, &work, err);
  nep_setup_give(s, setup);
  if (st != NEP_OK)
    return st;
  *created = work.created;
  nep_buf_char(json, '{');
  nep_member_string(json, "uuid", uuid);
  nep_buf_printf(json, ",\"number\":%lld", (long long)work.number);
  nep_member_time(json, "time", work.at);
  nep_buf_char(json, '}');
  return NEP_OK;
}

size_t nep_challenge_length(nep_service *s, const char *uuid)
{
  return NEP_PUBLISHED_CASTS * nep_cast_length(s, uuid);
}
