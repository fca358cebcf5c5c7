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
static void one_person_more(nep_registry_verdict *v)
{
  v->counts.persons++;
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
  refused_freeze(&e, one_person_more, e.trust.keys[AUDITOR], NEP_E_CHECK, "verdict-persons");
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
  world_claims_period = 4;
  world_frozen(&e, 2, 2, 60);
  world_claims_period = 0;
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
  tcase_add_test(tests, only_a_known_key_acts_and_each_request_once);
  tcase_add_test(tests, a21_a_roll_with_bad_rows_imports_nothing);
  tcase_add_test(tests, each_step_waits_for_its_phase_and_its_hour);
  tcase_add_test(tests, a_calendar_is_in_order_and_moves_later_only_once_it_matters);
  tcase_add_test(tests, only_the_list_that_the_auditors_have_judged_is_frozen);
  tcase_add_test(tests, a25_a_setup_is_frozen_only_when_enough_officials_have_signed_it);
  tcase_add_test(tests, no_opening_comes_before_the_end_of_the_claims_period);
  tcase_add_test(tests, the_registry_is_exported_without_a_credential);
  tcase_add_test(tests, an_export_does_not_leave_when_its_act_may_not_be_stored);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
