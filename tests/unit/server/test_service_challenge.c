/* The board of challenges: what is published, what is refused, and that it never counts (A26). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "protocol/verify.h"
#include "records/challenge_board.h"
#include "records/choices.h"
#include "records/receipt.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

/* A ballot of one voter that may be cast or challenged. */
typedef struct unsigned_ballot {
  nep_buf message, challenge;
} unsigned_ballot;

static void prepare_for(const world_election *e, const char *credential, unsigned_ballot *b)
{
  uint8_t seed[NEP_BALLOT_SEED];
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_error err = {0};
  nep_scalar key;
  nep_choice *choices = nep_choices_new(e->election);
  choices[0].chosen[1] = 1;
  *b = (unsigned_ballot){0};
  nep_random_bytes(seed, sizeof seed);
  ck_assert_int_eq(nep_ballot_credential(e->election, credential, &key, public, &err), NEP_OK);
  ck_assert_int_eq(nep_ballot_prepare(e->election, public, choices, seed, &b->message, &err),
                   NEP_OK);
  nep_ballot_challenge_write(e->election, public, choices, seed, nep_buf_bytes(&b->message),
                             &b->challenge);
  nep_secret_free(choices);
}

static void prepare(const world_election *e, size_t voter, unsigned_ballot *b)
{
  prepare_for(e, e->credentials[voter], b);
}

static void forget(unsigned_ballot *b)
{
  nep_buf_free(&b->message);
  nep_buf_free(&b->challenge);
}

/* The request of who holds this credential. */
static void request_of(const world_election *e, const char *credential, const nep_buf *challenge,
                       nep_buf *body)
{
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_error err = {0};
  nep_scalar key;
  nep_buf_clear(body);
  ck_assert_int_eq(nep_ballot_credential(e->election, credential, &key, public, &err), NEP_OK);
  ck_assert_int_eq(nep_published_request(e->election, &key, nep_buf_bytes(challenge), body, &err),
                   NEP_OK);
}

static void publish(const world_election *e, size_t voter, const unsigned_ballot *b,
                    world_cast_result *r)
{
  nep_buf body = {0};
  request_of(e, e->credentials[voter], &b->challenge, &body);
  world_challenge(e->uuid, &body, r);
  nep_buf_free(&body);
}

static void cast_body(const world_election *e, size_t voter, const unsigned_ballot *b,
                      int64_t sequence, nep_buf *body)
{
  nep_buf ballot = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_ballot_sign(e->election, e->credentials[voter], nep_buf_bytes(&b->message),
                                   &ballot, &err),
                   NEP_OK);
  world_enclose(e, voter, &ballot, sequence, body);
  nep_buf_free(&ballot);
}

static void cast(const world_election *e, size_t voter, const unsigned_ballot *b, int64_t sequence,
                 world_cast_result *r)
{
  nep_buf body = {0};
  cast_body(e, voter, b, sequence, &body);
  world_cast(e->uuid, &body, r);
  nep_buf_free(&body);
}

static int64_t stored(const world_election *e)
{
  char *sql = nep_sprintf("SELECT count(*) FROM board.challenges WHERE uuid = '%s'", e->uuid);
  int64_t n = world_count(sql);
  free(sql);
  return n;
}

static void expect(world_cast_result *r, const char *code)
{
  ck_assert_str_eq(r->err.code, code);
  nep_buf_free(&r->json);
}

START_TEST(a_challenge_is_numbered_and_the_same_one_again_gets_the_first_answer)
{
  world_election e;
  unsigned_ballot first, second;
  world_cast_result r, again, other;
  world_open();
  world_opened(&e, 2, 60);
  prepare(&e, 0, &first);
  prepare(&e, 1, &second);
  publish(&e, 0, &first, &r);
  ck_assert_msg(r.status == NEP_OK, "%s", r.err.reason);
  ck_assert(r.created);
  ck_assert_ptr_nonnull(strstr(r.json.data, "\"number\":1,"));
  publish(&e, 1, &second, &other);
  ck_assert_ptr_nonnull(strstr(other.json.data, "\"number\":2,"));
  publish(&e, 0, &first, &again); /* its proof is a new one */
  ck_assert_int_eq(again.status, NEP_OK);
  ck_assert(!again.created);
  ck_assert_str_eq(again.json.data, r.json.data);
  ck_assert_int_eq(stored(&e), 2);
  nep_buf_free(&r.json);
  nep_buf_free(&again.json);
  nep_buf_free(&other.json);
  forget(&second);
  forget(&first);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a16_a_request_of_another_length_is_refused)
{
  world_election e;
  unsigned_ballot b;
  nep_buf body = {0};
  world_cast_result r;
  world_open();
  world_opened(&e, 1, 60);
  prepare(&e, 0, &b);
  request_of(&e, e.credentials[0], &b.challenge, &body);
  ck_assert_uint_eq(body.len, 2 * nep_ballot_envelope(e.election));
  nep_buf_char(&body, ' ');
  world_challenge(e.uuid, &body, &r);
  expect(&r, "challenge-envelope");
  body.len -= 2;
  world_challenge(e.uuid, &body, &r);
  expect(&r, "challenge-envelope");
  ck_assert_int_eq(stored(&e), 0);
  nep_buf_free(&body);
  forget(&b);
  world_election_free(&e);
  world_close();
}
END_TEST

/* Publishes what voter 0 should not, and expects this code. */
static void refuse_text(const world_election *e, const char *credential, const nep_buf *challenge,
                        const char *code)
{
  nep_buf body = {0};
  world_cast_result r;
  request_of(e, credential, challenge, &body);
  world_challenge(e->uuid, &body, &r);
  ck_assert_int_ne(r.status, NEP_OK);
  expect(&r, code);
  nep_buf_free(&body);
}

START_TEST(nothing_wrong_is_stored)
{
  world_election e, other;
  unsigned_ballot b, foreign, stranger;
  char unknown[NEP_CREDENTIAL_LENGTH + 1];
  world_open();
  world_opened(&e, 2, 60);
  world_opened(&other, 1, 60);
  prepare(&e, 0, &b);
  prepare(&other, 0, &foreign);
  nep_credential_new(unknown);
  prepare_for(&e, unknown, &stranger);
  refuse_text(&e, e.credentials[0], &foreign.challenge, "challenge-election");
  refuse_text(&e, unknown, &stranger.challenge, "challenge-credential");
  refuse_text(&e, e.credentials[1], &b.challenge, "challenge-proof");
  char *digit = strstr(b.challenge.data, "\"seed\":\"") + 8;
  char was = *digit;
  *digit = was == '1' ? '2' : '1';
  refuse_text(&e, e.credentials[0], &b.challenge, "challenge-message");
  *digit = was;
  char *choice = strstr(b.challenge.data, "[[0,1]]");
  memcpy(choice, "[[1,0]]", 7);
  refuse_text(&e, e.credentials[0], &b.challenge, "challenge-message");
  memcpy(choice, "[[1,1]]", 7);
  refuse_text(&e, e.credentials[0], &b.challenge, "challenge-choices");
  memcpy(choice, "[[0,2]]", 7);
  refuse_text(&e, e.credentials[0], &b.challenge, "challenge-choices");
  memcpy(choice, "[ 0,1]]", 7);
  refuse_text(&e, e.credentials[0], &b.challenge, "challenge-parse");
  ck_assert_int_eq(stored(&e), 0);
  forget(&stranger);
  forget(&foreign);
  forget(&b);
  world_election_free(&other);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a26_a_cast_message_is_not_published)
{
  world_election e;
  unsigned_ballot b;
  world_cast_result r;
  world_open();
  world_opened(&e, 1, 60);
  prepare(&e, 0, &b);
  cast(&e, 0, &b, 1, &r);
  ck_assert_int_eq(r.status, NEP_OK);
  nep_buf_free(&r.json);
  publish(&e, 0, &b, &r);
  ck_assert_int_eq(r.status, NEP_E_STATE);
  expect(&r, "challenge-cast");
  ck_assert_int_eq(stored(&e), 0);
  forget(&b);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a26_a_published_message_is_not_cast_and_gets_a_signed_refusal)
{
  world_election e;
  unsigned_ballot revealed, good;
  world_cast_result r;
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_refusal refusal;
  nep_error err = {0};
  world_open();
  world_opened(&e, 1, 60);
  prepare(&e, 0, &revealed);
  prepare(&e, 0, &good);
  publish(&e, 0, &revealed, &r);
  ck_assert_int_eq(r.status, NEP_OK);
  nep_buf_free(&r.json);
  for (int64_t i = 1; i <= 2; i++) { /* signed anew each time: other ballots, the same message */
    cast(&e, 0, &revealed, i, &r);
    ck_assert_int_eq(r.status, NEP_E_STATE);
    ck_assert_str_eq(r.err.code, "cast-challenged");
    world_signer_key(key);
    ck_assert_int_eq(nep_refusal_verify(nep_buf_bytes(&r.json), key, &refusal, &err), NEP_OK);
    ck_assert_str_eq(refusal.code, "cast-challenged");
    nep_buf_free(&r.json);
  }
  cast(&e, 0, &good, 1, &r); /* a number that was refused is not used up */
  ck_assert_int_eq(r.status, NEP_OK);
  nep_buf_free(&r.json);
  forget(&good);
  forget(&revealed);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a26_a_message_sent_both_ways_at_once_goes_one_way)
{
  enum { N = 16 };
  world_election e;
  unsigned_ballot b[N];
  nep_buf casts[N] = {0}, challenges[N] = {0};
  static world_cast_result cast_results[N], challenge_results[N];
  nep_error err = {0};
  world_open();
  world_opened(&e, N, 120);
  for (size_t i = 0; i < N; i++) {
    prepare(&e, i, &b[i]);
    cast_body(&e, i, &b[i], 1, &casts[i]);
    request_of(&e, e.credentials[i], &b[i].challenge, &challenges[i]);
  }
  for (size_t i = 0; i < N; i++) {
    ck_assert_int_eq(world_challenge_send(e.uuid, &challenges[i], &challenge_results[i], &err),
                     NEP_OK);
    ck_assert_int_eq(world_cast_send(e.uuid, &casts[i], &cast_results[i], &err), NEP_OK);
  }
  world_cast_wait(cast_results, N);
  world_cast_wait(challenge_results, N);
  for (size_t i = 0; i < N; i++) {
    bool was_cast = cast_results[i].status == NEP_OK;
    ck_assert_int_ne(was_cast, challenge_results[i].status == NEP_OK);
    ck_assert_str_eq(was_cast ? challenge_results[i].err.code : cast_results[i].err.code,
                     was_cast ? "challenge-cast" : "cast-challenged");
    nep_buf_free(&cast_results[i].json);
    nep_buf_free(&challenge_results[i].json);
    nep_buf_free(&casts[i]);
    nep_buf_free(&challenges[i]);
    forget(&b[i]);
  }
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a_credential_has_sixteen_places)
{
  world_election e;
  unsigned_ballot b;
  world_cast_result r;
  world_open();
  world_opened(&e, 2, 120);
  for (int i = 0; i < NEP_CHALLENGES_OF_A_CREDENTIAL; i++) {
    prepare(&e, 0, &b);
    publish(&e, 0, &b, &r);
    ck_assert_int_eq(r.status, NEP_OK);
    nep_buf_free(&r.json);
    if (i + 1 < NEP_CHALLENGES_OF_A_CREDENTIAL)
      forget(&b);
  }
  publish(&e, 0, &b, &r); /* one that is there gets its answer all the same */
  ck_assert_int_eq(r.status, NEP_OK);
  nep_buf_free(&r.json);
  forget(&b);
  prepare(&e, 0, &b);
  publish(&e, 0, &b, &r);
  expect(&r, "challenge-limit");
  forget(&b);
  prepare(&e, 1, &b);
  publish(&e, 1, &b, &r);
  ck_assert_int_eq(r.status, NEP_OK);
  nep_buf_free(&r.json);
  forget(&b);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(challenges_are_published_while_voting_is_open)
{
  world_election e;
  unsigned_ballot early, in_time;
  world_cast_result r;
  world_open();
  world_frozen(&e, 1, 3, 5);
  prepare(&e, 0, &early);
  publish(&e, 0, &early, &r);
  expect(&r, "not-open");
  world_must(NEP_ACT_OPEN, e.uuid, "{}");
  prepare(&e, 0, &in_time);
  publish(&e, 0, &in_time, &r);
  ck_assert_int_eq(r.status, NEP_OK);
  nep_buf_free(&r.json);
  world_wait_until(e.closes); /* not yet closed by an act */
  publish(&e, 0, &early, &r);
  expect(&r, "closed");
  world_must(NEP_ACT_CLOSE, e.uuid, "{}");
  publish(&e, 0, &early, &r);
  expect(&r, "closed");
  publish(&e, 0, &in_time, &r);
  ck_assert_int_eq(r.status, NEP_OK);
  ck_assert(!r.created);
  nep_buf_free(&r.json);
  world_challenge("11111111111111", &in_time.challenge, &r);
  ck_assert_int_eq(r.status, NEP_E_NOT_FOUND);
  nep_buf_free(&r.json);
  forget(&in_time);
  forget(&early);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(a_full_queue_says_so_at_once)
{
  enum { N = 200 };
  world_election e;
  unsigned_ballot b;
  nep_buf body = {0};
  static world_cast_result results[N];
  nep_error err = {0};
  nep_status st = NEP_OK;
  size_t taken = 0;
  world_open();
  world_opened(&e, 1, 60);
  prepare(&e, 0, &b);
  request_of(&e, e.credentials[0], &b.challenge, &body);
  while (st == NEP_OK && taken < N)
    if ((st = world_challenge_send(e.uuid, &body, &results[taken], &err)) == NEP_OK)
      taken++;
  ck_assert_int_eq(st, NEP_E_BUSY);
  ck_assert_str_eq(err.code, "challenge-queue");
  world_cast_wait(results, taken);
  for (size_t i = 0; i < taken; i++) {
    ck_assert_int_eq(results[i].status, NEP_OK);
    nep_buf_free(&results[i].json);
  }
  ck_assert_int_eq(stored(&e), 1);
  nep_buf_free(&body);
  forget(&b);
  world_election_free(&e);
  world_close();
}
END_TEST

/* The pieces from `from` on, as an observer puts them together. */
static void whole_board(const world_election *e, nep_buf *board)
{
  nep_buf piece = {0};
  nep_error err = {0};
  uint64_t from = 1;
  do {
    nep_buf_clear(&piece);
    ck_assert_int_eq(nep_challenges_page(world, e->uuid, from, &piece, &err), NEP_OK);
    for (size_t i = 0; i < piece.len; i++)
      from += piece.data[i] == '\n';
    nep_buf_add(board, piece.data, piece.len);
  } while (piece.len > 0);
  nep_buf_free(&piece);
}

START_TEST(the_board_is_a_file_that_verifies_against_the_archive)
{
  world_election e;
  unsigned_ballot b;
  world_cast_result r;
  nep_buf board = {0}, page = {0};
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_findings f = {0};
  nep_verify_options options = {.jobs = 1};
  char archive[4096], hash[65];
  uint64_t height = UINT64_MAX, size = 0, n = 0;
  world_open();
  world_opened(&e, 2, 60);
  whole_board(&e, &board);
  ck_assert_uint_eq(board.len, 0);
  for (size_t i = 0; i < 3; i++) {
    prepare(&e, i % 2, &b);
    publish(&e, i % 2, &b, &r);
    ck_assert_int_eq(r.status, NEP_OK);
    nep_buf_free(&r.json);
    forget(&b);
  }
  prepare(&e, 0, &b);
  cast(&e, 0, &b, 1, &r);
  nep_buf_free(&r.json);
  forget(&b);
  whole_board(&e, &board);
  char *path = nep_sprintf("%s/board", world_folder());
  ck_assert_int_eq(nep_file_write(path, board.data, board.len, 0600, &err), NEP_OK);
  ck_assert_int_eq(nep_archive_get(world, e.uuid, &height, archive, &size, hash, &err), NEP_OK);
  ck_assert_int_eq(nep_verify_archive(archive, &options, &v, &err), NEP_OK);
  ck_assert_int_eq(nep_board_verify(path, archive, v, &n, &f, &err), NEP_OK);
  ck_assert_uint_eq(f.n_faults, 0);
  ck_assert_uint_eq(n, 3);
  ck_assert_int_eq(nep_challenges_page(world, e.uuid, 3, &page, &err), NEP_OK);
  ck_assert_int_eq(strncmp(page.data, "{\"number\":3,", 12), 0);
  ck_assert_str_eq(page.data, board.data + board.len - page.len);
  ck_assert_int_eq(nep_challenges_page(world, "11111111111111", 1, &page, &err), NEP_E_NOT_FOUND);
  nep_findings_free(&f);
  nep_verified_free(v);
  free(path);
  nep_buf_free(&page);
  nep_buf_free(&board);
  world_election_free(&e);
  world_close();
}
END_TEST

static size_t lines_from(const world_election *e, uint64_t from)
{
  nep_buf piece = {0};
  nep_error err = {0};
  size_t n = 0;
  ck_assert_int_eq(nep_challenges_page(world, e->uuid, from, &piece, &err), NEP_OK);
  for (size_t i = 0; i < piece.len; i++)
    n += piece.data[i] == '\n';
  nep_buf_free(&piece);
  return n;
}

/* However long challenges are, a piece has a mebibyte of them, or one. */
START_TEST(a_piece_of_the_board_is_bounded_by_its_bytes)
{
  world_election e;
  world_open();
  world_registration(&e, 1, 60, 60);
  char *sql = nep_sprintf(
      "SET session_replication_role = replica; INSERT INTO board.challenges (uuid, number, "
      "credential, hash, body, at) SELECT '%s', n, 'c', encode(sha256(b), 'hex'), b, now() FROM "
      "unnest(ARRAY[600000, 400000, 2000000, 100000]) WITH ORDINALITY AS l (bytes, n), "
      "convert_to(repeat('x', bytes) || translate(',~message~:' || n || '}},~proof~:', '~', "
      "chr(34)), 'UTF8') AS b",
      e.uuid);
  ck_assert(world_sql("admin", sql));
  ck_assert_uint_eq(lines_from(&e, 1), 2);
  ck_assert_uint_eq(lines_from(&e, 2), 1);
  ck_assert_uint_eq(lines_from(&e, 3), 1);
  ck_assert_uint_eq(lines_from(&e, 4), 1);
  ck_assert_uint_eq(lines_from(&e, 5), 0);
  free(sql);
  world_election_free(&e);
  world_close();
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service: challenges");
  TCase *tests = tcase_create("challenges");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 90);
  tcase_add_test(tests, a_challenge_is_numbered_and_the_same_one_again_gets_the_first_answer);
  tcase_add_test(tests, a16_a_request_of_another_length_is_refused);
  tcase_add_test(tests, nothing_wrong_is_stored);
  tcase_add_test(tests, a26_a_cast_message_is_not_published);
  tcase_add_test(tests, a26_a_published_message_is_not_cast_and_gets_a_signed_refusal);
  tcase_add_test(tests, a26_a_message_sent_both_ways_at_once_goes_one_way);
  tcase_add_test(tests, a_credential_has_sixteen_places);
  tcase_add_test(tests, challenges_are_published_while_voting_is_open);
  tcase_add_test(tests, a_full_queue_says_so_at_once);
  tcase_add_test(tests, a_piece_of_the_board_is_bounded_by_its_bytes);
  tcase_add_test(tests, the_board_is_a_file_that_verifies_against_the_archive);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
