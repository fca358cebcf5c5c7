#include "protocol/archive_chain.h"

#include <inttypes.h>
#include <string.h>

#include "base/encode.h"

void nep_chain_free(nep_chain *c)
{
  for (size_t i = 0; i < NEP_PENDING_MAX; i++)
    nep_buf_free(&c->pending[i].body);
  nep_hash_map_free(c->known);
}

static void check_hash(const nep_record *r, nep_findings *f)
{
  char object[128];
  snprintf(object, sizeof object, "record %s%s", r->hash,
           r->is_event ? NEP_EVENT_SUFFIX : NEP_DATA_SUFFIX);
  nep_check(f, "record hashes", r->hash_ok, "archive-hash", object,
            "the content does not hash to the record's name");
}

/* The table's value for a record's name; NULL when the name is no hash. */
static uint8_t *note(nep_chain *c, const char *name)
{
  uint8_t hash[32];
  bool found;
  if (!nep_unhex(name, 64, hash, sizeof hash))
    return NULL;
  if (!c->known)
    c->known = nep_hash_map_new(1);
  return nep_hash_map_put(c->known, hash, &found);
}

bool nep_chain_first_ballot(nep_chain *c, const char *hash)
{
  uint8_t *value = note(c, hash);
  bool first = value && *value == 0;
  if (value)
    *value = 1;
  return first;
}

bool nep_chain_knows(const nep_chain *c, const uint8_t hash[32])
{
  return c->known && nep_hash_map_has(c->known, hash);
}

static bool knows_name(const nep_chain *c, const char *name)
{
  uint8_t hash[32];
  return nep_unhex(name, 64, hash, sizeof hash) && nep_chain_knows(c, hash);
}

void nep_chain_data(nep_chain *c, const nep_record *r, nep_findings *f)
{
  check_hash(r, f);
  (void)note(c, r->hash);
  c->overflow |= c->n_pending == NEP_PENDING_MAX;
  if (c->overflow)
    return;
  nep_pending *p = &c->pending[c->n_pending++];
  memcpy(p->hash, r->hash, sizeof p->hash);
  p->hash_ok = r->hash_ok;
  p->offset = r->offset;
  nep_buf_clear(&p->body);
  nep_buf_add(&p->body, r->body.data, r->body.len);
}

const nep_pending *nep_chain_find(const nep_chain *c, const char *hash)
{
  for (size_t i = 0; i < c->n_pending; i++)
    if (strcmp(c->pending[i].hash, hash) == 0)
      return &c->pending[i];
  return NULL;
}

/* protocol.md §11: Setup Ballot* EndBallots EncryptedTally [Shuffle* EndShuffles]
   PartialDecryption* Result, cut off anywhere after Setup. */
bool nep_chain_may_follow(const nep_chain *c, nep_event_type next)
{
  if (c->events == 0)
    return next == NEP_EVENT_SETUP;
  if (!c->knows_last)
    return true; /* the unreadable event before was reported */
  switch (c->last) {
  case NEP_EVENT_SETUP:
  case NEP_EVENT_BALLOT:
    return next == NEP_EVENT_BALLOT || next == NEP_EVENT_END_BALLOTS;
  case NEP_EVENT_END_BALLOTS:
    return next == NEP_EVENT_ENCRYPTED_TALLY;
  case NEP_EVENT_ENCRYPTED_TALLY:
    return next == NEP_EVENT_SHUFFLE || next == NEP_EVENT_END_SHUFFLES ||
           next == NEP_EVENT_PARTIAL_DECRYPTION || next == NEP_EVENT_RESULT;
  case NEP_EVENT_SHUFFLE:
    return next == NEP_EVENT_SHUFFLE || next == NEP_EVENT_END_SHUFFLES;
  case NEP_EVENT_END_SHUFFLES:
  case NEP_EVENT_PARTIAL_DECRYPTION:
    return next == NEP_EVENT_PARTIAL_DECRYPTION || next == NEP_EVENT_RESULT;
  case NEP_EVENT_RESULT:
    return false;
  }
  return false;
}

enum { IMPLIED_MAX = 5 };
typedef struct implied {
  char hash[IMPLIED_MAX][65];
  size_t n;
} implied;

static nep_status add_implied(implied *list, const json_t *payload, const char *key, nep_error *err)
{
  if (!json_object_get(payload, key))
    return nep_fail(err, NEP_E_CHECK, "shape", key, "missing");
  return nep_json_hash(payload, key, list->hash[list->n++], err);
}

/* The records that the payload of an event names: the table of protocol.md §11. */
static nep_status read_implied(nep_event_type type, nep_bytes payload, implied *list,
                               nep_error *err)
{
  static const char *const setup[] = {"election", "trustees", "credentials"};
  json_t *json = NULL;
  nep_status s = NEP_OK;
  if (type == NEP_EVENT_BALLOT || type == NEP_EVENT_RESULT)
    return NEP_OK;
  s = nep_json_parse_short(payload, &json, err);
  if (s == NEP_OK && type == NEP_EVENT_SETUP) {
    for (size_t i = 0; s == NEP_OK && i < 3; i++)
      s = add_implied(list, json, setup[i], err);
    if (s == NEP_OK && json_object_get(json, "credentials_certificate"))
      s = add_implied(list, json, "credentials_certificate", err);
  } else if (s == NEP_OK) {
    s = add_implied(list, json, type == NEP_EVENT_ENCRYPTED_TALLY ? "encrypted_tally" : "payload",
                    err);
  }
  json_decref(json);
  return s;
}

static bool same_order(const nep_chain *c, const implied *list)
{
  if (c->overflow || c->n_pending != list->n)
    return false;
  for (size_t i = 0; i < list->n; i++)
    if (strcmp(c->pending[i].hash, list->hash[i]) != 0)
      return false;
  return true;
}

/* The data records before the event are exactly those implied, in order. */
static void check_records(const nep_chain *c, const nep_event *e, const char *object,
                          nep_findings *f)
{
  implied list = {.n = 0};
  nep_error err = {0};
  bool missing = false;
  if (e->has_payload) {
    const nep_pending *payload = nep_chain_find(c, e->payload);
    if (payload && read_implied(e->type, nep_buf_bytes(&payload->body), &list, &err) != NEP_OK) {
      nep_fault(f, "archive-format", object, "its payload cannot be read: %s", err.reason);
      return;
    }
    memcpy(list.hash[list.n++], e->payload, sizeof e->payload);
  }
  for (size_t i = 0; i < list.n; i++) {
    if (!nep_chain_find(c, list.hash[i]) && !knows_name(c, list.hash[i])) {
      nep_fault(f, "archive-missing-object", object, "the record %s is nowhere before it",
                list.hash[i]);
      missing = true;
    }
  }
  if (!missing)
    nep_check(f, "records before each event", same_order(c, &list), "archive-order", object,
              "the records before it are not exactly those it implies, in their order");
}

static void check_links(const nep_chain *c, const nep_event *e, const char *object, nep_findings *f)
{
  bool parent = e->has_parent ? strcmp(e->parent, c->head) == 0 : c->events == 0;
  nep_check(f, "event parents", parent, "archive-chain", object,
            "its parent is not the hash of the event before it");
  nep_check(f, "event heights", e->height == c->events, "archive-chain", object,
            "its height is not the number of events before it");
  nep_check(f, "order of events", nep_chain_may_follow(c, e->type), "archive-sequence", object,
            "an event of this type may not stand here");
}

bool nep_chain_event(nep_chain *c, const nep_record *r, nep_event *out, nep_findings *f)
{
  char object[96];
  nep_error err = {0};
  check_hash(r, f);
  nep_status s = nep_event_parse(r->body, out, &err);
  memcpy(out->hash, r->hash, sizeof out->hash);
  bool readable = s == NEP_OK || strcmp(err.code, "noncanonical") == 0;
  snprintf(object, sizeof object, "event %" PRIu64 "%s%s", c->events, readable ? " " : "",
           readable ? nep_event_name(out->type) : "");
  nep_check(f, "event texts", s == NEP_OK, readable ? "noncanonical" : "archive-format", object,
            err.reason);
  if (readable) {
    check_links(c, out, object, f);
    check_records(c, out, object, f);
    c->last = out->type;
  }
  c->knows_last = readable;
  c->events++;
  memcpy(c->head, r->hash, sizeof c->head);
  return readable;
}

void nep_chain_settle(nep_chain *c)
{
  c->n_pending = 0;
  c->overflow = false;
}

void nep_chain_end(nep_chain *c, nep_findings *f)
{
  nep_check(f, "nothing after the last event", c->n_pending == 0 && !c->overflow, "archive-order",
            "the end of the archive", "data records follow the last event");
  if (c->events == 0)
    nep_fault(f, "archive-format", "the archive", "it has no event");
}
