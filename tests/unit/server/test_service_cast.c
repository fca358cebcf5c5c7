/* Casting: what is stored, what is answered, and what is refused. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "protocol/verify.h"
#include "records/cast_statement.h"
#include "records/receipt.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

static void free_result(world_cast_result *r)
{
  nep_buf_free(&r->json);
}

static void signer_key(char hex[65])
{
  nep_buf json = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_signer_key_get(world, &json, &err), NEP_OK);
  memcpy(hex, json.data + strlen("{\"key\":\""), 64);
  hex[64] = 0;
  nep_buf_free(&json);
}

static void read_receipt(const world_cast_result *r, nep_cast_receipt *out)
{
  char key[65];
  nep_error err = {0};
  signer_key(key);
  ck_assert_int_eq(nep_cast_receipt_verify(nep_buf_bytes(&r->json), key, out, &err), NEP_OK);
}

/* The exported archive stands before the verifier; *v is its findings. */
static nep_verified *verify_export(const char *uuid)
{
  char path[4096], hash[65];
  uint64_t height = UINT64_MAX, size = 0;
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_verify_options options = {.jobs = 1};
  ck_assert_int_eq(nep_archive_get(world, uuid, &height, path, &size, hash, &err), NEP_OK);
  ck_assert_int_eq(nep_verify_archive(path, &options, &v, &err), NEP_OK);
  ck_assert_str_eq(v->head, hash);
  ck_assert_uint_eq(v->events, height + 1);
  return v;
}

START_TEST(a_ballot_is_stored_and_its_receipt_names_its_event)
{
  world_election e;
  nep_buf body = {0};
  world_cast_result first, again;
  nep_cast_receipt receipt;
  world_open();
  world_opened(&e, 2, 60);
  world_ballot(&e, 0, 1, &body);
  world_cast(e.uuid, &body, &first);
  ck_assert_int_eq(first.status, NEP_OK);
  ck_assert(first.created);
  read_receipt(&first, &receipt);
  ck_assert_uint_eq(receipt.height, 1);
  ck_assert_str_eq(receipt.uuid, e.uuid);
  ck_assert_str_eq(receipt.election_hash, e.election->phi);
  /* The same bytes again: the same receipt, byte for byte, and no new event. */
  world_cast(e.uuid, &body, &again);
  ck_assert_int_eq(again.status, NEP_OK);
  ck_assert(!again.created);
  ck_assert_str_eq(again.json.data, first.json.data);
  nep_verified *v = verify_export(e.uuid);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_uint_eq(v->ballots, 1);
  ck_assert_str_eq(v->head, receipt.event);
  nep_verified_free(v);
  free_result(&again);
  free_result(&first);
  nep_buf_free(&body);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a16_a_body_of_another_length_is_refused)
{
  world_election e;
  nep_buf body = {0};
  world_cast_result r;
  world_open();
  world_opened(&e, 1, 60);
  world_ballot(&e, 0, 1, &body);
  nep_buf_char(&body, ' ');
  world_cast(e.uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_E_INPUT);
  ck_assert_str_eq(r.err.code, "ballot-envelope");
  free_result(&r);
  body.len -= 2;
  world_cast(e.uuid, &body, &r);
  ck_assert_str_eq(r.err.code, "ballot-envelope");
  free_result(&r);
  nep_buf_free(&body);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a_bad_ballot_never_fails_its_neighbours)
{
  enum { N = 12 };
  world_election e;
  nep_buf bodies[N] = {0};
  world_cast_result results[N];
  nep_error err = {0};
  world_open();
  world_opened(&e, N, 60);
  for (size_t i = 0; i < N; i++) {
    world_ballot(&e, i, i % 2, &bodies[i]);
    if (i % 3 == 0) { /* one digit of the signature's response, the last number of the ballot */
      char *digit = strstr(bodies[i].data, ",\"statement\"") - 5;
      *digit = *digit == '1' ? '2' : '1';
    }
  }
  for (size_t i = 0; i < N; i++)
    ck_assert_int_eq(world_cast_send(e.uuid, &bodies[i], &results[i], &err), NEP_OK);
  world_cast_wait(results, N);
  for (size_t i = 0; i < N; i++) {
    ck_assert_int_eq(results[i].status, i % 3 == 0 ? NEP_E_CHECK : NEP_OK);
    if (i % 3 == 0)
      ck_assert_str_eq(results[i].err.code, "ballot-signature");
    free_result(&results[i]);
    nep_buf_free(&bodies[i]);
  }
  nep_verified *v = verify_export(e.uuid);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_uint_eq(v->ballots, N - N / 3);
  nep_verified_free(v);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a12_parallel_casts_on_one_credential_make_one_chain_without_gaps)
{
  enum { N = 200 };
  world_election e;
  static nep_buf bodies[N];
  static world_cast_result results[N];
  nep_error err = {0};
  bool seen[N + 1] = {false};
  size_t accepted = 0;
  world_open();
  world_opened(&e, 1, 120);
  for (size_t i = 0; i < N; i++)
    world_ballot(&e, 0, i % 2, &bodies[i]);
  for (size_t i = 0; i < N; i++)
    ck_assert_int_eq(world_cast_send(e.uuid, &bodies[i], &results[i], &err), NEP_OK);
  world_cast_wait(results, N);
  for (size_t i = 0; i < N; i++) {
    nep_cast_receipt receipt;
    if (results[i].status == NEP_OK) {
      read_receipt(&results[i], &receipt);
      ck_assert(receipt.height >= 1 && receipt.height <= N && !seen[receipt.height]);
      seen[receipt.height] = true;
      accepted++;
    } else /* overtaken by a ballot that was made after it */
      ck_assert_str_eq(results[i].err.code, "cast-order");
    free_result(&results[i]);
    nep_buf_free(&bodies[i]);
  }
  nep_verified *v = verify_export(e.uuid);
  ck_assert(nep_verified_is_valid(v));
  ck_assert(results[N - 1].status == NEP_OK); /* the last one always counts */
  ck_assert_uint_eq(v->ballots, accepted);
  for (size_t h = 1; h <= accepted; h++)
    ck_assert(seen[h]);
  ck_assert_uint_eq(v->credentials_voted, 1);
  ck_assert_uint_eq(v->tally->num_tallied, 1);
  nep_verified_free(v);
  world_election_free(&e);
  world_close();
}
END_TEST

/* One thread verifies, so that no ballot of a credential overtakes another. */
static const nep_service_config in_order = {.cast_threads = 1, .cast_queue = 1000, .cast_batch = 8};

/* A process of its own that casts until it is killed. */
static pid_t cast_until_killed(const world_election *e, nep_buf *bodies, size_t n)
{
  pid_t child = fork();
  if (child != 0)
    return child;
  static world_cast_result ignored[200];
  nep_error err = {0};
  world_open_with(&in_order);
  for (size_t i = 0; i < n; i++)
    if (world_cast_send(e->uuid, &bodies[i], &ignored[i], &err) != NEP_OK)
      _exit(1);
  for (;;)
    pause();
}

START_TEST(a12_a_server_killed_while_casting_leaves_a_chain_without_gaps)
{
  enum { N = 200 };
  world_election e;
  static nep_buf bodies[N];
  static world_cast_result results[N];
  nep_error err = {0};
  world_open();
  world_opened(&e, 1, 120);
  for (size_t i = 0; i < N; i++)
    world_ballot(&e, 0, i % 2, &bodies[i]);
  world_close();
  char *sql = nep_sprintf("SELECT count(*) FROM board.ballots WHERE uuid = '%s'", e.uuid);
  pid_t child = cast_until_killed(&e, bodies, N);
  while (world_count(sql) == 0)
    ;
  ck_assert_int_eq(kill(child, SIGKILL), 0);
  waitpid(child, NULL, 0);
  int64_t stored = world_count(sql);
  /* Every voter sends the same bytes again: each ballot stands in the chain once. */
  world_open_with(&in_order);
  for (size_t i = 0; i < N; i++)
    ck_assert_int_eq(world_cast_send(e.uuid, &bodies[i], &results[i], &err), NEP_OK);
  world_cast_wait(results, N);
  size_t repeated = 0;
  for (size_t i = 0; i < N; i++) {
    ck_assert_int_eq(results[i].status, NEP_OK);
    repeated += results[i].created ? 0 : 1;
    free_result(&results[i]);
    nep_buf_free(&bodies[i]);
  }
  ck_assert_uint_ge(repeated, (size_t)stored);
  nep_verified *v = verify_export(e.uuid);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_uint_eq(v->ballots, N);
  ck_assert_uint_eq(v->credentials_voted, 1);
  nep_verified_free(v);
  free(sql);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a13_casts_during_closing_are_before_the_end_or_get_a_signed_refusal)
{
  enum { N = 60 };
  world_election e;
  static nep_buf bodies[N];
  static world_cast_result results[N];
  nep_error err = {0};
  size_t accepted = 0, refused = 0;
  char closes[21];
  world_open_with(&in_order);
  world_opened(&e, 1, 3);
  nep_clock_text(e.closes, closes);
  for (size_t i = 0; i < N; i++)
    world_ballot(&e, 0, i % 2, &bodies[i]);
  world_wait_until(e.closes - 1);
  for (size_t i = 0; i < N; i++) { /* from before the closing second until after the close */
    ck_assert_int_eq(world_cast_send(e.uuid, &bodies[i], &results[i], &err), NEP_OK);
    if (i < N / 2)
      continue;
    if (i == N / 2)
      world_wait_until(e.closes);
    if (i == N / 2 + 10)
      world_must(NEP_ACT_CLOSE, e.uuid, "{}");
  }
  world_cast_wait(results, N);
  nep_verified *v = verify_export(e.uuid);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_int_eq(v->phase, NEP_EVENT_END_BALLOTS);
  for (size_t i = 0; i < N; i++) {
    if (results[i].status == NEP_OK) {
      nep_cast_receipt receipt;
      read_receipt(&results[i], &receipt);
      ck_assert_uint_lt(receipt.height, v->events - 1);
      ck_assert_str_lt(receipt.time, closes); /* also when the election is closed later */
      accepted++;
    } else {
      ck_assert_int_eq(results[i].status, NEP_E_STATE);
      ck_assert_str_eq(results[i].err.code, "closed");
      ck_assert_ptr_nonnull(strstr(results[i].json.data, "\"code\":\"closed\""));
      refused++;
    }
    free_result(&results[i]);
    nep_buf_free(&bodies[i]);
  }
  ck_assert_uint_eq(accepted, v->ballots);
  ck_assert_uint_gt(accepted, 0);
  ck_assert_uint_gt(refused, 0);
  nep_verified_free(v);
  world_election_free(&e);
  world_close();
}
END_TEST

/* Casts the same ballot text with a statement of this number. */
static void cast_numbered(const world_election *e, const nep_buf *ballot, int64_t sequence,
                          world_cast_result *r)
{
  nep_buf body = {0};
  world_enclose(e, 0, ballot, sequence, &body);
  world_cast(e->uuid, &body, r);
  nep_buf_free(&body);
}

START_TEST(a23_an_older_ballot_after_a_newer_one_is_refused_with_a_signed_refusal)
{
  world_election e;
  nep_buf ballots[3] = {0};
  world_cast_result newer, r;
  static const int64_t late[] = {1, 2};
  world_open();
  world_opened(&e, 1, 60);
  for (size_t i = 0; i < 3; i++)
    world_ballot_text(&e, 0, i % 2, &ballots[i]);
  cast_numbered(&e, &ballots[2], 2, &newer);
  ck_assert_int_eq(newer.status, NEP_OK);
  for (size_t i = 0; i < 2; i++) { /* lower, equal */
    cast_numbered(&e, &ballots[i], late[i], &r);
    ck_assert_int_eq(r.status, NEP_E_STATE);
    ck_assert_str_eq(r.err.code, "cast-order");
    ck_assert_ptr_nonnull(strstr(r.json.data, "\"code\":\"cast-order\""));
    ck_assert_ptr_nonnull(strstr(r.json.data, "\"statement\":\"")); /* says what was refused */
    ck_assert_ptr_nonnull(strstr(r.err.reason, "this one was not"));
    free_result(&r);
  }
  /* The signature is new, so this is no retry; nor may one ballot count again under a higher
     number. The answer never says of a stored ballot that it is not. */
  for (int64_t number = 1; number <= 3; number++) {
    cast_numbered(&e, &ballots[2], number, &r);
    ck_assert_str_eq(r.err.code, "cast-order");
    ck_assert_str_eq(r.err.where, "statement");
    ck_assert_str_eq(r.err.reason, "this ballot is stored already, with another statement");
    free_result(&r);
  }
  cast_numbered(&e, &ballots[0], 9, &r); /* a gap is the voter's own business */
  ck_assert_int_eq(r.status, NEP_OK);
  free_result(&r);
  nep_verified *v = verify_export(e.uuid);
  ck_assert_uint_eq(v->ballots, 2);
  nep_verified_free(v);
  free_result(&newer);
  for (size_t i = 0; i < 3; i++)
    nep_buf_free(&ballots[i]);
  world_election_free(&e);
  world_close();
}
END_TEST

/* As if the events had been dated by a clock that was an hour fast. */
static int64_t set_clock_back(const world_election *e)
{
  char *sql = nep_sprintf("SET session_replication_role = replica; "
                          "UPDATE board.events SET at = at + interval '1 hour' WHERE uuid = '%s'",
                          e->uuid);
  ck_assert(world_sql("admin", sql));
  free(sql);
  sql = nep_sprintf(
      "SELECT extract(epoch FROM max(at))::bigint FROM board.events WHERE uuid = '%s'", e->uuid);
  int64_t last = world_count(sql);
  free(sql);
  return last;
}

START_TEST(a_clock_that_was_set_back_makes_no_refusal_or_head_older_than_the_last_event)
{
  world_election e;
  nep_buf body = {0}, json = {0};
  world_cast_result r;
  nep_refusal refusal;
  nep_head head;
  nep_error err = {0};
  char key[65], last[21];
  world_open();
  world_opened(&e, 1, 60);
  world_ballot(&e, 0, 1, &body);
  world_cast(e.uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_OK);
  free_result(&r);
  nep_clock_text(set_clock_back(&e), last);
  world_ballot_text(&e, 0, 0, &json);
  cast_numbered(&e, &json, 1, &r);
  ck_assert_str_eq(r.err.code, "cast-order");
  signer_key(key);
  ck_assert_int_eq(nep_refusal_verify(nep_buf_bytes(&r.json), key, &refusal, &err), NEP_OK);
  ck_assert_str_eq(refusal.time, last);
  nep_buf_clear(&json);
  ck_assert_int_eq(nep_head_get(world, e.uuid, &json, &err), NEP_OK);
  ck_assert_int_eq(nep_head_verify(nep_buf_bytes(&json), key, &head, &err), NEP_OK);
  ck_assert_str_eq(head.time, last);
  free_result(&r);
  nep_buf_free(&json);
  nep_buf_free(&body);
  world_election_free(&e);
  world_close();
}
END_TEST

/* The answer about one credential, in *json; what it holds in *statement and *receipt. */
static void ask_last(const world_election *e, size_t voter, nep_cast_statement *statement,
                     nep_cast_receipt *receipt)
{
  char key[65], public[NEP_ELEMENT_TEXT_MAX];
  nep_buf json = {0}, part = {0};
  json_t *answer = NULL;
  nep_error err = {0};
  signer_key(key);
  world_public(e, voter, public);
  char *body = nep_sprintf("{\"credential\":\"%s\"}", public);
  ck_assert_int_eq(nep_last_cast(world, e->uuid, nep_str_bytes(body), &json, &err), NEP_OK);
  ck_assert_int_eq(nep_json_parse_canonical(nep_buf_bytes(&json), &answer, &err), NEP_OK);
  memset(statement, 0, sizeof *statement);
  if (!json_is_null(json_object_get(answer, "statement"))) {
    nep_json_write(&part, json_object_get(answer, "statement"));
    ck_assert_int_eq(
        nep_cast_statement_parse(e->election->group, nep_buf_bytes(&part), statement, &err),
        NEP_OK);
    ck_assert_int_eq(
        nep_cast_statement_verify(e->election, public, statement->ballot, statement, &err), NEP_OK);
    nep_buf_clear(&part);
    nep_json_write(&part, json_object_get(answer, "receipt"));
    ck_assert_int_eq(nep_cast_receipt_verify(nep_buf_bytes(&part), key, receipt, &err), NEP_OK);
  } else {
    ck_assert(json_is_null(json_object_get(answer, "receipt")));
  }
  json_decref(answer);
  nep_buf_free(&part);
  nep_buf_free(&json);
  free(body);
}

START_TEST(a20_a_second_device_learns_the_last_ballot_of_its_credential)
{
  world_election e;
  nep_buf ballots[3] = {0};
  world_cast_result r;
  nep_cast_statement s;
  nep_cast_receipt given, told;
  world_open();
  world_opened(&e, 2, 60);
  ask_last(&e, 0, &s, &told);
  ck_assert_int_eq(s.sequence, 0);
  for (size_t i = 0; i < 3; i++) {
    world_ballot_text(&e, i / 2, i % 2, &ballots[i]); /* the third is another voter's */
    nep_buf body = {0};
    world_enclose(&e, i / 2, &ballots[i], (int64_t)i + 5, &body);
    world_cast(e.uuid, &body, &r);
    ck_assert_int_eq(r.status, NEP_OK);
    if (i == 1)
      read_receipt(&r, &given);
    free_result(&r);
    nep_buf_free(&body);
  }
  ask_last(&e, 0, &s, &told);
  ck_assert_int_eq(s.sequence, 6);
  ck_assert_mem_eq(&given, &told, sizeof given); /* the receipt that was given for it */
  world_close();
  world_open(); /* and another process says the same */
  ask_last(&e, 0, &s, &told);
  ck_assert_mem_eq(&given, &told, sizeof given);
  for (size_t i = 0; i < 3; i++)
    nep_buf_free(&ballots[i]);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(the_last_ballot_is_asked_for_by_a_registered_credential_only)
{
  static const struct {
    const char *body, *code;
  } rows[] = {{"", "json"},
              {"[]", "shape"},
              {"{}", "shape"},
              {"{\"credential\":1}", "shape"},
              {"{\"credential\":\"\"}", "credential"},
              {"{\"credential\":\"00\"}", "credential"},
              {"{\"credential\":\"00\",\"more\":1}", "shape"},
              {"{\"credential\":\"00\",\"credential\":\"00\"}", "json"}};
  world_election e;
  nep_buf json = {0};
  nep_error err = {0};
  world_open();
  world_opened(&e, 1, 60);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    ck_assert_int_ne(nep_last_cast(world, e.uuid, nep_str_bytes(rows[i].body), &json, &err),
                     NEP_OK);
    ck_assert_msg(strcmp(err.code, rows[i].code) == 0, "%s: %s", rows[i].body, err.code);
  }
  ck_assert_int_eq(nep_last_cast(world, "11111111111111", nep_str_bytes("{}"), &json, &err),
                   NEP_E_NOT_FOUND);
  ck_assert_uint_eq(json.len, 0);
  nep_buf_free(&json);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a23_a_ballot_without_its_own_statement_is_refused)
{
  world_election e;
  nep_buf ballot = {0}, other = {0}, body = {0};
  world_cast_result r;
  world_open();
  world_opened(&e, 2, 60);
  world_ballot_text(&e, 0, 0, &ballot);
  nep_buf_add(&body, ballot.data, ballot.len);
  while (body.len < nep_ballot_envelope(e.election))
    nep_buf_char(&body, ' ');
  world_cast(e.uuid, &body, &r); /* none */
  ck_assert_str_eq(r.err.code, "cast-body");
  free_result(&r);
  nep_buf_clear(&body);
  world_enclose(&e, 1, &ballot, 1, &body); /* another credential's */
  world_cast(e.uuid, &body, &r);
  ck_assert_str_eq(r.err.code, "cast-signature");
  free_result(&r);
  nep_buf_clear(&body);
  world_ballot_text(&e, 0, 1, &other);
  world_enclose(&e, 0, &other, 1, &body); /* about another ballot, of another length or not */
  memcpy(strstr(body.data, "\"ballot\":\"") + strlen("\"ballot\":\""), "0000", 4);
  world_cast(e.uuid, &body, &r);
  ck_assert_str_eq(r.err.code, "cast-statement");
  free_result(&r);
  nep_buf_free(&body);
  nep_buf_free(&other);
  nep_buf_free(&ballot);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(before_opening_a_ballot_is_refused)
{
  world_election e, other;
  nep_buf body = {0};
  world_cast_result r;
  world_open();
  world_frozen(&e, 1, 3, 60);
  world_ballot(&e, 0, 1, &body);
  world_cast(e.uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_E_STATE);
  ck_assert_str_eq(r.err.code, "not-open");
  ck_assert_ptr_nonnull(strstr(r.json.data, "\"tracker\""));
  free_result(&r);
  world_registration(&other, 1, 60, 60);
  world_cast(other.uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_E_STATE);
  ck_assert_str_eq(r.err.code, "phase");
  free_result(&r);
  world_cast("11111111111111", &body, &r);
  ck_assert_int_eq(r.status, NEP_E_NOT_FOUND);
  free_result(&r);
  nep_buf_free(&body);
  world_election_free(&other);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a4_a_ballot_of_another_credential_is_refused)
{
  world_election e;
  nep_buf body = {0};
  world_cast_result r;
  world_open();
  world_opened(&e, 1, 60);
  nep_credential_new(e.credentials[0]); /* well made, but not on the list */
  world_ballot(&e, 0, 1, &body);
  world_cast(e.uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_E_CHECK);
  ck_assert_str_eq(r.err.code, "ballot-unknown-credential");
  free_result(&r);
  nep_buf_free(&body);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a_full_queue_says_so_at_once)
{
  world_election e;
  nep_buf body = {0};
  static world_cast_result results[40];
  nep_error err = {0};
  size_t taken = 0;
  nep_status st = NEP_OK;
  world_open_with(&(nep_service_config){.cast_threads = 1, .cast_queue = 3, .cast_batch = 4});
  world_opened(&e, 1, 60);
  world_ballot(&e, 0, 1, &body);
  while (st == NEP_OK && taken < 40)
    if ((st = world_cast_send(e.uuid, &body, &results[taken], &err)) == NEP_OK)
      taken++;
  ck_assert_int_eq(st, NEP_E_BUSY);
  ck_assert_str_eq(err.code, "cast-queue");
  ck_assert_uint_ge(taken, 3);
  world_cast_wait(results, taken);
  for (size_t i = 0; i < taken; i++) {
    ck_assert_int_eq(results[i].status, NEP_OK);
    free_result(&results[i]);
  }
  nep_buf_free(&body);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a17_the_role_that_stores_ballots_cannot_make_one_that_verifies)
{
  world_election e;
  char sql[2000];
  world_open();
  world_opened(&e, 1, 60);
  /* Everything that the role may write, with consistent hashes: a ballot that nobody signed, and
     its statement. */
  snprintf(sql, sizeof sql,
           "DO $$ DECLARE body bytea := 'forged'; h text := encode(sha256(body), 'hex');"
           " head board.heads; e board.events; c board.casts; BEGIN"
           " SELECT * INTO head FROM board.heads WHERE uuid = '%s';"
           " e := ROW(head.uuid, head.height + 1, 'Ballot', repeat('0', 64), head.event, h,"
           "   head.archive_end + 2048, now());"
           " e.hash := encode(sha256(convert_to(board.event_text(e), 'UTF8')), 'hex');"
           " INSERT INTO board.ballots VALUES (head.uuid, e.height, h, repeat('6', 64), body);"
           " INSERT INTO board.events SELECT e.*;"
           " c := ROW(head.uuid, e.height, repeat('6', 64), 1, h, body, h, NULL, 2048);"
           " c.event := encode(sha256(convert_to(board.cast_text(c), 'UTF8')), 'hex');"
           " INSERT INTO board.casts SELECT c.*;"
           " UPDATE board.heads SET height = e.height, event = e.hash, archive_end = "
           "e.archive_end, ballots = ballots + 1, voted = voted + 1 WHERE uuid = head.uuid;"
           " END $$",
           e.uuid);
  for (char *at = sql; (at = strchr(at, '$')) != NULL; at++) /* the shell must not read it */
    if (*at == '$')
      *at = '@';
  char *file = nep_sprintf("%s/forge.sql", world_folder());
  FILE *out = fopen(file, "w");
  ck_assert_ptr_nonnull(out);
  for (const char *at = sql; *at != 0; at++)
    fputc(*at == '@' ? '$' : *at, out);
  fclose(out);
  char *command =
      nep_sprintf("psql -X -q -v ON_ERROR_STOP=1 '%s' -f %s", world_database("board"), file);
  ck_assert_int_eq(system(command), 0);
  nep_verified *v = verify_export(e.uuid);
  ck_assert(!nep_verified_is_valid(v));
  ck_assert_uint_ge(v->findings.n_faults, 1);
  ck_assert_str_eq(v->findings.faults[0].code, "ballot-parse");
  nep_verified_free(v);
  free(command);
  free(file);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(an_archive_copy_grows_and_never_changes)
{
  world_election e;
  nep_buf body = {0};
  world_cast_result r;
  nep_error err = {0};
  char path[4096], hash[65], early[65];
  uint64_t height = 0, size = 0, first_size, last = UINT64_MAX;
  world_open();
  world_opened(&e, 1, 60);
  ck_assert_int_eq(nep_archive_get(world, e.uuid, &height, path, &first_size, early, &err), NEP_OK);
  world_ballot(&e, 0, 1, &body);
  world_cast(e.uuid, &body, &r);
  ck_assert_int_eq(nep_archive_get(world, e.uuid, &last, path, &size, hash, &err), NEP_OK);
  ck_assert_uint_eq(last, 1);
  ck_assert_uint_gt(size, first_size);
  ck_assert_int_eq(nep_archive_get(world, e.uuid, &height, path, &size, hash, &err), NEP_OK);
  ck_assert_uint_eq(size, first_size);
  ck_assert_str_eq(hash, early);
  height = 2;
  ck_assert_int_eq(nep_archive_get(world, e.uuid, &height, path, &size, hash, &err),
                   NEP_E_NOT_FOUND);
  free_result(&r);
  nep_buf_free(&body);
  world_election_free(&e);
  world_close();
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service: casting");
  TCase *tests = tcase_create("casting");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, a_ballot_is_stored_and_its_receipt_names_its_event);
  tcase_add_test(tests, a16_a_body_of_another_length_is_refused);
  tcase_add_test(tests, a_bad_ballot_never_fails_its_neighbours);
  tcase_add_test(tests, a12_parallel_casts_on_one_credential_make_one_chain_without_gaps);
  tcase_add_test(tests, a12_a_server_killed_while_casting_leaves_a_chain_without_gaps);
  tcase_add_test(tests, a13_casts_during_closing_are_before_the_end_or_get_a_signed_refusal);
  tcase_add_test(tests, a23_an_older_ballot_after_a_newer_one_is_refused_with_a_signed_refusal);
  tcase_add_test(tests, a20_a_second_device_learns_the_last_ballot_of_its_credential);
  tcase_add_test(tests, the_last_ballot_is_asked_for_by_a_registered_credential_only);
  tcase_add_test(tests,
                 a_clock_that_was_set_back_makes_no_refusal_or_head_older_than_the_last_event);
  tcase_add_test(tests, a23_a_ballot_without_its_own_statement_is_refused);
  tcase_add_test(tests, before_opening_a_ballot_is_refused);
  tcase_add_test(tests, a4_a_ballot_of_another_credential_is_refused);
  tcase_add_test(tests, a_full_queue_says_so_at_once);
  tcase_add_test(tests, a17_the_role_that_stores_ballots_cannot_make_one_that_verifies);
  tcase_add_test(tests, an_archive_copy_grows_and_never_changes);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
