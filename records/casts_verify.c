#include "records/casts_verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "protocol/casts.h"
#include "records/cast_statement.h"

/* The last ballot of a credential so far. */
typedef struct last {
  int64_t sequence; /* 0 for none */
  char ballot[65];
} last;

typedef struct walk {
  const nep_verified *v;
  nep_archive_reader *archive, *casts;
  nep_findings *f;
  last *lasts; /* by place in the list of credentials */
  uint64_t n;  /* statements and ballots read so far */
  char head[65];
  char archive_head[65]; /* the archive's last event so far */
  char object[96];       /* the ballot that is looked at */
  char ballot[65];
  char credential[NEP_ELEMENT_TEXT_MAX];
  size_t place;
} walk;

/* ---- the archive: from one Ballot event to the next ---- */

static nep_status read_credential(walk *w, nep_bytes ballot, nep_error *err)
{
  json_t *json = NULL;
  nep_status st = nep_json_parse(ballot, &json, err);
  const char *text =
      json_string_value(json_object_get(json_object_get(json, "message"), "credential"));
  if (st == NEP_OK && (text == NULL || strlen(text) >= sizeof w->credential ||
                       !nep_credentials_find(w->v->credentials, text, strlen(text), &w->place)))
    st = nep_fail(err, NEP_E_CHECK, "ballot-parse", "credential", "is not in the list");
  if (st == NEP_OK)
    memcpy(w->credential, text, strlen(text) + 1);
  json_decref(json);
  return st;
}

/* The archive is read a second time here, perhaps from a medium that somebody else made: what comes
   must be what was verified. */
static nep_status read_event(walk *w, const nep_record *r, const char *data, nep_event *event,
                             nep_error *err)
{
  nep_status st = r->hash_ok ? nep_event_parse(r->body, event, err) : NEP_E_CHECK;
  bool follows =
      st == NEP_OK && strcmp(event->has_parent ? event->parent : "", w->archive_head) == 0;
  if (!follows || (event->type == NEP_EVENT_BALLOT && strcmp(event->payload, data) != 0))
    return nep_fail(err, NEP_E_CHECK, "casts-archive", "archive", "it changed while it was read");
  memcpy(w->archive_head, r->hash, sizeof w->archive_head);
  return NEP_OK;
}

static nep_status next_ballot(walk *w, bool *end, nep_error *err)
{
  nep_record r;
  nep_event event;
  nep_buf data = {0};
  char data_hash[65] = "";
  nep_status st;
  while ((st = nep_reader_next(w->archive, &r, end, err)) == NEP_OK && !*end) {
    if (!r.is_event) {
      nep_buf_clear(&data);
      nep_buf_add(&data, r.body.data, r.body.len);
      memcpy(data_hash, r.hash_ok ? r.hash : "", r.hash_ok ? sizeof data_hash : 1);
      continue;
    }
    st = read_event(w, &r, data_hash, &event, err);
    if (st != NEP_OK)
      break;
    if (event.type != NEP_EVENT_BALLOT)
      continue;
    char tracker[44] = "";
    memcpy(w->ballot, event.payload, sizeof w->ballot);
    if (!nep_tracker(w->ballot, tracker))
      st = nep_fail(err, NEP_E_CHECK, "event-parse", "payload", "is not a hash");
    snprintf(w->object, sizeof w->object, "ballot %" PRIu64 " (tracker %s)", event.height, tracker);
    if (st == NEP_OK)
      st = read_credential(w, nep_buf_bytes(&data), err);
    break;
  }
  nep_buf_free(&data);
  return st;
}

/* ---- one statement ---- */

static void check_order(walk *w, const nep_cast_statement *s)
{
  last *before = &w->lasts[w->place];
  bool later =
      nep_check(w->f, "numbers of a credential's ballots", s->sequence > before->sequence,
                "casts-order", w->object,
                "its number is not above that of the credential's ballot before it: an older "
                "ballot stands after a newer one");
  int64_t missing = s->sequence - before->sequence - 1;
  if (later && missing > 0)
    nep_warning(w->f, "casts-gap", w->object,
                "it is number %" PRId64 " of its credential and follows number %" PRId64
                ": %" PRId64 " that the device made %s not in the record",
                s->sequence, before->sequence, missing, missing == 1 ? "is" : "are");
  else if (later && before->sequence > 0 && s->previous[0] != '\0' &&
           strcmp(s->previous, before->ballot) != 0)
    nep_warning(w->f, "casts-previous", w->object, "the device says that it follows ballot %s",
                s->previous);
  before->sequence = s->sequence;
  memcpy(before->ballot, w->ballot, sizeof before->ballot);
}

static void check_statement(walk *w, nep_bytes text)
{
  const nep_election *e = w->v->election;
  nep_cast_statement s;
  nep_error why = {0};
  bool well = nep_cast_statement_parse(e->group, text, &s, &why) == NEP_OK;
  (void)nep_check(w->f, "form of statements", well, "casts-statement", w->object, why.reason);
  if (!well)
    return;
  bool held = nep_cast_statement_verify(e, w->credential, w->ballot, &s, &why) == NEP_OK;
  (void)nep_check(w->f, "statements about their ballots", held,
                  strcmp(why.code, "cast-signature") == 0 ? "casts-signature" : "casts-statement",
                  w->object, why.reason);
  if (held)
    check_order(w, &s);
}

/* ---- the casts file: data record and event by turns ---- */

static void check_event(walk *w, const nep_record *r, const char *statement)
{
  nep_buf text = {0};
  char hash[65];
  nep_casts_event(w->n == 0 ? NULL : w->head, w->n, statement, &text, hash);
  (void)nep_check(w->f, "chain of statements", nep_bytes_equal(r->body, nep_buf_bytes(&text)),
                  "casts-chain", w->object,
                  "the event of its statement does not continue the chain of statements");
  memcpy(w->head, r->hash, sizeof w->head);
  nep_buf_free(&text);
}

static nep_status next_record(walk *w, bool is_event, nep_record *r, bool *end, nep_error *err)
{
  nep_status st = nep_reader_next(w->casts, r, end, err);
  if (st != NEP_OK || *end)
    return st;
  (void)nep_check(w->f, "hashes of records", r->hash_ok, "casts-hash", w->object,
                  "a record of its statement does not hash to its name");
  if (r->is_event != is_event)
    st = nep_fail(err, NEP_E_CHECK, "casts-format", "casts",
                  "statements and events do not come by turns");
  return st;
}

/* Statement and event of the current ballot; *end when there is none. */
static nep_status read_cast(walk *w, bool *end, nep_error *err)
{
  nep_record r;
  char statement[65];
  bool cut = false;
  nep_status st = next_record(w, false, &r, end, err);
  if (st != NEP_OK || *end)
    return st;
  memcpy(statement, r.hash, sizeof statement);
  check_statement(w, r.body);
  st = next_record(w, true, &r, &cut, err);
  if (st == NEP_OK && cut)
    st = nep_fail(err, NEP_E_CHECK, "casts-format", "casts", "ends with a statement without event");
  if (st == NEP_OK)
    check_event(w, &r, statement);
  return st;
}

static nep_status check_rest(walk *w, nep_error *err)
{
  nep_record r;
  bool end = false;
  nep_status st = nep_reader_next(w->casts, &r, &end, err);
  (void)nep_check(w->f, "the archive that was verified", strcmp(w->archive_head, w->v->head) == 0,
                  "casts-archive", "archive", "it is not the one that was verified");
  if (st == NEP_OK)
    (void)nep_check(w->f, "nothing after the last statement", end, "casts-extra", "casts",
                    "holds statements of ballots that are not in the archive");
  return st;
}

static nep_status walk_both(walk *w, nep_error *err)
{
  bool end = false, none = false;
  nep_status st = next_ballot(w, &end, err);
  while (st == NEP_OK && !end) {
    st = read_cast(w, &none, err);
    if (st == NEP_OK)
      (void)nep_check(w->f, "a statement for each ballot", !none, "casts-missing", w->object,
                      "no statement in the file is about it");
    w->n++;
    if (st != NEP_OK || none)
      return st;
    st = next_ballot(w, &end, err);
  }
  return st == NEP_OK ? check_rest(w, err) : st;
}

nep_status nep_casts_verify(const char *casts, const char *archive, const nep_verified *v,
                            nep_findings *f, nep_error *err)
{
  walk w = {.v = v, .f = f};
  nep_status st = nep_reader_open(archive, &w.archive, err);
  if (st == NEP_OK)
    st = nep_casts_reader_open(casts, v->election->uuid, &w.casts, err);
  if (st == NEP_OK) {
    (void)nep_check(f, "the same timestamp",
                    nep_reader_timestamp(w.casts) == nep_reader_timestamp(w.archive),
                    "casts-format", "casts", "its timestamp is not that of the archive");
    w.lasts = nep_alloc(nep_credentials_count(v->credentials), sizeof *w.lasts);
    st = walk_both(&w, err);
  }
  free(w.lasts);
  nep_reader_close(w.casts);
  nep_reader_close(w.archive);
  return st;
}
