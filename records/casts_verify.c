#include "records/casts_verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "records/cast_statement.h"
#include "records/second_reading.h"

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

/* ---- the archive: from one Ballot event to the next ---- */

nep_status nep_cast_ballot_read(const nep_verified *v, const nep_event *event, nep_bytes ballot,
                                nep_cast_ballot *out, nep_error *err)
{
  json_t *json = NULL;
  char tracker[44] = "";
  memcpy(out->hash, event->payload, sizeof out->hash);
  if (!nep_tracker(out->hash, tracker))
    return nep_fail(err, NEP_E_CHECK, "event-parse", "payload", "is not a hash");
  snprintf(out->name, sizeof out->name, "ballot %" PRIu64 " (tracker %s)", event->height, tracker);
  nep_status st = nep_json_parse(ballot, &json, err);
  const char *text =
      json_string_value(json_object_get(json_object_get(json, "message"), "credential"));
  if (st == NEP_OK && (text == NULL || strlen(text) >= sizeof out->credential ||
                       !nep_credentials_find(v->credentials, text, strlen(text), &out->place)))
    st = nep_fail(err, NEP_E_CHECK, "ballot-parse", "credential", "is not in the list");
  if (st == NEP_OK)
    memcpy(out->credential, text, strlen(text) + 1);
  json_decref(json);
  return st;
}

static nep_status next_ballot(nep_second_reading *archive, const nep_verified *v,
                              nep_cast_ballot *out, bool *end, nep_error *err)
{
  nep_status st;
  while ((st = nep_second_reading_next(archive, end, err)) == NEP_OK && !*end)
    if (archive->event.type == NEP_EVENT_BALLOT)
      return nep_cast_ballot_read(v, &archive->event, nep_buf_bytes(&archive->data), out, err);
  return st;
}

/* ---- one statement ---- */

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

static void check_statement(nep_casts_order *o, const nep_cast_ballot *b, nep_bytes text,
                            nep_findings *f)
{
  const nep_election *e = o->v->election;
  nep_cast_statement s;
  nep_error why = {0};
  bool well = nep_cast_statement_parse(e->group, text, &s, &why) == NEP_OK;
  (void)nep_check(f, "form of statements", well, "casts-statement", b->name, why.reason);
  if (!well)
    return;
  bool held = nep_cast_statement_verify(e, b->credential, b->hash, &s, &why) == NEP_OK;
  (void)nep_check(f, "statements about their ballots", held,
                  strcmp(why.code, "cast-signature") == 0 ? "casts-signature" : "casts-statement",
                  b->name, why.reason);
  if (held)
    check_order(o, b, &s, f);
}

void nep_casts_check(nep_casts_order *o, const nep_cast_ballot *b, const nep_cast_entry *e,
                     nep_findings *f)
{
  (void)nep_check(f, "hashes of records", e->hash_ok, "casts-hash", b->name,
                  "a record of its statement does not hash to its name");
  check_statement(o, b, nep_buf_bytes(&e->statement), f);
  (void)nep_check(f, "chain of statements", e->follows, "casts-chain", b->name,
                  "the event of its statement does not continue the chain of statements");
}

/* ---- both files ---- */

static nep_status check_rest(nep_archive_reader *casts, nep_findings *f, nep_error *err)
{
  nep_record rest;
  bool end = false;
  nep_status st = nep_reader_next(casts, &rest, &end, err);
  if (st == NEP_OK)
    (void)nep_check(f, "nothing after the last statement", end, "casts-extra", "casts",
                    "holds statements of ballots that are not in the archive");
  return st;
}

static nep_status walk_both(nep_second_reading *archive, const nep_casts_until *until,
                            nep_archive_reader *casts, nep_casts_order *o, nep_casts_chain *chain,
                            nep_findings *f, nep_error *err)
{
  nep_cast_ballot b;
  nep_cast_entry e = {0};
  bool end = false, none = false;
  nep_status st = next_ballot(archive, o->v, &b, &end, err);
  while (st == NEP_OK && !end && !none) {
    st = nep_casts_next(casts, chain, &e, &none, err);
    if (st != NEP_OK)
      break;
    if (nep_check(f, "a statement for each ballot", !none, "casts-missing", b.name,
                  "no statement in the file is about it"))
      nep_casts_check(o, &b, &e, f);
    if (!none)
      st = next_ballot(archive, o->v, &b, &end, err);
  }
  nep_cast_entry_free(&e);
  if (st != NEP_OK || none)
    return st;
  (void)nep_check(f, "the archive that was verified", strcmp(archive->head, until->head) == 0,
                  "casts-archive", "archive", "it is not the one that was verified");
  return until->ended ? check_rest(casts, f, err) : NEP_OK;
}

nep_status nep_casts_verify_into(const char *casts, const char *archive,
                                 const nep_casts_until *until, nep_casts_order *o,
                                 nep_casts_chain *chain, nep_findings *f, nep_error *err)
{
  nep_second_reading a;
  nep_archive_reader *c = NULL;
  nep_status st = nep_second_reading_open(archive, "casts-archive", &a, err);
  if (st == NEP_OK)
    st = nep_casts_reader_open(casts, o->v->election->uuid, &c, err);
  if (st == NEP_OK) {
    (void)nep_check(f, "the same timestamp", nep_reader_timestamp(c) == nep_reader_timestamp(a.r),
                    "casts-format", "casts", "its timestamp is not that of the archive");
    st = walk_both(&a, until, c, o, chain, f, err);
  }
  nep_reader_close(c);
  nep_second_reading_close(&a);
  return st;
}

nep_status nep_casts_verify(const char *casts, const char *archive, const nep_verified *v,
                            nep_findings *f, nep_error *err)
{
  nep_casts_order *o = nep_casts_order_new(v);
  nep_casts_until all = {.head = v->head, .ended = true};
  nep_casts_chain chain = {0};
  nep_status st = nep_casts_verify_into(casts, archive, &all, o, &chain, f, err);
  nep_casts_order_free(o);
  return st;
}
