/* Registration and sign-in: each check has a request that it alone refuses. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "records/sign_in.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

static nep_status send(const world_election *e, const world_registration_request *r, nep_buf *json,
                       char nonce[44], nep_error *err)
{
  nep_buf body = {0}, own = {0};
  char ignored[44];
  world_registration_body(e, r, &body, nonce == NULL ? ignored : nonce);
  nep_status st =
      nep_register(world, nep_buf_bytes(&body), "192.0.2.7", json == NULL ? &own : json, err);
  nep_buf_free(&own);
  nep_buf_free(&body);
  return st;
}

static void refused(const world_election *e, const world_registration_request *r, nep_status status,
                    const char *code)
{
  nep_error err = {0};
  nep_status st = send(e, r, NULL, NULL, &err);
  ck_assert_msg(st == status && strcmp(err.code, code) == 0, "wanted %s, got %s %s: %s", code,
                nep_status_name(st), err.code, err.reason);
}

START_TEST(what_is_wrong_with_a_registration_is_named)
{
  static const char other_nonce[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  world_election e;
  world_open();
  world_registration(&e, 2, 60, 60);
  refused(&e, &(world_registration_request){.person = "stranger"}, NEP_E_DENIED, "not-on-roll");
  refused(&e, &(world_registration_request){.person = "voter-0", .audience = "other"}, NEP_E_DENIED,
          "id-token");
  refused(&e, &(world_registration_request){.person = "voter-0", .expires_in = -100}, NEP_E_DENIED,
          "id-token");
  refused(&e, &(world_registration_request){.person = "voter-0", .token_nonce = other_nonce},
          NEP_E_DENIED, "id-token");
  refused(&e, &(world_registration_request){.person = "voter-0", .proof_nonce = other_nonce},
          NEP_E_CHECK, "possession");
  refused(&e, &(world_registration_request){.person = "voter-0", .event = "other"}, NEP_E_INPUT,
          "registration-event");
  refused(&e, &(world_registration_request){.person = "voter-0", .replaces = other_nonce},
          NEP_E_STATE, "registration-replaces");
  ck_assert_int_eq(world_count("SELECT count(*) FROM registry.registrations"), 0);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(one_registration_holds_and_the_same_bytes_get_the_same_receipt)
{
  world_election e;
  nep_buf body = {0}, first = {0}, again = {0};
  nep_error err = {0};
  char nonce[44], second[44], credential[26];
  world_open();
  world_registration(&e, 2, 60, 60);
  nep_credential_new(credential);
  world_registration_request r = {.person = "voter-0", .credential = credential};
  world_registration_body(&e, &r, &body, nonce);
  ck_assert_int_eq(nep_register(world, nep_buf_bytes(&body), "a", &first, &err), NEP_OK);
  ck_assert_int_eq(nep_register(world, nep_buf_bytes(&body), "a", &again, &err), NEP_OK);
  ck_assert_str_eq(first.data, again.data);
  ck_assert_int_eq(world_count("SELECT count(*) FROM registry.registrations"), 1);
  ck_assert_int_eq(world_count("SELECT count(*) FROM registry.key_sets"), 1);
  refused(&e, &(world_registration_request){.person = "voter-0"}, NEP_E_STATE,
          "registration-replaces");
  refused(&e, &(world_registration_request){.person = "voter-1", .replaces = nonce}, NEP_E_STATE,
          "registration-replaces");
  r = (world_registration_request){.person = "voter-0", .replaces = nonce};
  ck_assert_int_eq(send(&e, &r, NULL, second, &err), NEP_OK);
  refused(&e, &r, NEP_E_STATE, "registration-replaces"); /* a fork */
  ck_assert_int_eq(world_count("SELECT count(*) FROM registry.registrations"), 2);
  nep_buf_free(&again);
  nep_buf_free(&first);
  nep_buf_free(&body);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a_replacement_drops_no_election)
{
  world_election e, other;
  nep_error err = {0};
  char nonce[44];
  world_open();
  world_registration(&e, 1, 60, 60);
  world_draft(&other, 1, 60, 60);
  ck_assert_int_eq(send(&e, &(world_registration_request){.person = "voter-0"}, NULL, nonce, &err),
                   NEP_OK);
  char *sql = nep_sprintf("INSERT INTO registry.registered VALUES ('%s', '%s')", other.uuid, nonce);
  ck_assert(world_sql("registry", sql)); /* as if the first one had been for two elections */
  refused(&e, &(world_registration_request){.person = "voter-0", .replaces = nonce}, NEP_E_INPUT,
          "registration-elections");
  free(sql);
  world_election_free(&other);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(after_the_deadline_and_in_other_phases_nobody_registers)
{
  world_election draft, late;
  world_open();
  world_draft(&draft, 1, 60, 60);
  refused(&draft, &(world_registration_request){.person = "voter-0"}, NEP_E_STATE, "phase");
  world_registration(&late, 1, 2, 60);
  world_wait_until(late.registration_closes);
  refused(&late, &(world_registration_request){.person = "voter-0"}, NEP_E_STATE,
          "registration-closed");
  world_election_free(&late);
  world_election_free(&draft);
  world_close();
}
END_TEST

/* Person 0 for both elections, in the order of uuids. */
static nep_status send_both(const world_election *a, const world_election *b, nep_error *err)
{
  const world_election *e[2] = {a, b};
  const char *uuids[2], *credentials[2], *proofs[2];
  char texts[2][NEP_ELEMENT_TEXT_MAX], nonce[44];
  nep_scalar keys[2];
  nep_buf proof[2] = {{0}}, token = {0}, body = {0}, json = {0};
  static const char salt[] = "1111111111111111111111111111111111111111111111111111111111111111";
  for (int i = 0; i < 2; i++) {
    nep_credential_key(e[i]->election->group, e[i]->uuid, e[i]->credentials[0], &keys[i]);
    world_public(e[i], 0, texts[i]);
    uuids[i] = e[i]->uuid;
    credentials[i] = texts[i];
  }
  nep_registration_nonce(a->event, salt, NULL, uuids, credentials, 2, nonce);
  for (int i = 0; i < 2; i++) {
    nep_possession_make(e[i]->election->group, &keys[i], uuids[i], nonce, &proof[i]);
    proofs[i] = proof[i].data;
  }
  world_token("voter-0", nonce, &token);
  nep_registration_write(a->event, salt, NULL, uuids, credentials, proofs, 2, token.data, &body);
  nep_status st = nep_register(world, nep_buf_bytes(&body), "192.0.2.7", &json, err);
  for (int i = 0; i < 2; i++)
    nep_buf_free(&proof[i]);
  nep_buf_free(&json);
  nep_buf_free(&body);
  nep_buf_free(&token);
  return st;
}

/* The auditors of one of them could not open what is sealed to those of the other. */
START_TEST(elections_of_one_event_must_have_one_trust_file)
{
  world_election e[2];
  nep_error err = {0};
  world_open();
  world_event = "two-elections";
  for (int i = 0; i < 2; i++) {
    world_registration(&e[i], 1, 60, 60);
    nep_credential_new(e[i].credentials[0]);
  }
  bool in_order = strcmp(e[0].uuid, e[1].uuid) < 0;
  ck_assert_int_eq(send_both(&e[!in_order], &e[in_order], &err), NEP_E_STATE);
  ck_assert_str_eq(err.code, "registration-trust");
  ck_assert_int_eq(
      send(&e[0], &(world_registration_request){.person = "voter-0"}, NULL, NULL, &err), NEP_OK);
  world_election_free(&e[0]);
  world_election_free(&e[1]);
  world_close();
}
END_TEST

/* The text of one string member. */
static char *member(const nep_buf *json, const char *name)
{
  char *key = nep_sprintf("\"%s\":\"", name);
  const char *at = strstr(json->data, key);
  ck_assert_ptr_nonnull(at);
  at += strlen(key);
  free(key);
  return nep_strndup(at, strcspn(at, "\""));
}

static nep_status sign_in_as_given(const char *nonce, nep_buf *json, nep_error *err)
{
  nep_buf token = {0}, body = {0};
  world_token("voter-0", nonce, &token);
  nep_buf_printf(&body, "{\"id_token\":\"%s\"}", token.data);
  nep_status st = nep_session_open(world, nep_buf_bytes(&body), "192.0.2.9", json, err);
  nep_buf_free(&body);
  nep_buf_free(&token);
  return st;
}

static nep_status sign_in(const char *given, nep_buf *json, nep_error *err)
{
  char nonce[NEP_NONCE_LENGTH + 1];
  nep_sign_in_nonce(nep_str_bytes(given), nonce);
  return sign_in_as_given(nonce, json, err);
}

START_TEST(a_session_needs_a_nonce_of_this_server_and_each_is_used_once)
{
  nep_buf start = {0}, session = {0}, log = {0}, status = {0};
  nep_error err = {0};
  world_election e;
  world_open();
  world_registration(&e, 1, 60, 60);
  ck_assert_int_eq(send(&e, &(world_registration_request){.person = "voter-0"}, NULL, NULL, &err),
                   NEP_OK);
  ck_assert_int_eq(nep_sign_in_start(world, &start, &err), NEP_OK);
  char *nonce = member(&start, "nonce");
  ck_assert_int_eq(sign_in("not-ours", &session, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.code, "sign-in-nonce");
  /* A17: the provider must not have signed what the server chose. */
  err = (nep_error){0};
  ck_assert_int_eq(sign_in_as_given(nonce, &session, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.code, "sign-in-nonce");
  ck_assert_int_eq(sign_in(nonce, &session, &err), NEP_OK);
  char *token = member(&session, "session");
  ck_assert_int_eq(sign_in(nonce, &session, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.code, "sign-in-nonce");
  ck_assert_int_eq(nep_own_registration(world, token, "192.0.2.9", &status, &err), NEP_OK);
  ck_assert_ptr_nonnull(strstr(status.data, e.uuid));
  ck_assert_int_eq(nep_own_accesses(world, token, "192.0.2.9", &log, &err), NEP_OK);
  ck_assert_ptr_nonnull(strstr(log.data, "\"registration\""));
  ck_assert_ptr_nonnull(strstr(log.data, "192.0.2.9"));
  ck_assert_int_eq(nep_own_accesses(world, "guessed", "192.0.2.9", &log, &err), NEP_E_DENIED);
  ck_assert_str_eq(err.code, "session");
  /* Only hashes are stored, and an expired session is none. */
  char *sql =
      nep_sprintf("SELECT count(*) FROM registry.sessions s WHERE s::text LIKE '%%%s%%'", token);
  ck_assert_int_eq(world_count(sql), 0);
  ck_assert(world_sql("admin", "UPDATE registry.sessions SET expires = now() - interval '1 s'"));
  ck_assert_int_eq(nep_own_accesses(world, token, "192.0.2.9", &log, &err), NEP_E_DENIED);
  free(sql);
  free(token);
  free(nonce);
  nep_buf_free(&status);
  nep_buf_free(&log);
  nep_buf_free(&session);
  nep_buf_free(&start);
  world_election_free(&e);
  world_close();
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service: registration");
  TCase *tests = tcase_create("registration");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, what_is_wrong_with_a_registration_is_named);
  tcase_add_test(tests, one_registration_holds_and_the_same_bytes_get_the_same_receipt);
  tcase_add_test(tests, a_replacement_drops_no_election);
  tcase_add_test(tests, after_the_deadline_and_in_other_phases_nobody_registers);
  tcase_add_test(tests, a_session_needs_a_nonce_of_this_server_and_each_is_used_once);
  tcase_add_test(tests, elections_of_one_event_must_have_one_trust_file);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
