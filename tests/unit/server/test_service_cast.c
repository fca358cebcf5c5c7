/* Casting: what is stored, what is answered, and what is refused. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/keys.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

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
  world_read_receipt(&first, &receipt);
  ck_assert_uint_eq(receipt.height, 1);
  ck_assert_str_eq(receipt.uuid, e.uuid);
  ck_assert_str_eq(receipt.election_hash, e.election->phi);
  /* The same bytes again: the same receipt, byte for byte, and no new event. */
  world_cast(e.uuid, &body, &again);
  ck_assert_int_eq(again.status, NEP_OK);
  ck_assert(!again.created);
  ck_assert_str_eq(again.json.data, first.json.data);
  nep_verified *v = world_export(e.uuid);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_uint_eq(v->ballots, 1);
  ck_assert_str_eq(v->head, receipt.event);
  nep_verified_free(v);
  nep_buf_free(&again.json);
  nep_buf_free(&first.json);
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
  nep_buf_free(&r.json);
  body.len -= 2;
  world_cast(e.uuid, &body, &r);
  ck_assert_str_eq(r.err.code, "ballot-envelope");
  nep_buf_free(&r.json);
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
  world_open();
  world_opened(&e, N, 60);
  for (size_t i = 0; i < N; i++) {
    world_ballot(&e, i, i % 2, &bodies[i]);
    if (i % 3 == 0) { /* one digit of the signature's response, the last number of the ballot */
      char *digit = strstr(bodies[i].data, ",\"statement\"") - 5;
      *digit = *digit == '1' ? '2' : '1';
    }
  }
  world_cast_all(e.uuid, bodies, results, N);
  for (size_t i = 0; i < N; i++) {
    ck_assert_int_eq(results[i].status, i % 3 == 0 ? NEP_E_CHECK : NEP_OK);
    if (i % 3 == 0)
      ck_assert_str_eq(results[i].err.code, "ballot-signature");
    nep_buf_free(&results[i].json);
    nep_buf_free(&bodies[i]);
  }
  nep_verified *v = world_export(e.uuid);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_uint_eq(v->ballots, N - N / 3);
  nep_verified_free(v);
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
  nep_buf_free(&r.json);
  nep_buf_clear(&body);
  world_enclose(&e, 1, &ballot, 1, &body); /* another credential's */
  world_cast(e.uuid, &body, &r);
  ck_assert_str_eq(r.err.code, "cast-signature");
  nep_buf_free(&r.json);
  nep_buf_clear(&body);
  world_ballot_text(&e, 0, 1, &other);
  world_enclose(&e, 0, &other, 1, &body); /* about another ballot, of another length or not */
  memcpy(strstr(body.data, "\"ballot\":\"") + strlen("\"ballot\":\""), "0000", 4);
  world_cast(e.uuid, &body, &r);
  ck_assert_str_eq(r.err.code, "cast-statement");
  nep_buf_free(&r.json);
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
  nep_buf_free(&r.json);
  world_registration(&other, 1, 60, 60);
  world_cast(other.uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_E_STATE);
  ck_assert_str_eq(r.err.code, "phase");
  nep_buf_free(&r.json);
  world_cast("11111111111111", &body, &r);
  ck_assert_int_eq(r.status, NEP_E_NOT_FOUND);
  nep_buf_free(&r.json);
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
  nep_buf_free(&r.json);
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
  world_open_with(&(nep_service_config){.cast_threads = 1, .cast_queue = 4, .cast_batch = 4});
  world_opened(&e, 1, 60);
  world_ballot(&e, 0, 1, &body);
  world_cast(e.uuid, &body, &results[0]); /* its election is at hand from now on */
  ck_assert_int_eq(results[0].status, NEP_OK);
  nep_buf_free(&results[0].json);
  while (st == NEP_OK && taken < 40)
    if ((st = world_cast_send(e.uuid, &body, &results[taken], &err)) == NEP_OK)
      taken++;
  ck_assert_int_eq(st, NEP_E_BUSY);
  ck_assert_str_eq(err.code, "cast-queue");
  ck_assert_uint_ge(taken, 3);
  world_cast_wait(results, taken);
  for (size_t i = 0; i < taken; i++) {
    ck_assert_int_eq(results[i].status, NEP_OK);
    nep_buf_free(&results[i].json);
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
           " head board.heads; e board.events; BEGIN"
           " SELECT * INTO head FROM board.heads WHERE uuid = '%s';"
           " e.uuid := head.uuid; e.height := head.height + 1; e.type := 'Ballot';"
           " e.parent := head.event; e.payload := h; e.archive_end := head.archive_end + 2048;"
           " e.at := now(); e.credential := repeat('6', 64); e.body := body; e.sequence := 1;"
           " e.statement := body; e.statement_hash := h; e.casts_end := 2048;"
           " e.hash := encode(sha256(convert_to(board.event_text(e.parent, e.height, 'Ballot', h),"
           "   'UTF8')), 'hex');"
           " e.cast_event := encode(sha256(convert_to(board.event_text(NULL, 0, 'Cast', h),"
           "   'UTF8')), 'hex');"
           " INSERT INTO board.events SELECT e.*;"
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
  nep_verified *v = world_export(e.uuid);
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
  nep_buf_free(&r.json);
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
