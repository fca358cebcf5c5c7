/* Receipts and refusals, signed after the commit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "records/receipt.h"
#include "server/service/cast.h"

void nep_cast_free(nep_service *s, nep_cast *cast)
{
  nep_setup_give(s, cast->setup);
  nep_buf_free(&cast->body);
  free(cast->credential);
  free(cast);
}

static void finish(nep_service *s, nep_cast *cast, nep_status status, const nep_buf *json,
                   const nep_error *err)
{
  cast->done(cast->ctx, status, status == NEP_OK && cast->fate == NEP_CAST_STORED, json, err);
  nep_cast_free(s, cast);
  nep_caster_leave(s->caster, 1);
}

void nep_cast_fail(nep_service *s, nep_cast *cast, const nep_error *err)
{
  nep_buf nothing = {0};
  bool ours = err->status == NEP_E_IO || err->status == NEP_E_BUSY || err->status == NEP_E_INTERNAL;
  atomic_fetch_add(ours ? &s->counters.cast_failed : &s->counters.cast_invalid, 1);
  finish(s, cast, err->status, &nothing, err);
}

static void write_receipt(const nep_cast *cast, nep_buf *message)
{
  nep_cast_receipt r = {.height = (uint64_t)cast->height};
  memcpy(r.uuid, cast->uuid, sizeof r.uuid);
  memcpy(r.election_hash, cast->setup->election->phi, sizeof r.election_hash);
  memcpy(r.tracker, cast->tracker, sizeof r.tracker);
  memcpy(r.event, cast->event, sizeof r.event);
  nep_clock_text(cast->time, r.time);
  nep_cast_receipt_write(&r, message);
}

static void write_message(const nep_cast *cast, nep_buf *message)
{
  nep_refusal r = {0};
  if (cast->fate != NEP_CAST_REFUSED) {
    write_receipt(cast, message);
    return;
  }
  memcpy(r.uuid, cast->uuid, sizeof r.uuid);
  memcpy(r.tracker, cast->tracker, sizeof r.tracker);
  memcpy(r.statement, cast->statement_hash, sizeof r.statement);
  snprintf(r.code, sizeof r.code, "%s", cast->code);
  nep_clock_text(cast->time, r.time);
  nep_refusal_write(&r, message);
}

static nep_status order_error(const nep_cast *cast, nep_error *err)
{
  if (cast->stored_before)
    (void)nep_fail(err, NEP_E_STATE, cast->code, "statement",
                   "this ballot is stored already, with another statement");
  else
    (void)nep_fail(err, NEP_E_STATE, cast->code, "sequence",
                   "%lld is not above %lld, the number of a ballot of this credential that is "
                   "stored: this one was not",
                   (long long)cast->sequence, (long long)cast->last);
  return nep_advise(err, "send a retry with identical bytes, a new ballot with a higher number");
}

static nep_status refused_error(const nep_cast *cast, nep_error *err)
{
  if (strcmp(cast->code, "cast-order") == 0)
    return order_error(cast, err);
  if (strcmp(cast->code, "cast-challenged") == 0) {
    (void)nep_fail(err, NEP_E_STATE, cast->code, "ballot",
                   "what this ballot contains was published as a challenge: it was not stored");
    return nep_advise(err, "encrypt afresh, and cast that ballot");
  }
  bool early = strcmp(cast->code, "not-open") == 0;
  return nep_fail(err, NEP_E_STATE, cast->code, "uuid",
                  early ? "voting has not begun" : "voting has ended: the ballot was not stored");
}

static void count(nep_service *s, const nep_cast *cast)
{
  nep_counters *c = &s->counters;
  atomic_fetch_add(cast->fate == NEP_CAST_STORED     ? &c->cast_accepted
                   : cast->fate == NEP_CAST_REPEATED ? &c->cast_repeated
                                                     : &c->cast_refused,
                   1);
}

static void answer(nep_service *s, nep_cast *cast, nep_status signing, const nep_buf *signed_json,
                   const nep_error *signing_err)
{
  nep_error err = {0};
  count(s, cast);
  if (cast->fate == NEP_CAST_REFUSED) { /* a refusal stands, signed or not */
    nep_status st = refused_error(cast, &err);
    finish(s, cast, st, signed_json, &err);
  } else {
    finish(s, cast, signing, signed_json, signing_err);
  }
}

/* When the signer does not answer, the ballots stay stored and the same bytes sent again get their
   receipts. */
static nep_status sign(nep_service *s, bool refused, const nep_bytes *texts, size_t n, nep_buf *out,
                       nep_error *err)
{
  nep_signed_purpose purpose = refused ? NEP_SIGN_REFUSAL : NEP_SIGN_CAST_RECEIPT;
  nep_status st = n == 0 ? NEP_OK : nep_signer_sign(s->signer, purpose, texts, n, out, err);
  if (st != NEP_OK)
    nep_advise(err, "the ballot may be stored: send the same bytes again for its receipt");
  return st;
}

/* All casts of the batch with this kind of message, signed in one round trip. A message that the
   signer refuses, as for an election whose board was rewritten, never fails its neighbours. */
static void answer_kind(nep_cast_batch *b, bool refused)
{
  nep_buf *messages = nep_alloc(b->n, sizeof *messages);
  nep_buf *out = nep_alloc(b->n, sizeof *out);
  nep_bytes *texts = nep_alloc(b->n, sizeof *texts);
  nep_cast **casts = nep_alloc(b->n, sizeof *casts);
  nep_error err = {0};
  size_t n = 0;
  for (size_t i = 0; i < b->n; i++) {
    if (b->casts[i] == NULL || (b->casts[i]->fate == NEP_CAST_REFUSED) != refused)
      continue;
    write_message(b->casts[i], &messages[n]);
    texts[n] = nep_buf_bytes(&messages[n]);
    casts[n++] = b->casts[i];
    b->casts[i] = NULL;
  }
  nep_status st = sign(b->service, refused, texts, n, out, &err);
  bool each = n > 1 && st == NEP_E_INTERNAL;
  for (size_t i = 0; i < n; i++) {
    if (each)
      st = sign(b->service, refused, &texts[i], 1, &out[i], &err);
    answer(b->service, casts[i], st, &out[i], &err);
    nep_buf_free(&out[i]);
    nep_buf_free(&messages[i]);
  }
  free(casts);
  free(texts);
  free(out);
  free(messages);
}

void nep_cast_answer(nep_cast_batch *b)
{
  answer_kind(b, false);
  answer_kind(b, true);
}
