/* Creating an election: from the trustees' keys and a template to the definition that everybody
   will hash. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/ballot.h"
#include "protocol/json.h"
#include "protocol/trustees.h"
#include "server/service/acts.h"
#include "server/service/trust_fits.h"

typedef struct creation {
  char uuid[65];
  nep_election_row row;
  nep_buf definition, trustees, trust;
} creation;

/* Written by people: the order of fields is free, their set is not. */
static nep_status read_fields(json_t *body, nep_error *err)
{
  static const char *const names[] = {"uuid",     "event",    "identifier", "group",
                                      "template", "trustees", "trust"};
  size_t wanted = sizeof names / sizeof *names;
  if (!json_is_object(body))
    return nep_fail(err, NEP_E_INPUT, "shape", "body", "an object is expected");
  for (size_t i = 0; i < wanted; i++)
    if (json_object_get(body, names[i]) == NULL)
      return nep_fail(err, NEP_E_INPUT, "shape", names[i], "the field is missing");
  if (json_object_size(body) == wanted)
    return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, "shape", "body",
                  "fields other than uuid, event, identifier, group, template, trustees, trust");
}

static nep_status read_event(const char *event, size_t len, nep_error *err)
{
  bool plain = len >= 1 && len <= 100 && strlen(event) == len;
  for (size_t i = 0; plain && i < len; i++)
    plain = (unsigned char)event[i] >= 0x20 && event[i] != 0x7f;
  if (plain)
    return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, "event", "event",
                  "1 to 100 bytes without control characters are expected");
}

static nep_status read_names(const json_t *body, creation *n, const nep_group **group,
                             nep_error *err)
{
  const char *uuid, *event, *identifier, *name;
  size_t uuid_len, event_len, identifier_len, name_len;
  nep_status st = nep_json_string(body, "uuid", &uuid, &uuid_len, err);
  if (st == NEP_OK)
    st = nep_json_string(body, "event", &event, &event_len, err);
  if (st == NEP_OK)
    st = nep_json_string(body, "identifier", &identifier, &identifier_len, err);
  if (st == NEP_OK)
    st = nep_json_string(body, "group", &name, &name_len, err);
  if (st == NEP_OK && !nep_uuid_is_valid(uuid, uuid_len))
    st = nep_fail(err, NEP_E_INPUT, "uuid", "uuid",
                  "14 to 64 characters of the Base58 alphabet are expected");
  if (st == NEP_OK)
    st = read_event(event, event_len, err);
  if (st == NEP_OK && strcmp(identifier, "vn-12") != 0 && strcmp(identifier, "text") != 0)
    st =
        nep_fail(err, NEP_E_INPUT, "identifier", "identifier", "\"vn-12\" or \"text\" is expected");
  if (st == NEP_OK && (*group = nep_group_find(name, name_len)) == NULL)
    st = nep_fail(err, NEP_E_INPUT, "group", "group",
                  "Ed25519, BELENIOS-2048 or RFC-3526-2048 is expected");
  if (st != NEP_OK)
    return st;
  snprintf(n->uuid, sizeof n->uuid, "%s", uuid);
  snprintf(n->row.uuid, sizeof n->row.uuid, "%s", uuid);
  snprintf(n->row.identifier, sizeof n->row.identifier, "%s", identifier);
  snprintf(n->row.group, sizeof n->row.group, "%s", nep_group_name(*group));
  n->row.event = nep_strdup(event);
  return NEP_OK;
}

/* The election's key is computed from the trustees, never taken from the request. */
static nep_status make_definition(const json_t *body, const nep_group *group, creation *n,
                                  nep_error *err)
{
  nep_findings findings = {0};
  nep_trustees *trustees = NULL;
  nep_buf template = {0};
  nep_json_write(&n->trustees, json_object_get(body, "trustees"));
  nep_json_write(&template, json_object_get(body, "template"));
  nep_trustees_verify(group, nep_buf_bytes(&n->trustees), &trustees, &findings);
  nep_status st = nep_findings_status(&findings, err);
  if (st == NEP_OK && trustees == NULL)
    st = nep_fail(err, NEP_E_INPUT, "trustees-parse", "trustees", "they cannot be read");
  if (st == NEP_OK)
    st = nep_election_make(nep_buf_bytes(&template), group, &trustees->election_key, n->uuid,
                           &n->definition, err);
  nep_trustees_free(trustees);
  nep_findings_free(&findings);
  nep_buf_free(&template);
  return st;
}

/* The same trust file stands in every election of its event; voters, auditors and trustees pin it,
   so what it says of this server must be so before anybody registers. */
static nep_status check_trust(const nep_act_call *c, const json_t *body, creation *n,
                              nep_error *err)
{
  nep_trust *trust = NULL;
  nep_json_write(&n->trust, json_object_get(body, "trust"));
  nep_status st = nep_trust_parse(nep_buf_bytes(&n->trust), &trust, err);
  if (st == NEP_OK && strcmp(trust->event, n->row.event) != 0)
    st = nep_fail(err, NEP_E_CHECK, "trust", "event", "it is that of the event %s", trust->event);
  if (st != NEP_OK)
    st = nep_inside(err, st, "trust");
  else
    st = nep_trust_fits(c->service, trust, err);
  nep_trust_free(trust);
  return st;
}

static nep_status describe(creation *n, nep_error *err)
{
  nep_election *e = NULL;
  nep_status st = nep_election_parse(nep_buf_bytes(&n->definition), &e, err);
  if (st == NEP_OK) {
    n->row.name = nep_strdup(e->name);
    n->row.description = nep_strdup(e->description);
    n->row.ballot_bytes = (int64_t)nep_ballot_envelope(e);
  }
  nep_election_free(e);
  return st;
}

nep_status nep_create_prepare(nep_act_call *c, nep_error *err)
{
  creation *n = nep_alloc(1, sizeof *n);
  const nep_group *group = NULL;
  json_t *body = NULL;
  c->prepared = n;
  nep_status st = nep_json_parse(c->body, &body, err);
  if (st == NEP_OK)
    st = read_fields(body, err);
  if (st == NEP_OK)
    st = read_names(body, n, &group, err);
  if (st == NEP_OK)
    st = make_definition(body, group, n, err);
  if (st == NEP_OK)
    st = check_trust(c, body, n, err);
  if (st == NEP_OK)
    st = describe(n, err);
  c->uuid = n->uuid;
  json_decref(body);
  return st;
}

nep_status nep_create_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  creation *n = c->prepared;
  nep_buf start = {0};
  char hash[65];
  int64_t size = 0;
  n->row.stamp = c->now;
  nep_archive_start(&start, n->row.stamp);
  c->head = (nep_head_row){.phase = NEP_PHASE_DRAFT, .archive_end = (int64_t)start.len};
  nep_buf_free(&start);
  nep_status st = nep_db_election_insert(db, &n->row, err);
  if (st == NEP_E_CHECK && strcmp(nep_db_constraint(db), "elections_pkey") == 0)
    return nep_fail(err, NEP_E_STATE, "election-exists", "uuid", "there is an election %s already",
                    n->uuid);
  nep_bytes trustees = nep_buf_bytes(&n->trustees), definition = nep_buf_bytes(&n->definition);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_TRUSTEES, trustees, hash, &size, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_ELECTION, definition, hash, &size, err);
  if (st == NEP_OK)
    st = nep_db_addition_insert(db, c->uuid, NEP_ADDITION_TRUST, 0, nep_buf_bytes(&n->trust), err);
  if (st == NEP_OK)
    st = nep_db_head_insert(db, c->uuid, c->head.archive_end, err);
  if (st == NEP_OK)
    nep_member_string(c->json, "election_hash", hash);
  return st;
}

void nep_create_dispose(nep_act_call *c)
{
  creation *n = c->prepared;
  if (n == NULL)
    return;
  nep_election_row_free(&n->row);
  nep_buf_free(&n->definition);
  nep_buf_free(&n->trustees);
  nep_buf_free(&n->trust);
  free(n);
}
