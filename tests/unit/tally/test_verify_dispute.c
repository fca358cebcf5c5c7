/* nep-verify dispute: honest and dishonest evidence of each kind, and false accusations. Cast
   statements have tests of their own in test_dispute_casts.c and test_dispute_statements.c. */
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "records/challenge.h"
#include "records/choices.h"
#include "records/countersignature.h"
#include "records/tags.h"
#include "tests/support/run.h"
#include "tests/unit/records/trust_fixture.h"
#include "tests/unit/tally/dispute_fixture.h"

#define UNSUPPORTED NEP_TEST_VECTORS "/positive/Ed25519-lists-nh/election.bel"
#define INVALID NEP_TEST_VECTORS "/negative/ballot-signature-wrong.bel"
enum { AT = 3 /* height of the ballot in dispute */ };

START_TEST(honest_evidence_accuses_nobody)
{
  nep_cast_receipt r = receipt_of(AT);
  save_receipt("receipt", server, &r);
  save_head("head", server, n_events - 1, events[n_events - 1].hash);
  save_head("early", server, 5, events[5].hash);
  save_prefix("old.bel", 8);
  char *files =
      nep_sprintf("receipt head early old.bel --published %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 0, "kept");
  ck_assert_ptr_nonnull(strstr(out.data, "\"verdict\":\"nothing-shown\""));
  ck_assert(says("extension"));
  free(files);
}
END_TEST

START_TEST(a_ballot_that_is_not_where_the_receipt_says_shows_a_broken_promise)
{
  char last[65];
  nep_cast_receipt r = receipt_of(AT);
  save_receipt("receipt", server, &r);
  save_branch("other.bel", AT, last);
  expect("receipt other.bel", 0, "archive-unattributed");
  expect("receipt --published other.bel", 1, "receipt-broken");
  save_head("head", server, AT, last);
  expect("receipt other.bel head", 1, "receipt-broken");
  ck_assert_ptr_nonnull(
      strstr(out.data, "\"who\":\"server\",\"files\":[\"receipt\",\"other.bel\"]"));
}
END_TEST

START_TEST(a_ballot_promised_beyond_the_end_of_voting_was_dropped)
{
  char last[65];
  nep_cast_receipt r = receipt_of(AT + 2);
  save_receipt("receipt", server, &r);
  save_branch("other.bel", AT, last);
  save_head("head", server, AT, last);
  expect("receipt head other.bel", 1, "receipt-dropped");
  expect("receipt other.bel", 0, "archive-short");
  save_prefix("short.bel", AT);
  expect("receipt --published short.bel", 0, "archive-short");
}
END_TEST

/* Whoever accuses can write papers and archives too: none of them is the server's. */
START_TEST(a_forged_receipt_is_no_evidence_against_the_server)
{
  char *published = nep_sprintf("forged --published %s", DISPUTE_VECTOR "/election.bel");
  nep_cast_receipt r = receipt_of(AT);
  r.event[7] = r.event[7] == '0' ? '1' : '0';
  save_receipt("forged", stranger, &r);
  expect(published, 0, "not-signed");
  nep_buf m = {0};
  nep_cast_receipt_write(&r, &m);
  save_signed("forged", server, NEP_TAG_HEAD, &m); /* of the server, for another purpose */
  expect(published, 0, "not-signed");
  r = receipt_of(AT);
  save_receipt("forged", server, &r);
  char *arguments = nep_sprintf("--json %s", published);
  ck_assert_int_eq(dispute("", arguments), 0); /* without the server's key */
  ck_assert(says("key-unknown"));
  free(arguments);
  free(published);
}
END_TEST

START_TEST(a_forged_archive_is_no_evidence_against_the_server)
{
  char last[65];
  save_branch("other.bel", AT, last);
  save_head("forged", stranger, AT, last);
  save_head("head", server, n_events - 1, events[n_events - 1].hash);
  char *files = nep_sprintf("forged head other.bel %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 0, "fork-unattributed");
  free(files);
}
END_TEST

START_TEST(two_heads_of_one_height_show_a_fork)
{
  char last[65];
  nep_cast_receipt r = receipt_of(AT);
  save_branch("other.bel", AT, last);
  save_head("a", server, AT, events[AT].hash);
  save_head("b", server, AT, last);
  expect("a b", 1, "two-events");
  save_receipt("c", server, &r);
  expect("b c", 1, "two-events");
  char *same = nep_sprintf("--key %s a c", key); /* one event, named twice */
  ck_assert_int_eq(dispute("LANGUAGE=en", same), 0);
  ck_assert_str_eq(out.data, "Verdict: nothing is shown against anybody.\n");
  free(same);
}
END_TEST

START_TEST(one_place_promised_to_two_ballots_is_shown)
{
  nep_cast_receipt r = receipt_of(AT), other = receipt_of(AT);
  memcpy(other.tracker, receipt_of(AT + 1).tracker, sizeof other.tracker);
  save_receipt("a", server, &r);
  save_receipt("b", server, &other);
  expect("a b", 1, "two-ballots");
  char *files = nep_sprintf("b %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 1, "receipt-false"); /* the event itself names its ballot: no vouching is needed */
  free(files);
}
END_TEST

START_TEST(two_archives_of_the_server_that_part_show_a_fork)
{
  char last[65];
  save_branch("other.bel", AT, last);
  save_head("a", server, AT, last);
  save_head("b", server, n_events - 1, events[n_events - 1].hash);
  char *files = nep_sprintf("a b other.bel %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 1, "fork");
  ck_assert(says("head-broken"));
  free(files);
}
END_TEST

START_TEST(a_damaged_archive_accuses_nobody_and_a_signed_wrong_one_the_server)
{
  nep_buf all = {0};
  ck_assert_int_eq(nep_file_read(DISPUTE_VECTOR "/election.bel", 1 << 24, &all, NULL), NEP_OK);
  char *ballot = memmem(all.data, all.len, "\"response\":\"", 12);
  ck_assert_ptr_nonnull(ballot);
  ballot[12] = ballot[12] == '1' ? '2' : '1';
  save("damaged.bel", all.data, all.len);
  nep_buf_free(&all);
  expect("--published damaged.bel damaged.bel", 0, "archive-damaged");
  char *files = nep_sprintf("--json %s", INVALID);
  ck_assert_int_eq(dispute("", files), 0);
  ck_assert(says("archive-invalid"));
  free(files);
  files = nep_sprintf("--published %s %s", INVALID, INVALID);
  expect(files, 1, "record-invalid");
  free(files);
}
END_TEST

/* 12.7: shuffles are upstream's, this verifier does not support them, and nobody has cheated. */
START_TEST(what_this_verifier_does_not_support_accuses_nobody)
{
  char *files = nep_sprintf("--published %s", UNSUPPORTED);
  expect(files, 0, "archive-unchecked");
  free(files);
}
END_TEST

START_TEST(refusals_are_held_against_what_the_server_signed)
{
  nep_cast_receipt r = receipt_of(AT); /* 07:00 */
  save_receipt("receipt", server, &r);
  nep_cast_receipt other = receipt_of(AT + 1);
  save_refusal("refusal", other.tracker, "closed", "2026-11-23T08:00:00Z", "");
  expect("refusal", 0, "refusal");
  expect("refusal receipt", 0, "refusal");
  save_refusal("refusal", other.tracker, "closed", "2026-11-23T06:00:00Z", "");
  expect("refusal receipt", 1, "refused-in-time");
  save_refusal("refusal", other.tracker, "not-open", "2026-11-23T06:00:00Z", "");
  expect("refusal receipt", 0, "refusal");
  save_refusal("refusal", other.tracker, "not-open", "2026-11-23T08:00:00Z", "");
  expect("refusal receipt", 1, "refused-early");
  save_refusal("refusal", r.tracker, "closed", "2026-11-23T08:00:00Z", "");
  expect("refusal receipt", 1, "refused-kept");
  char *files = nep_sprintf("refusal %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 0, "refusal");
  free(files);
  files = nep_sprintf("refusal --published %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 1, "refused-and-stored");
  free(files);
  save_refusal("refusal", r.tracker, "cast-challenged", "2026-11-23T08:00:00Z", "");
  expect("refusal receipt", 1, "refused-kept");
  files = nep_sprintf("refusal --published %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 1, "refused-and-stored");
  free(files);
  save_refusal("refusal", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cast-challenged",
               "2026-11-23T06:00:00Z", "");
  files = nep_sprintf("refusal receipt --published %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 0, "refusal"); /* a ballot of which nothing else is known */
  free(files);
}
END_TEST

/* ---- the device, and a credential ---- */

/* The device was told the first choices, and encrypted the second. */
static void save_challenge(const char *told, const char *encrypted, char code[44])
{
  const nep_election *e = record->election;
  static const uint8_t seed[NEP_BALLOT_SEED] = {7};
  char credential[NEP_CREDENTIAL_LENGTH + 1], text[NEP_ELEMENT_TEXT_MAX];
  nep_buf message = {0}, file = {0};
  nep_scalar scalar;
  nep_error err = {0};
  nep_choice *choices = nep_choices_new(e);
  private_credential(0, credential);
  ck_assert_int_eq(nep_ballot_credential(e, credential, &scalar, text, NULL), NEP_OK);
  ck_assert_msg(nep_choices_read(e, nep_str_bytes(encrypted), choices, &err) == NEP_OK, "%s",
                err.reason);
  ck_assert_int_eq(nep_ballot_prepare(e, text, choices, seed, &message, NULL), NEP_OK);
  ck_assert_int_eq(nep_choices_read(e, nep_str_bytes(told), choices, NULL), NEP_OK);
  nep_ballot_code(nep_buf_bytes(&message), code);
  nep_ballot_challenge_write(e, text, choices, seed, nep_buf_bytes(&message), &file);
  save("challenge", file.data, file.len);
  nep_buf_free(&file);
  nep_buf_free(&message);
  nep_secret_free(choices);
}

START_TEST(a26_a_device_that_encrypted_something_else_is_shown)
{
  char code[44];
  save_challenge("[[0,0,1,0,1],[0,1]]", "[[0,0,1,0,1],[0,1]]", code);
  char *files = nep_sprintf("challenge --code %s %s", code, DISPUTE_VECTOR "/election.bel");
  expect(files, 0, "challenge-held");
  free(files);
  files = nep_sprintf("challenge %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 0, "challenge-alone"); /* a file alone is nobody's word */
  free(files);
  code[0] = code[0] == 'A' ? 'B' : 'A';
  files = nep_sprintf("challenge --code %s %s", code, DISPUTE_VECTOR "/election.bel");
  expect(files, 1, "challenge-failed");
  free(files);
  save_challenge("[[0,0,1,0,1],[0,1]]", "[[1,1,0,0,0],[0,1]]", code);
  files = nep_sprintf("challenge --code %s %s", code, DISPUTE_VECTOR "/election.bel");
  expect(files, 1, "challenge-failed");
  ck_assert_ptr_nonnull(strstr(out.data, "\"who\":\"device\""));
  free(files);
  save("challenge", "{\"seed\":1,\"choices\":2}", 22);
  files = nep_sprintf("challenge --code %s %s", code, DISPUTE_VECTOR "/election.bel");
  expect(files, 0, "challenge-alone");
  free(files);
}
END_TEST

START_TEST(who_did_not_vote_shows_that_nothing_was_cast)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1], last[65];
  char *files = nep_sprintf("--credential-file mine %s", DISPUTE_VECTOR "/election.bel");
  private_credential(0, credential);
  save("mine", credential, NEP_CREDENTIAL_LENGTH);
  expect(files, 0, "ballots-cast");
  save_prefix("setup.bel", 1);
  expect("--credential-file mine setup.bel", 0, "nothing-cast-copy");
  expect("--credential-file mine --published setup.bel", 0, "nothing-cast-yet");
  ck_assert_ptr_nonnull(strstr(out.data, "\"verdict\":\"nothing-shown\""));
  save_branch("closed.bel", 1, last);
  expect("--credential-file mine closed.bel", 0, "nothing-cast-copy");
  save_head("head", server, 1, last);
  expect("--credential-file mine head closed.bel", 0, "nothing-cast");
  nep_credential_new(credential);
  save("mine", credential, NEP_CREDENTIAL_LENGTH);
  expect(files, 0, "credential-unlisted");
  char *path = in_folder("mine");
  ck_assert_int_eq(chmod(path, 0644), 0); /* a secret that others can read */
  ck_assert_int_eq(dispute("", files), 2);
  free(path);
  free(files);
}
END_TEST

START_TEST(what_was_cast_is_said_so_that_anybody_understands_it)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1], last[65];
  private_credential(0, credential);
  save("mine", credential, NEP_CREDENTIAL_LENGTH);
  save_branch("closed.bel", 1, last);
  const char *nothing = "--credential-file mine --published closed.bel";
  ck_assert_int_eq(dispute("LC_ALL=C.UTF-8 LANGUAGE=en", nothing), 0);
  ck_assert_ptr_nonnull(strstr(out.data, "Nobody voted with this credential."));
  ck_assert_ptr_nonnull(strstr(out.data, "Verdict: nothing is shown against anybody."));
  ck_assert_ptr_null(strstr(out.data, credential));
  ck_assert_int_eq(dispute("LC_ALL=C.UTF-8 LANGUAGE=vi", nothing), 0);
  ck_assert_ptr_nonnull(strstr(out.data, "Không ai bỏ phiếu bằng mã bầu cử này."));
  char *some = nep_sprintf("--credential-file mine %s", DISPUTE_VECTOR "/election.bel");
  ck_assert_int_eq(dispute("LC_ALL=C.UTF-8 LANGUAGE=en", some), 0);
  ck_assert_ptr_nonnull(strstr(out.data, "the server could not have made it"));
  free(some);
}
END_TEST

/* ---- mirrors ---- */

static void save_countersignature(const char *name, const nep_signing_key *k, const char *event)
{
  nep_buf envelope = {0};
  nep_head h = {.height = AT, .size = 4096, .time = "2026-11-23T09:00:00Z"};
  memcpy(h.uuid, record->election->uuid, strlen(record->election->uuid) + 1);
  memcpy(h.event, event, 65);
  nep_countersign(k, &h, &envelope);
  save(name, envelope.data, envelope.len);
  nep_buf_free(&envelope);
}

START_TEST(a_mirror_speaks_for_itself_and_not_for_the_server)
{
  char last[65];
  trust_fixture x;
  nep_cast_receipt r = receipt_of(AT);
  trust_fixture_open(&x, "hdnd-2026", 3600);
  save("trust", x.text.data, x.text.len);
  save_branch("other.bel", AT, last);
  save_receipt("receipt", server, &r);
  save_countersignature("same", x.keys[MIRROR], events[AT].hash);
  save_countersignature("differs", x.keys[MIRROR], last);
  save_countersignature("stranger", x.keys[STRANGER], last);
  char *files = nep_sprintf("--trust trust same receipt %s", DISPUTE_VECTOR "/election.bel");
  expect(files, 0, "mirrored");
  ck_assert_ptr_nonnull(strstr(out.data, "\"verdict\":\"nothing-shown\""));
  free(files);
  expect("--trust trust differs receipt", 0, "mirror-differs");
  expect("--trust trust differs receipt other.bel", 0, "archive-unattributed");
  expect("--trust trust stranger receipt", 0, "not-signed");
  expect("differs receipt", 0, "not-signed"); /* nobody has said who the mirrors are */
  expect("--trust trust same differs", 1, "mirror-two-events");
  ck_assert_ptr_nonnull(strstr(out.data, "\"who\":\"mirror\""));
  trust_fixture_close(&x);
}
END_TEST

/* ---- how it is used ---- */

START_TEST(what_cannot_be_run_is_told_apart_from_what_is_shown)
{
  nep_cast_receipt r = receipt_of(AT);
  save("text", "{\"hello\":1}", 11);
  save_receipt("receipt", server, &r);
  ck_assert_int_eq(dispute("", "text"), 2);
  ck_assert_int_eq(dispute("", "missing"), 2);
  ck_assert_int_eq(dispute("", ""), 2);
  ck_assert_int_eq(dispute("", "--key 12 receipt"), 2);
  ck_assert_int_eq(dispute("", "--trust text receipt"), 2);
  ck_assert_int_eq(dispute("", "--code abc receipt"), 2);
}
END_TEST

START_TEST(it_is_said_in_plain_words_of_two_languages)
{
  char last[65];
  nep_cast_receipt r = receipt_of(AT);
  save_receipt("receipt", server, &r);
  save_branch("other.bel", AT, last);
  char *arguments = nep_sprintf("--key %s receipt --published other.bel", key);
  ck_assert_int_eq(dispute("LC_ALL=C.UTF-8 LANGUAGE=en", arguments), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "The server broke its promise"));
  ck_assert_int_eq(dispute("LC_ALL=C.UTF-8 LANGUAGE=vi", arguments), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "Máy chủ đã không giữ lời hứa"));
  free(arguments);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("verify_dispute");
  TCase *t = tcase_create("verify_dispute");
  tcase_set_timeout(t, 120);
  tcase_add_unchecked_fixture(t, dispute_start, dispute_end);
  tcase_add_test(t, honest_evidence_accuses_nobody);
  tcase_add_test(t, a_ballot_that_is_not_where_the_receipt_says_shows_a_broken_promise);
  tcase_add_test(t, a_ballot_promised_beyond_the_end_of_voting_was_dropped);
  tcase_add_test(t, a_forged_receipt_is_no_evidence_against_the_server);
  tcase_add_test(t, a_forged_archive_is_no_evidence_against_the_server);
  tcase_add_test(t, two_heads_of_one_height_show_a_fork);
  tcase_add_test(t, one_place_promised_to_two_ballots_is_shown);
  tcase_add_test(t, two_archives_of_the_server_that_part_show_a_fork);
  tcase_add_test(t, a_damaged_archive_accuses_nobody_and_a_signed_wrong_one_the_server);
  tcase_add_test(t, what_this_verifier_does_not_support_accuses_nobody);
  tcase_add_test(t, refusals_are_held_against_what_the_server_signed);
  tcase_add_test(t, a26_a_device_that_encrypted_something_else_is_shown);
  tcase_add_test(t, who_did_not_vote_shows_that_nothing_was_cast);
  tcase_add_test(t, what_was_cast_is_said_so_that_anybody_understands_it);
  tcase_add_test(t, a_mirror_speaks_for_itself_and_not_for_the_server);
  tcase_add_test(t, what_cannot_be_run_is_told_apart_from_what_is_shown);
  tcase_add_test(t, it_is_said_in_plain_words_of_two_languages);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
