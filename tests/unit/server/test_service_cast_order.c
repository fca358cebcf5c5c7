/* Casting: the order of ballots. One chain without gaps, whatever comes at the same time or is cut
   off; of a credential's ballots the last one counts, and nothing after the end. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "records/cast_statement.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

START_TEST(a12_parallel_casts_on_one_credential_make_one_chain_without_gaps)
{
  enum { N = 200 };
  world_election e;
  static nep_buf bodies[N];
  static world_cast_result results[N];
  bool seen[N + 1] = {false};
  size_t accepted = 0;
  world_open();
  world_opened(&e, 1, 120);
  for (size_t i = 0; i < N; i++)
    world_ballot(&e, 0, i % 2, &bodies[i]);
  world_cast_all(e.uuid, bodies, results, N);
  for (size_t i = 0; i < N; i++) {
    nep_cast_receipt receipt;
    if (results[i].status == NEP_OK) {
      world_read_receipt(&results[i], &receipt);
      ck_assert(receipt.height >= 1 && receipt.height <= N && !seen[receipt.height]);
      seen[receipt.height] = true;
      accepted++;
    } else /* overtaken by a ballot that was made after it */
      ck_assert_str_eq(results[i].err.code, "cast-order");
    nep_buf_free(&results[i].json);
    nep_buf_free(&bodies[i]);
  }
  nep_verified *v = world_export(e.uuid);
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
  world_open();
  world_opened(&e, 1, 120);
  for (size_t i = 0; i < N; i++)
    world_ballot(&e, 0, i % 2, &bodies[i]);
  world_close();
  char *sql = nep_sprintf("SELECT count(body) FROM board.events WHERE uuid = '%s'", e.uuid);
  pid_t child = cast_until_killed(&e, bodies, N);
  while (world_count(sql) == 0)
    ;
  ck_assert_int_eq(kill(child, SIGKILL), 0);
  waitpid(child, NULL, 0);
  int64_t stored = world_count(sql);
  /* Every voter sends the same bytes again: each ballot stands in the chain once. */
  world_open_with(&in_order);
  world_cast_all(e.uuid, bodies, results, N);
  size_t repeated = 0;
  for (size_t i = 0; i < N; i++) {
    ck_assert_int_eq(results[i].status, NEP_OK);
    repeated += results[i].created ? 0 : 1;
    nep_buf_free(&results[i].json);
    nep_buf_free(&bodies[i]);
  }
  ck_assert_uint_ge(repeated, (size_t)stored);
  nep_verified *v = world_export(e.uuid);
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
  nep_verified *v = world_export(e.uuid);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_int_eq(v->phase, NEP_EVENT_END_BALLOTS);
  for (size_t i = 0; i < N; i++) {
    if (results[i].status == NEP_OK) {
      nep_cast_receipt receipt;
      world_read_receipt(&results[i], &receipt);
      ck_assert_uint_lt(receipt.height, v->events - 1);
      ck_assert_str_lt(receipt.time, closes); /* also when the election is closed later */
      accepted++;
    } else {
      ck_assert_int_eq(results[i].status, NEP_E_STATE);
      ck_assert_str_eq(results[i].err.code, "closed");
      ck_assert_ptr_nonnull(strstr(results[i].json.data, "\"code\":\"closed\""));
      refused++;
    }
    nep_buf_free(&results[i].json);
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
    nep_buf_free(&r.json);
  }
  /* The signature is new, so this is no retry; nor may one ballot count again under a higher
     number. The answer never says of a stored ballot that it is not. */
  for (int64_t number = 1; number <= 3; number++) {
    cast_numbered(&e, &ballots[2], number, &r);
    ck_assert_str_eq(r.err.code, "cast-order");
    ck_assert_str_eq(r.err.where, "statement");
    ck_assert_str_eq(r.err.reason, "this ballot is stored already, with another statement");
    nep_buf_free(&r.json);
  }
  cast_numbered(&e, &ballots[0], 9, &r); /* a gap is the voter's own business */
  ck_assert_int_eq(r.status, NEP_OK);
  nep_buf_free(&r.json);
  nep_verified *v = world_export(e.uuid);
  ck_assert_uint_eq(v->ballots, 2);
  nep_verified_free(v);
  nep_buf_free(&newer.json);
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
  char key[NEP_PUBLIC_KEY_HEX + 1], last[21];
  world_open();
  world_opened(&e, 1, 60);
  world_ballot(&e, 0, 1, &body);
  world_cast(e.uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_OK);
  nep_buf_free(&r.json);
  nep_clock_text(set_clock_back(&e), last);
  world_ballot_text(&e, 0, 0, &json);
  cast_numbered(&e, &json, 1, &r);
  ck_assert_str_eq(r.err.code, "cast-order");
  world_signer_key(key);
  ck_assert_int_eq(nep_refusal_verify(nep_buf_bytes(&r.json), key, &refusal, &err), NEP_OK);
  ck_assert_str_eq(refusal.time, last);
  nep_buf_clear(&json);
  ck_assert_int_eq(nep_head_get(world, e.uuid, &json, &err), NEP_OK);
  ck_assert_int_eq(nep_head_verify(nep_buf_bytes(&json), key, &head, &err), NEP_OK);
  ck_assert_str_eq(head.time, last);
  nep_buf_free(&r.json);
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
  char key[NEP_PUBLIC_KEY_HEX + 1], public[NEP_ELEMENT_TEXT_MAX];
  nep_buf json = {0}, part = {0};
  json_t *answer = NULL;
  nep_error err = {0};
  world_signer_key(key);
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
      world_read_receipt(&r, &given);
    nep_buf_free(&r.json);
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
  ck_assert_int_eq(
      nep_last_cast(world, "11111111111111", nep_str_bytes("{\"credential\":\"00\"}"), &json, &err),
      NEP_E_NOT_FOUND);
  ck_assert_uint_eq(json.len, 0);
  nep_buf_free(&json);
  world_election_free(&e);
  world_close();
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service: order of ballots");
  TCase *tests = tcase_create("order");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, a12_parallel_casts_on_one_credential_make_one_chain_without_gaps);
  tcase_add_test(tests, a12_a_server_killed_while_casting_leaves_a_chain_without_gaps);
  tcase_add_test(tests, a13_casts_during_closing_are_before_the_end_or_get_a_signed_refusal);
  tcase_add_test(tests, a23_an_older_ballot_after_a_newer_one_is_refused_with_a_signed_refusal);
  tcase_add_test(tests,
                 a_clock_that_was_set_back_makes_no_refusal_or_head_older_than_the_last_event);
  tcase_add_test(tests, a20_a_second_device_learns_the_last_ballot_of_its_credential);
  tcase_add_test(tests, the_last_ballot_is_asked_for_by_a_registered_credential_only);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
