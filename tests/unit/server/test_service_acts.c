/* Acts of officials: who may act, when, and from the draft to the announced result. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "protocol/json.h"
#include "records/registry.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

static void refused(nep_action action, const char *uuid, const char *body, nep_status status,
                    const char *code)
{
  nep_error err = {0};
  nep_status st = world_act(action, uuid, body, NULL, &err);
  ck_assert_msg(st == status && strcmp(err.code, code) == 0, "%s: wanted %s, got %s %s: %s",
                nep_action_name(action), code, nep_status_name(st), err.code, err.reason);
}

static nep_status perform(const nep_buf *header, nep_action action, const char *uuid,
                          const char *body, nep_error *err)
{
  nep_buf json = {0};
  nep_status st =
      nep_act_perform(world, action, uuid, nep_buf_bytes(header), nep_str_bytes(body), &json, err);
  nep_buf_free(&json);
  return st;
}

START_TEST(only_a_known_key_acts_and_each_request_once)
{
  world_election e;
  nep_buf header = {0};
  nep_error err = {0};
  char hex[NEP_PUBLIC_KEY_HEX + 1];
  nep_signing_key *other = nep_signing_key_new();
  world_open();
  world_draft(&e, 1, 60, 60);
  nep_act_make(world_official(), "chair", NEP_ACT_REGISTRATION, e.uuid, nep_str_bytes("{}"),
               &header);
  ck_assert_int_eq(perform(&header, NEP_ACT_FREEZE, e.uuid, "{}", &err), NEP_E_DENIED);
  ck_assert_int_eq(perform(&header, NEP_ACT_REGISTRATION, e.uuid, "{} ", &err), NEP_E_DENIED);
  ck_assert_int_eq(perform(&header, NEP_ACT_REGISTRATION, "11111111111111", "{}", &err),
                   NEP_E_DENIED);
  ck_assert_int_eq(perform(&header, NEP_ACT_REGISTRATION, e.uuid, "{}", &err), NEP_OK);
  ck_assert_int_eq(perform(&header, NEP_ACT_REGISTRATION, e.uuid, "{}", &err), NEP_E_STATE);
  ck_assert_str_eq(err.code, "replay");
  nep_buf_clear(&header);
  nep_act_make(other, "chair", NEP_ACT_FREEZE, e.uuid, nep_str_bytes("{}"), &header);
  ck_assert_int_eq(perform(&header, NEP_ACT_FREEZE, e.uuid, "{}", &err), NEP_E_DENIED);
  ck_assert_str_eq(err.code, "official");
  nep_signing_key_public(other, hex);
  ck_assert_int_eq(nep_official_add(world_database("owner"), "deputy", hex, &err), NEP_OK);
  ck_assert_int_eq(nep_official_add(world_database("owner"), "deputy", hex, &err), NEP_E_STATE);
  ck_assert_int_eq(nep_official_revoke(world_database("owner"), "deputy", &err), NEP_OK);
  nep_buf_clear(&header);
  nep_act_make(other, "deputy", NEP_ACT_FREEZE, e.uuid, nep_str_bytes("{}"), &header);
  ck_assert_int_eq(perform(&header, NEP_ACT_FREEZE, e.uuid, "{}", &err), NEP_E_DENIED);
  ck_assert_str_eq(err.code, "official-revoked");
  nep_signing_key_free(other);
  nep_buf_free(&header);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a21_a_roll_with_bad_rows_imports_nothing)
{
  world_election e;
  nep_buf json = {0};
  nep_error err = {0};
  world_open();
  world_draft(&e, 2, 60, 60); /* voter-0 and voter-1 */
  const char *csv = "identifier,name\nvoter-9,Nine\n,Nobody\nvoter-1,Known\nvoter-8,\n";
  ck_assert_int_eq(world_act(NEP_ACT_ROLL, e.uuid, csv, &json, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.code, "roll");
  ck_assert_str_eq(json.data,
                   "{\"total\":3,\"rows\":["
                   "{\"line\":3,\"field\":\"identifier\",\"reason\":\"it is empty\"},"
                   "{\"line\":4,\"field\":\"identifier\",\"reason\":\"this person is on the roll "
                   "already\"},"
                   "{\"line\":5,\"field\":\"name\",\"reason\":\"it is empty\"}]}");
  char *sql = nep_sprintf("SELECT count(*) FROM registry.rolls WHERE uuid = '%s'", e.uuid);
  ck_assert_int_eq(world_count(sql), 2);
  /* What COPY reads as a sign of its own is stored as it is. */
  world_must(NEP_ACT_ROLL, e.uuid, "identifier,name\nvoter-9,\"\\N, \\t \"\"x\"\"\"\n\\N,\\.\n");
  free(sql);
  sql = nep_sprintf("SELECT count(*) FROM registry.rolls WHERE uuid = '%s' AND "
                    "(name = E'\\\\\\\\N, \\\\\\\\t \\\"x\\\"' OR name = E'\\\\\\\\.')",
                    e.uuid);
  ck_assert_int_eq(world_count(sql), 2);
  free(sql);
  nep_buf_free(&json);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(each_step_waits_for_its_phase_and_its_hour)
{
  world_election e, empty;
  world_open();
  world_registration(&e, 1, 2, 60);
  refused(NEP_ACT_REGISTRATION, e.uuid, "{}", NEP_E_STATE, "phase");
  refused(NEP_ACT_FREEZE, e.uuid, "{}", NEP_E_STATE, "too-early");
  refused(NEP_ACT_REGISTRY, e.uuid, "{}", NEP_E_STATE, "too-early");
  refused(NEP_ACT_OPEN, e.uuid, "{}", NEP_E_STATE, "phase");
  refused(NEP_ACT_OPEN, e.uuid, "[]", NEP_E_INPUT, "shape");
  refused(NEP_ACT_CLOSE, e.uuid, "{}", NEP_E_STATE, "phase");
  refused(NEP_ACT_OPEN, "11111111111111", "{}", NEP_E_NOT_FOUND, "election");
  world_wait_until(e.registration_closes);
  refused(NEP_ACT_FREEZE, e.uuid, "{}", NEP_E_INPUT, "shape");
  world_frozen(&empty, 1, 2, 60);
  refused(NEP_ACT_ROLL, empty.uuid, "identifier,name\nx,X\n", NEP_E_STATE, "phase");
  world_must(NEP_ACT_OPEN, empty.uuid, "{}");
  refused(NEP_ACT_CLOSE, empty.uuid, "{}", NEP_E_STATE, "too-early");
  refused(NEP_ACT_RESULT, empty.uuid, "{\"result\":[[0,0]]}", NEP_E_STATE, "phase");
  world_election_free(&empty);
  world_election_free(&e);
  world_close();
}
END_TEST

static void calendar(char out[200], int64_t registration, int64_t opens, int64_t closes)
{
  char a[21], b[21], c[21];
  nep_clock_text(registration, a);
  nep_clock_text(opens, b);
  nep_clock_text(closes, c);
  snprintf(out, 200, "{\"registration_closes\":\"%s\",\"opens\":\"%s\",\"closes\":\"%s\"}", a, b,
           c);
}

START_TEST(a_calendar_is_in_order_and_moves_later_only_once_it_matters)
{
  world_election e;
  char body[200];
  int64_t now = nep_clock_now();
  world_open();
  world_draft(&e, 1, 60, 60);
  calendar(body, now + 90, now + 80, now + 100);
  refused(NEP_ACT_CALENDAR, e.uuid, body, NEP_E_INPUT, "calendar");
  calendar(body, now + 70, now + 80, now + 80);
  refused(NEP_ACT_CALENDAR, e.uuid, body, NEP_E_INPUT, "calendar");
  calendar(body, now - 70, now + 80, now + 90);
  refused(NEP_ACT_CALENDAR, e.uuid, body, NEP_E_INPUT, "calendar");
  refused(NEP_ACT_CALENDAR, e.uuid,
          "{\"registration_closes\":\"2026-02-30T00:00:00Z\",\"opens\":\"\",\"closes\":\"\"}",
          NEP_E_INPUT, "time");
  world_election_free(&e);
  world_opened(&e, 1, 60);
  calendar(body, e.registration_closes, e.opens, e.closes - 1);
  refused(NEP_ACT_CALENDAR, e.uuid, body, NEP_E_STATE, "calendar-fixed");
  calendar(body, e.registration_closes, e.opens + 1, e.closes);
  refused(NEP_ACT_CALENDAR, e.uuid, body, NEP_E_STATE, "calendar-fixed");
  calendar(body, e.registration_closes, e.opens, e.closes + 100);
  world_must(NEP_ACT_CALENDAR, e.uuid, body);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a_definition_with_a_fault_makes_no_election)
{
  world_open();
  refused(NEP_ACT_CREATE, "", "{}", NEP_E_INPUT, "shape");
  refused(NEP_ACT_CREATE, "",
          "{\"uuid\":\"short\",\"event\":\"e\",\"identifier\":\"text\",\"group\":\"Ed25519\","
          "\"template\":{},\"trustees\":[],\"trust\":{}}",
          NEP_E_INPUT, "uuid");
  refused(NEP_ACT_CREATE, "",
          "{\"uuid\":\"11111111111111\",\"event\":\"e\",\"identifier\":\"text\",\"group\":"
          "\"RFC-3526-1024\",\"template\":{},\"trustees\":[],\"trust\":{}}",
          NEP_E_INPUT, "group"); /* A6 */
  refused(NEP_ACT_CREATE, "",
          "{\"uuid\":\"11111111111111\",\"event\":\"e\",\"identifier\":\"dob\",\"group\":"
          "\"Ed25519\",\"template\":{},\"trustees\":[],\"trust\":{}}",
          NEP_E_INPUT, "identifier");
  ck_assert_int_eq(world_count("SELECT count(*) FROM board.elections"), 0);
  world_close();
}
END_TEST

static void refused_trust(const trust_fixture_rules *rules, const char *field)
{
  world_election e;
  nep_buf body = {0};
  nep_error err = {0};
  trust_fixture_rules right = world_trust;
  world_trust = *rules;
  world_creation(&e, &body);
  world_trust = right;
  nep_status st = world_act(NEP_ACT_CREATE, "", body.data, NULL, &err);
  ck_assert_msg(st == NEP_E_CHECK && strcmp(err.code, "trust") == 0 &&
                    strcmp(err.where, field) == 0,
                "wanted %s, got %s %s: %s", field, err.code, err.where, err.reason);
  nep_buf_free(&body);
  world_election_free(&e);
}

START_TEST(a_trust_file_that_names_another_server_makes_no_election)
{
  char other[NEP_PUBLIC_KEY_HEX + 1];
  nep_signing_key *key = nep_signing_key_new();
  trust_fixture_rules receipts = world_trust, issuer = world_trust, audience = world_trust,
                      claim = world_trust;
  nep_signing_key_public(key, other);
  receipts.receipts = other;
  issuer.issuer = "https://issuer.test/";
  audience.audience = "nep";
  claim.claim = "email";
  world_open();
  refused_trust(&receipts, "trust.receipts");
  refused_trust(&issuer, "trust.identity.issuer");
  refused_trust(&audience, "trust.identity.audience");
  refused_trust(&claim, "trust.identity.claim");
  ck_assert_int_eq(world_count("SELECT count(*) FROM board.elections"), 0);
  world_close();
  nep_signing_key_free(key);
}
END_TEST

START_TEST(a_server_that_was_set_up_otherwise_since_opens_no_registration)
{
  world_election e;
  world_open();
  world_draft(&e, 1, 60, 60);
  world_close();
  world_open_with(&(nep_service_config){
      .cast_threads = 1, .cast_queue = 8, .cast_batch = 8, .id_policy = {.audience = "other"}});
  refused(NEP_ACT_REGISTRATION, e.uuid, "{}", NEP_E_CHECK, "trust");
  world_close();
  world_open();
  world_must(NEP_ACT_REGISTRATION, e.uuid, "{}");
  world_close();
  world_election_free(&e);
}
END_TEST

START_TEST(registration_needs_a_calendar_and_a_roll)
{
  world_election e;
  world_open();
  world_created(&e);
  refused(NEP_ACT_REGISTRATION, e.uuid, "{}", NEP_E_STATE, "calendar-missing");
  world_calendar(&e, 60, 60);
  refused(NEP_ACT_REGISTRATION, e.uuid, "{}", NEP_E_STATE, "roll-missing");
  world_must(NEP_ACT_ROLL, e.uuid, "identifier,name\nx,X\n");
  world_must(NEP_ACT_REGISTRATION, e.uuid, "{}");
  world_close();
  world_election_free(&e);
}
END_TEST

/* 3.5: a device whose ballot was refused as late can rely on it that voting had ended. */
START_TEST(what_has_ended_does_not_begin_again)
{
  world_election draft, frozen, open;
  char body[200];
  int64_t later = nep_clock_now() + 600;
  world_open();
  world_draft(&draft, 1, 1, 60);
  world_frozen(&frozen, 1, 2, 5);
  world_frozen(&open, 1, 2, 3);
  world_must(NEP_ACT_OPEN, open.uuid, "{}");
  refused(NEP_ACT_REGISTRATION, draft.uuid, "{}", NEP_E_STATE, "too-late");
  world_wait_until(open.closes > frozen.closes ? open.closes : frozen.closes);
  calendar(body, open.registration_closes, open.opens, later);
  refused(NEP_ACT_CALENDAR, open.uuid, body, NEP_E_STATE, "too-late");
  refused(NEP_ACT_OPEN, frozen.uuid, "{}", NEP_E_STATE, "too-late");
  calendar(body, frozen.registration_closes, frozen.opens, later);
  world_must(NEP_ACT_CALENDAR, frozen.uuid, body); /* nobody was refused yet */
  world_must(NEP_ACT_OPEN, frozen.uuid, "{}");
  world_close();
  world_election_free(&open);
  world_election_free(&frozen);
  world_election_free(&draft);
}
END_TEST

/* ---- the freeze ---- */

static void other_uuid(nep_registry_verdict *v)
{
  v->uuid[0] = v->uuid[0] == '1' ? '2' : '1';
}
static void other_event(nep_registry_verdict *v)
{
  v->event[0] = 'E';
}
static void other_trust(nep_registry_verdict *v)
{
  memset(v->trust, '0', 64);
}
static void other_list(nep_registry_verdict *v)
{
  memset(v->credentials, '0', 64);
}
static void one_credential_more(nep_registry_verdict *v)
{
  v->counts.credentials++;
  v->counts.persons++;
}
static void one_person_less(nep_registry_verdict *v)
{
  v->counts.persons--;
}
static void one_registration_less(nep_registry_verdict *v)
{
  v->counts.registrations--;
}
static void one_registration_more(nep_registry_verdict *v)
{
  v->counts.registrations++;
}
static void one_replaced(nep_registry_verdict *v)
{
  v->counts.registrations++;
  v->counts.replaced++;
}
static void one_replaced_one_refused(nep_registry_verdict *v)
{
  one_replaced(v);
  v->counts.registrations++;
  v->counts.refused++;
}

static void refused_freeze(const world_election *e, void (*change)(nep_registry_verdict *v),
                           const nep_signing_key *signer, nep_status status, const char *code)
{
  nep_buf body = {0};
  world_freeze_body(e, &(world_freeze){.verdict = change, .auditor = signer}, &body);
  refused(NEP_ACT_FREEZE, e->uuid, body.data, status, code);
  nep_buf_free(&body);
}

START_TEST(only_the_list_that_the_auditors_have_judged_is_frozen)
{
  world_election e;
  nep_buf body = {0};
  nep_signing_key *stranger = nep_signing_key_new();
  world_open();
  world_registered(&e, 2, 2, 60);
  refused_freeze(&e, NULL, stranger, NEP_E_DENIED, "verdict-signer");
  refused_freeze(&e, NULL, world_official(), NEP_E_DENIED, "verdict-signer");
  refused_freeze(&e, other_uuid, e.trust.keys[AUDITOR], NEP_E_CHECK, "verdict-election");
  refused_freeze(&e, other_event, e.trust.keys[AUDITOR], NEP_E_CHECK, "verdict-election");
  refused_freeze(&e, other_trust, e.trust.keys[AUDITOR], NEP_E_CHECK, "verdict-trust");
  refused_freeze(&e, other_list, e.trust.keys[AUDITOR], NEP_E_CHECK, "verdict-list");
  refused_freeze(&e, one_credential_more, e.trust.keys[AUDITOR], NEP_E_CHECK, "verdict-counts");
  refused_freeze(&e, one_person_less, e.trust.keys[AUDITOR], NEP_E_CHECK, "verdict-counts");
  refused_freeze(&e, one_registration_less, e.trust.keys[AUDITOR], NEP_E_CHECK,
                 "verdict-registrations");
  refused_freeze(&e, one_registration_more, e.trust.keys[AUDITOR], NEP_E_CHECK,
                 "verdict-registrations");
  world_freeze_body(&e, &(world_freeze){0}, &body);
  char *persons = strstr(body.data, "\"persons\":2");
  persons[strlen("\"persons\":")] = '3';
  refused(NEP_ACT_FREEZE, e.uuid, body.data, NEP_E_CHECK, "signature");
  persons[strlen("\"persons\":")] = '2';
  world_must(NEP_ACT_FREEZE, e.uuid, body.data);
  refused(NEP_ACT_FREEZE, e.uuid, body.data, NEP_E_STATE, "phase");
  refused(NEP_ACT_REGISTRY, e.uuid, "{}", NEP_E_STATE, "phase");
  nep_buf_free(&body);
  nep_signing_key_free(stranger);
  world_election_free(&e);
  world_close();
}
END_TEST

static void replace_credential(world_election *e, size_t voter)
{
  char person[32], replaced[44];
  nep_buf body = {0}, json = {0};
  nep_error err = {0};
  world_registration_request r = {
      .person = person, .credential = e->credentials[voter], .replaces = replaced};
  snprintf(person, sizeof person, "voter-%zu", voter);
  memcpy(replaced, e->nonces[voter], sizeof replaced);
  nep_credential_new(e->credentials[voter]);
  world_registration_body(e, &r, &body, e->nonces[voter]);
  ck_assert_msg(nep_register(world, nep_buf_bytes(&body), "192.0.2.1", &json, &err) == NEP_OK, "%s",
                err.reason);
  nep_buf_free(&json);
  nep_buf_free(&body);
}

/* As many persons are registered as before, and whoever stole the old credential could vote. */
START_TEST(a_credential_that_was_replaced_after_the_audit_is_not_frozen)
{
  world_election e, refusing;
  nep_buf audited = {0}, body = {0};
  world_open();
  world_registered(&e, 3, 2, 60);
  world_freeze_body(&e, &(world_freeze){0}, &audited);
  world_calendar(&e, 2, 60);
  replace_credential(&e, 0);
  world_wait_until(e.registration_closes);
  refused(NEP_ACT_FREEZE, e.uuid, audited.data, NEP_E_CHECK, "verdict-registrations");
  /* A person whose token the auditors refuse is none of the persons that they count. */
  refusing = e;
  refusing.n = 2;
  world_freeze_body(&refusing, &(world_freeze){.verdict = one_replaced}, &body);
  refused(NEP_ACT_FREEZE, e.uuid, body.data, NEP_E_CHECK, "verdict-registrations");
  nep_buf_clear(&body);
  world_freeze_body(&refusing, &(world_freeze){.verdict = one_replaced_one_refused}, &body);
  world_must(NEP_ACT_FREEZE, e.uuid, body.data);
  nep_buf_free(&body);
  nep_buf_free(&audited);
  world_close();
  world_election_free(&e);
}
END_TEST

static void weighted_freeze(const world_election *e, uint64_t weight, nep_buf *body)
{
  nep_buf_clear(body);
  world_freeze_body(e, &(world_freeze){.weight = weight}, body);
}

START_TEST(what_trustees_would_not_decrypt_is_not_voted_on)
{
  world_election plain, weighted;
  nep_buf body = {0};
  static const char heavy[] = "identifier,name,weight\nw,W,2\n";
  static const char light[] = "identifier,name,weight\nw,W,1\n";
  world_open();
  world_trust.minimum_count = 3;
  world_draft(&plain, 2, 2, 60);
  refused(NEP_ACT_ROLL, plain.uuid, heavy, NEP_E_INPUT, "roll");
  world_must(NEP_ACT_ROLL, plain.uuid, light);
  world_trust.minimum_count = 2;
  world_trust.weights = true;
  world_draft(&weighted, 2, 2, 60);
  world_must(NEP_ACT_ROLL, weighted.uuid, heavy);
  world_election *both[] = {&plain, &weighted};
  for (int i = 0; i < 2; i++) {
    world_must(NEP_ACT_REGISTRATION, both[i]->uuid, "{}");
    world_register_all(both[i]);
  }
  world_wait_until(weighted.registration_closes);
  weighted_freeze(&plain, 2, &body);
  refused(NEP_ACT_FREEZE, plain.uuid, body.data, NEP_E_CHECK, "weights");
  weighted_freeze(&plain, 0, &body);
  refused(NEP_ACT_FREEZE, plain.uuid, body.data, NEP_E_CHECK, "too-few-credentials");
  weighted_freeze(&weighted, 2, &body);
  world_must(NEP_ACT_FREEZE, weighted.uuid, body.data);
  world_close();
  nep_buf_free(&body);
  world_election_free(&weighted);
  world_election_free(&plain);
}
END_TEST

static void refused_acts(const world_election *e, const world_freeze *f, const char *code)
{
  nep_buf body = {0};
  world_freeze_body(e, f, &body);
  refused(NEP_ACT_FREEZE, e->uuid, body.data, NEP_E_CHECK, code);
  nep_buf_free(&body);
}

static void other_definition(nep_freeze_act *act)
{
  act->election_hash[0] = act->election_hash[0] == '0' ? '1' : '0';
}
static void other_trustees(nep_freeze_act *act)
{
  act->trustees_hash[0] = act->trustees_hash[0] == '0' ? '1' : '0';
}
static void other_credentials(nep_freeze_act *act)
{
  act->credentials_hash[0] = act->credentials_hash[0] == '0' ? '1' : '0';
}
static void other_election(nep_freeze_act *act)
{
  act->uuid[0] = act->uuid[0] == 'A' ? 'B' : 'A';
}

START_TEST(a25_a_setup_is_frozen_only_when_enough_officials_have_signed_it)
{
  world_election e;
  nep_buf body = {0};
  world_open();
  world_registered(&e, 2, 2, 60);
  nep_signing_key **k = e.trust.keys;
  refused_acts(&e, &(world_freeze){.officials = {k[SECRETARY]}}, "too-few-acts");
  refused_acts(&e, &(world_freeze){.officials = {k[SECRETARY], k[SECRETARY]}}, "too-few-acts");
  refused_acts(&e, &(world_freeze){.officials = {k[SECRETARY], k[OBSERVER]}}, "not-pinned");
  refused_acts(&e, &(world_freeze){.officials = {k[SECRETARY], k[CHAIR], k[STRANGER]}},
               "not-pinned");
  refused_acts(&e, &(world_freeze){.officials = {world_official(), k[CHAIR]}}, "not-pinned");
  refused_acts(&e, &(world_freeze){.act = other_definition}, "freeze-act");
  refused_acts(&e, &(world_freeze){.act = other_trustees}, "freeze-act");
  refused_acts(&e, &(world_freeze){.act = other_credentials}, "freeze-act");
  refused_acts(&e, &(world_freeze){.act = other_election}, "freeze-act");
  world_freeze_body(&e, &(world_freeze){.officials = {k[CLERK], k[CHAIR]}}, &body);
  world_must(NEP_ACT_FREEZE, e.uuid, body.data);
  nep_buf_free(&body);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(no_opening_comes_before_the_end_of_the_claims_period)
{
  world_election e;
  nep_buf json = {0};
  nep_error err = {0};
  world_open();
  world_trust.claims_period = 4;
  world_frozen(&e, 2, 2, 60);
  world_trust.claims_period = 0;
  int64_t frozen_by = nep_clock_now();
  world_wait_until(e.opens);
  refused(NEP_ACT_OPEN, e.uuid, "{}", NEP_E_STATE, "claims-period");
  ck_assert_int_eq(nep_election_show(world, e.uuid, &json, &err), NEP_OK);
  ck_assert_ptr_nonnull(strstr(json.data, "\"claims_until\":\"20"));
  world_wait_until(frozen_by + 5);
  world_must(NEP_ACT_OPEN, e.uuid, "{}");
  nep_buf_free(&json);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(the_registry_is_exported_without_a_credential)
{
  world_election e;
  nep_buf json = {0};
  nep_registry *r = NULL;
  nep_error err = {0};
  char text[NEP_ELEMENT_TEXT_MAX];
  world_open();
  world_registered(&e, 2, 2, 60);
  ck_assert_int_eq(world_act(NEP_ACT_REGISTRY, e.uuid, "{}", &json, &err), NEP_OK);
  ck_assert_int_eq(nep_registry_parse(nep_buf_bytes(&json), &r, &err), NEP_OK);
  ck_assert_uint_eq(r->n_entries, 2);
  ck_assert_uint_eq(r->n_roll, 2);
  ck_assert_str_eq(r->uuid, e.uuid);
  for (size_t i = 0; i < 2; i++) {
    world_public(&e, i, text);
    ck_assert_ptr_null(strstr(json.data, text));
    char *sql = nep_sprintf("SELECT count(*) FROM registry.registrations r WHERE r::text LIKE "
                            "'%%%s%%'",
                            text);
    ck_assert_int_eq(world_count(sql), 0);
    free(sql);
  }
  nep_registry_free(r);
  nep_buf_free(&json);
  world_election_free(&e);
  world_close();
}
END_TEST

/* Whoever has the export has every token: it leaves with the act's own record, or not at all. */
START_TEST(an_export_does_not_leave_when_its_act_may_not_be_stored)
{
  world_election e;
  nep_buf json = {0};
  nep_error err = {0};
  world_open();
  world_registered(&e, 1, 3, 60);
  world_commit_fails_once("official.acts", true);
  ck_assert_int_eq(world_act(NEP_ACT_REGISTRY, e.uuid, "{}", &json, &err), NEP_E_IO);
  world_commits_hold("official.acts");
  ck_assert_str_eq(err.code, "outcome-unknown");
  ck_assert_uint_eq(json.len, 0);
  char *sql = nep_sprintf("SELECT count(*) FROM official.acts WHERE uuid = '%s' AND "
                          "action = 'registry'",
                          e.uuid);
  ck_assert_int_eq(world_count(sql), 0);
  ck_assert_int_eq(world_act(NEP_ACT_REGISTRY, e.uuid, "{}", &json, &err), NEP_OK);
  ck_assert_int_eq(world_count(sql), 1);
  free(sql);
  nep_buf_free(&json);
  world_election_free(&e);
  world_close();
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service: acts");
  TCase *tests = tcase_create("acts");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, a_definition_with_a_fault_makes_no_election);
  tcase_add_test(tests, a_trust_file_that_names_another_server_makes_no_election);
  tcase_add_test(tests, a_server_that_was_set_up_otherwise_since_opens_no_registration);
  tcase_add_test(tests, registration_needs_a_calendar_and_a_roll);
  tcase_add_test(tests, what_has_ended_does_not_begin_again);
  tcase_add_test(tests, only_a_known_key_acts_and_each_request_once);
  tcase_add_test(tests, a21_a_roll_with_bad_rows_imports_nothing);
  tcase_add_test(tests, each_step_waits_for_its_phase_and_its_hour);
  tcase_add_test(tests, a_calendar_is_in_order_and_moves_later_only_once_it_matters);
  tcase_add_test(tests, only_the_list_that_the_auditors_have_judged_is_frozen);
  tcase_add_test(tests, a_credential_that_was_replaced_after_the_audit_is_not_frozen);
  tcase_add_test(tests, what_trustees_would_not_decrypt_is_not_voted_on);
  tcase_add_test(tests, a25_a_setup_is_frozen_only_when_enough_officials_have_signed_it);
  tcase_add_test(tests, no_opening_comes_before_the_end_of_the_claims_period);
  tcase_add_test(tests, the_registry_is_exported_without_a_credential);
  tcase_add_test(tests, an_export_does_not_leave_when_its_act_may_not_be_stored);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
