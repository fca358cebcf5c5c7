/* nep-verify dispute: cast statements, casts files and refusals of an order (A23). The voter at
   heights 3 and 10 of the record voted twice; we hold every credential, so we can be any lying
   voter too. */
#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/casts.h"
#include "records/cast_statement.h"
#include "records/choices.h"
#include "records/tags.h"
#include "tests/support/run.h"
#include "tests/unit/tally/dispute_fixture.h"

enum { FIRST = 3, SECOND = 10, OTHER = 4 /* heights */, BALLOTS_MAX = 64 };
#define EARLY "2026-11-23T06:00:00Z"

static nep_buf ballots[BALLOTS_MAX]; /* by height */
static int64_t timestamp;
static char mine[NEP_CREDENTIAL_LENGTH + 1]; /* private, of FIRST and SECOND */

static void read_ballots(void)
{
  nep_archive_reader *r = NULL;
  nep_record each;
  nep_buf data = {0};
  bool end = false;
  size_t height = 0;
  ck_assert_int_eq(nep_reader_open(DISPUTE_VECTOR "/election.bel", &r, NULL), NEP_OK);
  timestamp = nep_reader_timestamp(r);
  while (nep_reader_next(r, &each, &end, NULL) == NEP_OK && !end) {
    if (each.is_event && events[height++].type == NEP_EVENT_BALLOT)
      nep_buf_add(&ballots[height - 1], data.data, data.len);
    nep_buf_clear(&data);
    nep_buf_add(&data, each.body.data, each.body.len);
  }
  nep_buf_free(&data);
  nep_reader_close(r);
}

/* The private credential of the ballot at this height. */
static void credential_of(size_t height, char credential[NEP_CREDENTIAL_LENGTH + 1])
{
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_scalar scalar;
  for (size_t i = 0;; i++) {
    private_credential(i, credential);
    ck_assert_int_eq(nep_ballot_credential(record->election, credential, &scalar, text, NULL),
                     NEP_OK);
    if (strstr(ballots[height].data, text))
      return;
  }
}

static void start(void)
{
  dispute_start();
  read_ballots();
  credential_of(FIRST, mine);
  save_prefix("whole.bel", n_events);
  save("first", ballots[FIRST].data, ballots[FIRST].len);
}

static void end_all(void)
{
  for (size_t i = 0; i < BALLOTS_MAX; i++)
    nep_buf_free(&ballots[i]);
  dispute_end();
}

/* ---- statements ---- */

static nep_buf statement(const char *credential, const char *ballot, int64_t sequence)
{
  nep_cast_statement s = {.sequence = sequence};
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_scalar scalar;
  nep_buf made = {0};
  ck_assert_int_eq(nep_ballot_credential(record->election, credential, &scalar, text, NULL),
                   NEP_OK);
  snprintf(s.uuid, sizeof s.uuid, "%s", record->election->uuid);
  memcpy(s.election_hash, record->election->phi, 65);
  memcpy(s.ballot, ballot, 65);
  nep_cast_statement_make(record->election->group, &scalar, &s, &made);
  return made;
}

static void save_statement(const char *name, const char *credential, const char *ballot,
                           int64_t sequence)
{
  nep_buf s = statement(credential, ballot, sequence);
  save(name, s.data, s.len);
  nep_buf_free(&s);
}

/* Another ballot of the voter, which is not in the record; its hash. */
static void save_new_ballot(const char *name, char hash[65])
{
  static const uint8_t seed[NEP_BALLOT_SEED] = {9};
  const nep_election *e = record->election;
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_scalar scalar;
  nep_buf message = {0}, ballot = {0};
  nep_choice *choices = nep_choices_new(e);
  ck_assert_int_eq(nep_ballot_credential(e, mine, &scalar, text, NULL), NEP_OK);
  ck_assert_int_eq(nep_choices_read(e, nep_str_bytes("[[0,0,1,0,1],[0,1]]"), choices, NULL),
                   NEP_OK);
  ck_assert_int_eq(nep_ballot_prepare(e, text, choices, seed, &message, NULL), NEP_OK);
  ck_assert_int_eq(nep_ballot_sign(e, mine, nep_buf_bytes(&message), &ballot, NULL), NEP_OK);
  nep_sha256_hex(ballot.data, ballot.len, hash);
  save(name, ballot.data, ballot.len);
  nep_buf_free(&ballot);
  nep_buf_free(&message);
  nep_secret_free(choices);
}

/* ---- casts files ---- */

typedef struct casts {
  int64_t first, second; /* numbers of the voter's two ballots */
  size_t n;              /* statements */
  int64_t timestamp;
  bool wrong_ballot, wrong_key; /* of the statement at OTHER */
} casts;

static casts honest(void)
{
  return (casts){1, 2, end_ballots - 1, timestamp, false, false};
}

static nep_buf nth_statement(const casts *c, size_t height)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1];
  size_t of = height < end_ballots ? height : FIRST;
  credential_of(of, credential);
  int64_t sequence = height == FIRST ? c->first : height == SECOND ? c->second : 1;
  if (height == OTHER && c->wrong_key)
    memcpy(credential, mine, sizeof mine);
  return statement(credential, events[height == OTHER && c->wrong_ballot ? FIRST : of].payload,
                   sequence);
}

static void save_casts(const char *name, const casts *c)
{
  nep_buf file = {0};
  char head[65] = "";
  nep_casts_start(&file, c->timestamp, record->election->uuid);
  for (size_t i = 0; i < c->n; i++) {
    nep_buf s = nth_statement(c, i + 1), event = {0};
    char hash[65];
    nep_archive_data(&file, c->timestamp, nep_buf_bytes(&s), hash);
    nep_casts_event(i == 0 ? NULL : head, i, hash, &event, head);
    nep_archive_event(&file, c->timestamp, nep_buf_bytes(&event), NULL);
    nep_buf_free(&event);
    nep_buf_free(&s);
  }
  save(name, file.data, file.len);
  nep_buf_free(&file);
}

static void save_honest_casts(void)
{
  casts c = honest();
  save_casts("casts", &c);
}

/* Passes over n records of the casts file "casts": the last of them, and where it ends. */
static nep_buf record_of_casts(size_t n, uint64_t *position)
{
  nep_archive_reader *r = NULL;
  nep_record each;
  nep_buf body = {0};
  bool end = false;
  char *path = in_folder("casts");
  ck_assert_int_eq(nep_casts_reader_open(path, record->election->uuid, &r, NULL), NEP_OK);
  for (size_t i = 0; i < n; i++)
    ck_assert_int_eq(nep_reader_next(r, &each, &end, NULL), NEP_OK);
  nep_buf_add(&body, each.body.data, each.body.len);
  *position = nep_reader_position(r);
  nep_reader_close(r);
  free(path);
  return body;
}

/* The statement that the file has for this ballot; one made again has another signature. */
static void save_stored(const char *name, size_t height)
{
  uint64_t position;
  nep_buf stored = record_of_casts(2 * height - 1, &position);
  save(name, stored.data, stored.len);
  nep_buf_free(&stored);
}

/* The first n statements of the file. */
static void save_shorter(const char *name, size_t n)
{
  uint64_t position;
  nep_buf all = {0}, last = record_of_casts(2 * n, &position);
  char *path = in_folder("casts");
  ck_assert_int_eq(nep_file_read(path, 1 << 24, &all, NULL), NEP_OK);
  save(name, all.data, position);
  nep_buf_free(&last);
  nep_buf_free(&all);
  free(path);
}

static void expect_who(const char *files, int exit_code, const char *code, const char *who)
{
  char *member = nep_sprintf("\"code\":\"%s\",\"who\":\"%s\"", code, who);
  expect(files, exit_code, code);
  ck_assert_msg(strstr(out.data, member) != NULL, "%s: %s", files, out.data);
  free(member);
}

#define BOTH "--published casts --published whole.bel"

/* ---- the record ---- */

START_TEST(honest_statements_accuse_nobody)
{
  save_honest_casts();
  save_stored("s1", FIRST);
  save_stored("s2", SECOND);
  expect("s1 s2 " BOTH, 0, "casts-held");
  ck_assert(says("statement-kept"));
  ck_assert_ptr_nonnull(strstr(out.data, "\"verdict\":\"nothing-shown\""));
}
END_TEST

START_TEST(a23_an_older_ballot_after_a_newer_one_is_shown_against_the_server)
{
  casts c = honest();
  c.first = 2;
  c.second = 1;
  save_casts("casts", &c);
  expect("casts whole.bel", 0, "casts-unattributed");
  expect("casts --published whole.bel", 0, "casts-unattributed");
  expect_who("--published casts whole.bel", 1, "casts-order", "server");
  c.first = c.second = 2;
  save_casts("casts", &c);
  expect_who("--published casts whole.bel", 1, "casts-order", "server");
}
END_TEST

/* Whoever holds the credential can sign any statement afterwards. */
START_TEST(a_voter_who_signs_another_order_afterwards_accuses_nobody)
{
  save_honest_casts();
  save_statement("s1", mine, events[FIRST].payload, 7);
  save_statement("s2", mine, events[SECOND].payload, 2);
  expect("s1 s2 --published whole.bel", 0, "order-own-word");
  expect("s1 s2 " BOTH, 0, "casts-held");
  ck_assert(says("two-statements"));
  ck_assert(!says("order-own-word"));
}
END_TEST

START_TEST(statements_that_do_not_fit_the_record_are_the_servers_when_both_are)
{
  casts c = honest();
  c.wrong_ballot = true;
  save_casts("casts", &c);
  expect("casts --published whole.bel", 0, "casts-unattributed");
  expect("--published casts whole.bel", 0, "casts-unattributed");
  expect_who(BOTH, 1, "casts-contradict", "server");
  save_head("head", server, n_events - 1, events[n_events - 1].hash);
  expect_who("head --published casts whole.bel", 1, "casts-contradict", "server");
  c.wrong_ballot = false;
  c.wrong_key = true;
  save_casts("casts", &c);
  expect_who(BOTH, 1, "casts-contradict", "server");
  c = honest();
  c.timestamp++; /* which no hash covers: anybody could have changed it */
  save_casts("casts", &c);
  expect(BOTH, 0, "casts-unattributed");
}
END_TEST

START_TEST(a_file_that_may_only_be_older_accuses_nobody)
{
  casts c = honest();
  c.n--;
  save_casts("casts", &c);
  expect(BOTH, 0, "casts-short");
  save_honest_casts();
  save_prefix("old.bel", 8);
  expect("--published casts --published old.bel", 0, "archive-short");
  c.n += 2;
  save_casts("casts", &c);
  expect("--published casts whole.bel", 0, "archive-short");
  expect("casts --published whole.bel", 0, "archive-short");
  expect_who(BOTH, 1, "casts-extra", "server");
}
END_TEST

START_TEST(a_damaged_casts_file_accuses_nobody)
{
  nep_buf all = {0};
  char *path = in_folder("casts");
  save_honest_casts();
  ck_assert_int_eq(nep_file_read(path, 1 << 24, &all, NULL), NEP_OK);
  char *number = memmem(all.data, all.len, "\"sequence\":1", 12);
  ck_assert_ptr_nonnull(number);
  number[11] = '3';
  save("casts", all.data, all.len);
  expect(BOTH, 0, "casts-damaged");
  number[11] = '1';
  save("casts", all.data, all.len - 1024);
  expect(BOTH, 0, "casts-damaged");
  memcpy(memmem(all.data, 1024, "\"uuid\"", 6), "\"uuix\"", 6);
  save("casts", all.data, all.len);
  expect(BOTH, 0, "casts-damaged");
  save_honest_casts();
  expect("--published casts", 0, "casts-alone");
  nep_buf_free(&all);
  free(path);
}
END_TEST

START_TEST(two_lists_of_statements_are_shown_when_both_are_the_servers)
{
  casts c = honest();
  save_casts("a", &c);
  c.second = 9;
  save_casts("b", &c);
  expect("--published a b", 0, "casts-fork-unattributed");
  expect_who("--published a --published b", 1, "casts-fork", "server");
  save_honest_casts();
  save_shorter("b", 5); /* part of the other */
  expect("--published casts --published b --published whole.bel", 0, "casts-held");
  ck_assert(says("casts-short"));
}
END_TEST

/* ---- single statements ---- */

START_TEST(two_ballots_of_one_number_are_the_credentials_own_doing)
{
  char hash[65];
  save_honest_casts();
  save_new_ballot("new", hash);
  save_statement("s1", mine, events[FIRST].payload, 1);
  save_statement("s2", mine, hash, 1);
  expect("s1 s2 whole.bel", 0, "statement-without-ballot");
  ck_assert(!says("same-number"));
  expect_who("s1 s2 new whole.bel", 0, "same-number", "credential");
  ck_assert_ptr_nonnull(strstr(out.data, "\"verdict\":\"undecided\""));
  ck_assert(says("ballot-unrecorded"));
  expect_who("s2 new " BOTH, 0, "same-number", "credential"); /* against the server's own file */
  save_statement("s2", mine, events[FIRST].payload, 3);
  expect_who("s1 s2 whole.bel", 0, "two-statements", "credential");
}
END_TEST

START_TEST(a_statement_that_its_credential_did_not_sign_is_no_evidence)
{
  char other[NEP_CREDENTIAL_LENGTH + 1];
  credential_of(OTHER, other);
  save_statement("s1", mine, events[FIRST].payload, 1);
  save_statement("s2", other, events[SECOND].payload, 1); /* somebody else's key */
  expect("s1 s2 whole.bel", 0, "statement-unsigned");
  ck_assert(!says("same-number"));
  expect("s1", 0, "statement-alone");
  save("s1", "{\"message\":{\"ballot\":1,\"sequence\":2},\"signature\":{}}", 53);
  expect("s1 whole.bel", 0, "statement-alone");
}
END_TEST

START_TEST(two_voters_may_use_the_same_number)
{
  char other[NEP_CREDENTIAL_LENGTH + 1];
  credential_of(OTHER, other);
  save_statement("s1", mine, events[FIRST].payload, 1);
  save_statement("s2", other, events[OTHER].payload, 1);
  ck_assert_int_eq(dispute("", "--json s1 s2 whole.bel"), 0);
  ck_assert_msg(strstr(out.data, "\"undecided\":[]") != NULL, "%s", out.data);
}
END_TEST

/* Anybody can make keys, and ballots and statements with them. */
START_TEST(a_credential_that_is_not_registered_says_nothing)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1], text[NEP_ELEMENT_TEXT_MAX], hash[65];
  nep_scalar scalar;
  nep_credential_new(credential);
  ck_assert_int_eq(nep_ballot_credential(record->election, credential, &scalar, text, NULL),
                   NEP_OK);
  char *ballot =
      nep_sprintf("{\"message\":{\"credential\":\"%s\",\"answers\":[]},\"signature\":{}}", text);
  nep_sha256_hex(ballot, strlen(ballot), hash);
  save("made-up", ballot, strlen(ballot));
  save_statement("s1", credential, hash, 1);
  expect("s1 made-up whole.bel", 0, "statement-unsigned");
  ck_assert_ptr_nonnull(strstr(out.data, "is not registered in this election"));
  free(ballot);
}
END_TEST

/* ---- a ballot refused as older ---- */

static void tracker_of(const char *hash, char tracker[44])
{
  ck_assert(nep_tracker(hash, tracker));
}

static void refuse_order(const char *ballot, const char *statement_file)
{
  char tracker[44], hash[65] = "";
  nep_buf text = {0};
  char *path = statement_file ? in_folder(statement_file) : NULL;
  if (path) {
    ck_assert_int_eq(nep_file_read(path, 1 << 16, &text, NULL), NEP_OK);
    nep_sha256_hex(text.data, text.len, hash);
  }
  tracker_of(ballot, tracker);
  save_refusal("refusal", tracker, "cast-order", EARLY, hash);
  nep_buf_free(&text);
  free(path);
}

START_TEST(a23_a_refusal_without_any_ballot_of_the_credential_is_wrong)
{
  char last[65];
  save_branch("closed.bel", FIRST, last); /* ends before the voter's ballots */
  save_head("head", server, FIRST, last);
  refuse_order(events[FIRST].payload, NULL);
  expect("refusal closed.bel head", 0, "refusal");  /* whose ballot is it? */
  expect("refusal first closed.bel", 0, "refusal"); /* whose archive is it? */
  save_prefix("open.bel", FIRST);
  expect("refusal first --published open.bel", 0, "refusal"); /* is it all? */
  expect_who("refusal first closed.bel head", 1, "refused-order", "server");
  expect_who("refusal first --published closed.bel", 1, "refused-order", "server");
  char *files = nep_sprintf("refusal first --published closed.bel --key %064d", 0);
  ck_assert_int_eq(dispute("", files), 0); /* signed by somebody else */
  free(files);
}
END_TEST

START_TEST(a_refusal_of_a_low_number_is_explained_by_the_record)
{
  char hash[65];
  save_honest_casts();
  save_new_ballot("new", hash);
  save_statement("low", mine, hash, 2);
  refuse_order(hash, "low");
  expect("refusal new low " BOTH, 0, "refusal-explained");
  expect("refusal new low casts --published whole.bel", 0, "refusal");
  expect("refusal new " BOTH, 0, "refusal");
  refuse_order(hash, NULL); /* by an older server: nobody can tell which number it was */
  expect("refusal new low " BOTH, 0, "refusal");
}
END_TEST

START_TEST(a23_a_refusal_of_a_number_above_all_stored_is_wrong)
{
  char hash[65];
  save_honest_casts();
  save_new_ballot("new", hash);
  save_statement("high", mine, hash, 3);
  refuse_order(hash, "high");
  expect_who("refusal new high " BOTH, 1, "refused-order", "server");
  save_head("head", server, n_events - 1, events[n_events - 1].hash);
  expect_who("refusal new high --published casts whole.bel head", 1, "refused-order", "server");
  expect("refusal new high --published casts whole.bel", 0, "refusal");
  expect("refusal high " BOTH, 0, "refusal");
}
END_TEST

/* The voter sent a low number, was refused, and shows a high one. */
START_TEST(a_voter_who_shows_another_statement_than_was_refused_accuses_nobody)
{
  char hash[65];
  save_honest_casts();
  save_new_ballot("new", hash);
  save_statement("low", mine, hash, 1);
  save_statement("high", mine, hash, 3);
  refuse_order(hash, "low");
  expect("refusal new high " BOTH, 0, "refusal");
  expect("refusal new high low " BOTH, 0, "refusal-explained");
  ck_assert(says("two-statements"));
}
END_TEST

START_TEST(what_was_refused_with_its_statement_cannot_be_stored_with_it)
{
  save_honest_casts();
  save_statement("s2", mine, events[SECOND].payload, 2);
  save_stored("stored", SECOND);
  refuse_order(events[SECOND].payload, "stored");
  expect("refusal casts --published whole.bel", 0, "refusal");
  expect_who("refusal " BOTH, 1, "refused-and-stored", "server");
  refuse_order(events[SECOND].payload, "s2");
  expect("refusal s2 " BOTH, 0, "refusal-explained");
}
END_TEST

START_TEST(it_is_said_in_plain_words_of_two_languages)
{
  casts c = honest();
  c.first = 3;
  save_casts("casts", &c);
  ck_assert_int_eq(dispute("LC_ALL=C.UTF-8 LANGUAGE=en", "--published casts whole.bel"), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "put an older ballot of a voter after a newer one"));
  ck_assert_int_eq(dispute("LC_ALL=C.UTF-8 LANGUAGE=vi", "--published casts whole.bel"), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "đặt một lá phiếu cũ của cử tri sau lá phiếu mới hơn"));
}
END_TEST

int main(void)
{
  Suite *s = suite_create("dispute_statements");
  TCase *t = tcase_create("dispute_statements");
  tcase_set_timeout(t, 300);
  tcase_add_unchecked_fixture(t, start, end_all);
  tcase_add_test(t, honest_statements_accuse_nobody);
  tcase_add_test(t, a23_an_older_ballot_after_a_newer_one_is_shown_against_the_server);
  tcase_add_test(t, a_voter_who_signs_another_order_afterwards_accuses_nobody);
  tcase_add_test(t, statements_that_do_not_fit_the_record_are_the_servers_when_both_are);
  tcase_add_test(t, a_file_that_may_only_be_older_accuses_nobody);
  tcase_add_test(t, a_damaged_casts_file_accuses_nobody);
  tcase_add_test(t, two_lists_of_statements_are_shown_when_both_are_the_servers);
  tcase_add_test(t, two_ballots_of_one_number_are_the_credentials_own_doing);
  tcase_add_test(t, a_statement_that_its_credential_did_not_sign_is_no_evidence);
  tcase_add_test(t, two_voters_may_use_the_same_number);
  tcase_add_test(t, a_credential_that_is_not_registered_says_nothing);
  tcase_add_test(t, a23_a_refusal_without_any_ballot_of_the_credential_is_wrong);
  tcase_add_test(t, a_refusal_of_a_low_number_is_explained_by_the_record);
  tcase_add_test(t, a23_a_refusal_of_a_number_above_all_stored_is_wrong);
  tcase_add_test(t, a_voter_who_shows_another_statement_than_was_refused_accuses_nobody);
  tcase_add_test(t, what_was_refused_with_its_statement_cannot_be_stored_with_it);
  tcase_add_test(t, it_is_said_in_plain_words_of_two_languages);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
