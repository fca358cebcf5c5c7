/* nep-verify dispute: single cast statements, and ballots refused as older than a stored one (A23).
 */
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/ballot.h"
#include "tests/support/run.h"
#include "tests/unit/tally/casts_fixture.h"

#define EARLY "2026-11-23T06:00:00Z"

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

int main(void)
{
  Suite *s = suite_create("dispute_statements");
  TCase *t = tcase_create("dispute_statements");
  tcase_set_timeout(t, 300);
  tcase_add_unchecked_fixture(t, casts_start, casts_end);
  tcase_add_test(t, two_ballots_of_one_number_are_the_credentials_own_doing);
  tcase_add_test(t, a_statement_that_its_credential_did_not_sign_is_no_evidence);
  tcase_add_test(t, two_voters_may_use_the_same_number);
  tcase_add_test(t, a_credential_that_is_not_registered_says_nothing);
  tcase_add_test(t, a23_a_refusal_without_any_ballot_of_the_credential_is_wrong);
  tcase_add_test(t, a_refusal_of_a_low_number_is_explained_by_the_record);
  tcase_add_test(t, a23_a_refusal_of_a_number_above_all_stored_is_wrong);
  tcase_add_test(t, a_voter_who_shows_another_statement_than_was_refused_accuses_nobody);
  tcase_add_test(t, what_was_refused_with_its_statement_cannot_be_stored_with_it);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
