/* nep-verify dispute: honest and dishonest evidence of each kind, and false accusations. The server
   is a key that we hold here, its record an archive that others made. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "protocol/verify.h"
#include "records/challenge.h"
#include "records/choices.h"
#include "records/countersignature.h"
#include "records/receipt.h"
#include "records/tags.h"
#include "tests/support/run.h"
#include "tests/unit/records/trust_fixture.h"

#define VECTOR NEP_TEST_VECTORS "/positive/Ed25519-revote-weights-two"
#define INVALID NEP_TEST_VECTORS "/negative/ballot-signature-wrong.bel"
enum { EVENTS_MAX = 128, AT = 3 /* height of the ballot in dispute */ };

static char folder[] = "/tmp/nep-dispute.XXXXXX";
static nep_signing_key *server, *stranger;
static char key[NEP_PUBLIC_KEY_HEX + 1];
static nep_event events[EVENTS_MAX];
static uint64_t ends[EVENTS_MAX]; /* of each event in the file */
static size_t n_events, end_ballots;
static nep_verified *record;
static nep_buf out;

static char *in_folder(const char *name)
{
  return nep_sprintf("%s/%s", folder, name);
}

static void save(const char *name, const void *data, size_t len)
{
  char *path = in_folder(name);
  ck_assert_int_eq(nep_file_write(path, data, len, 0600, NULL), NEP_OK);
  free(path);
}

/* The first `n` events of the record. */
static void save_prefix(const char *name, size_t n)
{
  nep_buf all = {0};
  ck_assert_int_eq(nep_file_read(VECTOR "/election.bel", 1 << 24, &all, NULL), NEP_OK);
  ck_assert_uint_le(ends[n - 1], all.len);
  save(name, all.data, ends[n - 1]);
  nep_buf_free(&all);
}

/* Another record: the same first `n` events, then the end of voting. Its last event in *hash. */
static void save_branch(const char *name, size_t n, char hash[65])
{
  nep_archive *a = NULL;
  char *path = in_folder(name);
  save_prefix(name, n);
  ck_assert_int_eq(nep_archive_open(path, &a, NULL), NEP_OK);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_END_BALLOTS, NULL, 0, NULL), NEP_OK);
  memcpy(hash, nep_archive_head(a), 65);
  nep_archive_close(a);
  free(path);
}

static void read_events(void)
{
  nep_archive_reader *r = NULL;
  nep_record each;
  bool end = false;
  ck_assert_int_eq(nep_reader_open(VECTOR "/election.bel", &r, NULL), NEP_OK);
  while (nep_reader_next(r, &each, &end, NULL) == NEP_OK && !end) {
    if (!each.is_event)
      continue;
    ck_assert_uint_lt(n_events, EVENTS_MAX);
    ck_assert_int_eq(nep_event_parse(each.body, &events[n_events], NULL), NEP_OK);
    if (events[n_events].type == NEP_EVENT_END_BALLOTS)
      end_ballots = n_events;
    ends[n_events++] = nep_reader_position(r);
  }
  nep_reader_close(r);
}

static void start(void)
{
  nep_verify_options options = {.jobs = 1};
  ck_assert_ptr_nonnull(mkdtemp(folder));
  server = nep_signing_key_new();
  stranger = nep_signing_key_new();
  nep_signing_key_public(server, key);
  ck_assert_int_eq(nep_verify_archive(VECTOR "/election.bel", &options, &record, NULL), NEP_OK);
  read_events();
}

static void end(void)
{
  char *command = nep_sprintf("rm -rf '%s'", folder);
  ck_assert_int_eq(system(command), 0);
  free(command);
  nep_buf_free(&out);
  nep_verified_free(record);
  nep_signing_key_free(stranger);
  nep_signing_key_free(server);
}

/* ---- papers ---- */

static void save_signed(const char *name, const nep_signing_key *k, const char *tag, nep_buf *m)
{
  nep_buf envelope = {0};
  nep_envelope_make(k, tag, nep_buf_bytes(m), &envelope);
  save(name, envelope.data, envelope.len);
  nep_buf_free(&envelope);
  nep_buf_free(m);
}

static nep_cast_receipt receipt_of(size_t height)
{
  nep_cast_receipt r = {.height = height, .time = "2026-11-23T07:00:00Z"};
  memcpy(r.uuid, record->election->uuid, strlen(record->election->uuid) + 1);
  memcpy(r.election_hash, record->election->phi, 65);
  memcpy(r.event, events[height].hash, 65);
  ck_assert(nep_tracker(events[height].payload, r.tracker));
  return r;
}

static void save_receipt(const char *name, const nep_signing_key *k, const nep_cast_receipt *r)
{
  nep_buf m = {0};
  nep_cast_receipt_write(r, &m);
  save_signed(name, k, NEP_TAG_CAST_RECEIPT, &m);
}

static void save_head(const char *name, const nep_signing_key *k, uint64_t height,
                      const char *event)
{
  nep_buf m = {0};
  nep_head h = {.height = height, .size = 4096, .time = "2026-11-23T09:00:00Z"};
  memcpy(h.uuid, record->election->uuid, strlen(record->election->uuid) + 1);
  memcpy(h.event, event, 65);
  nep_head_write(&h, &m);
  save_signed(name, k, NEP_TAG_HEAD, &m);
}

static void save_refusal(const char *name, const char *tracker, const char *code, const char *time)
{
  nep_buf m = {0};
  nep_refusal_write(record->election->uuid, tracker, code, time, &m);
  save_signed(name, server, NEP_TAG_REFUSAL, &m);
}

/* ---- the command ---- */

/* Exit code of the command run in the folder with these arguments; its output in `out`. */
static int dispute(const char *environment, const char *arguments)
{
  char line[1024];
  const char *build = getenv("NEP_BUILD");
  ck_assert_msg(build != NULL, "NEP_BUILD is not set: run this test through make check");
  char *command = nep_sprintf("cd '%s' && %s '%s/tally/nep-verify' dispute %s 2>&1", folder,
                              environment, build, arguments);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  nep_buf_clear(&out);
  nep_buf_str(&out, "");
  while (fgets(line, sizeof line, pipe))
    nep_buf_str(&out, line);
  int status = pclose(pipe);
  free(command);
  return WEXITSTATUS(status);
}

static bool says(const char *code)
{
  char *member = nep_sprintf("\"code\":\"%s\"", code);
  bool found = strstr(out.data, member) != NULL;
  free(member);
  return found;
}

/* The evidence, and what it shows: exit code, code, verdict. */
static void expect(const char *files, int exit_code, const char *code)
{
  char *arguments = nep_sprintf("--json --key %s %s", key, files);
  int got = dispute("", arguments);
  const char *verdict = exit_code == 1 ? "\"verdict\":\"shown\"" : "\"shown\":[]";
  ck_assert_msg(got == exit_code, "%s: exit code %d: %s", files, got, out.data);
  ck_assert_msg(says(code), "%s: no %s: %s", files, code, out.data);
  ck_assert_msg(strstr(out.data, verdict) != NULL, "%s: %s", files, out.data);
  free(arguments);
}

START_TEST(honest_evidence_accuses_nobody)
{
  nep_cast_receipt r = receipt_of(AT);
  save_receipt("receipt", server, &r);
  save_head("head", server, n_events - 1, events[n_events - 1].hash);
  save_head("early", server, 5, events[5].hash);
  save_prefix("old.bel", 8);
  char *files = nep_sprintf("receipt head early old.bel --published %s", VECTOR "/election.bel");
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
  char *published = nep_sprintf("forged --published %s", VECTOR "/election.bel");
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
  char *files = nep_sprintf("forged head other.bel %s", VECTOR "/election.bel");
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
  char *files = nep_sprintf("b %s", VECTOR "/election.bel");
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
  char *files = nep_sprintf("a b other.bel %s", VECTOR "/election.bel");
  expect(files, 1, "fork");
  ck_assert(says("head-broken"));
  free(files);
}
END_TEST

START_TEST(a_damaged_archive_accuses_nobody_and_a_signed_wrong_one_the_server)
{
  nep_buf all = {0};
  ck_assert_int_eq(nep_file_read(VECTOR "/election.bel", 1 << 24, &all, NULL), NEP_OK);
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

START_TEST(refusals_are_held_against_what_the_server_signed)
{
  nep_cast_receipt r = receipt_of(AT); /* 07:00 */
  save_receipt("receipt", server, &r);
  nep_cast_receipt other = receipt_of(AT + 1);
  save_refusal("refusal", other.tracker, "closed", "2026-11-23T08:00:00Z");
  expect("refusal", 0, "refusal");
  expect("refusal receipt", 0, "refusal");
  save_refusal("refusal", other.tracker, "closed", "2026-11-23T06:00:00Z");
  expect("refusal receipt", 1, "refused-in-time");
  save_refusal("refusal", other.tracker, "not-open", "2026-11-23T06:00:00Z");
  expect("refusal receipt", 0, "refusal");
  save_refusal("refusal", other.tracker, "not-open", "2026-11-23T08:00:00Z");
  expect("refusal receipt", 1, "refused-early");
  save_refusal("refusal", r.tracker, "closed", "2026-11-23T08:00:00Z");
  expect("refusal receipt", 1, "refused-kept");
  char *files = nep_sprintf("refusal %s", VECTOR "/election.bel");
  expect(files, 0, "refusal");
  free(files);
  files = nep_sprintf("refusal --published %s", VECTOR "/election.bel");
  expect(files, 1, "refused-and-stored");
  free(files);
  save_refusal("refusal", r.tracker, "cast-challenged", "2026-11-23T08:00:00Z");
  expect("refusal receipt", 1, "refused-kept");
  files = nep_sprintf("refusal --published %s", VECTOR "/election.bel");
  expect(files, 1, "refused-and-stored");
  free(files);
  save_refusal("refusal", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cast-challenged",
               "2026-11-23T06:00:00Z");
  files = nep_sprintf("refusal receipt --published %s", VECTOR "/election.bel");
  expect(files, 0, "refusal"); /* a ballot of which nothing else is known */
  free(files);
}
END_TEST

/* ---- the device, and a credential ---- */

static void private_credential(size_t i, char credential[NEP_CREDENTIAL_LENGTH + 1])
{
  nep_buf text = {0};
  json_t *json = NULL;
  ck_assert_int_eq(nep_file_read(VECTOR "/secrets/private_creds.json", 1 << 16, &text, NULL),
                   NEP_OK);
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(&text), &json, NULL), NEP_OK);
  void *at = json_object_iter(json);
  while (i-- > 0)
    at = json_object_iter_next(json, at);
  const char *found = json_string_value(json_object_iter_value(at));
  ck_assert_uint_eq(strlen(found), NEP_CREDENTIAL_LENGTH);
  memcpy(credential, found, NEP_CREDENTIAL_LENGTH + 1);
  json_decref(json);
  nep_buf_free(&text);
}

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
  char *files = nep_sprintf("challenge --code %s %s", code, VECTOR "/election.bel");
  expect(files, 0, "challenge-held");
  free(files);
  files = nep_sprintf("challenge %s", VECTOR "/election.bel");
  expect(files, 0, "challenge-alone"); /* a file alone is nobody's word */
  free(files);
  code[0] = code[0] == 'A' ? 'B' : 'A';
  files = nep_sprintf("challenge --code %s %s", code, VECTOR "/election.bel");
  expect(files, 1, "challenge-failed");
  free(files);
  save_challenge("[[0,0,1,0,1],[0,1]]", "[[1,1,0,0,0],[0,1]]", code);
  files = nep_sprintf("challenge --code %s %s", code, VECTOR "/election.bel");
  expect(files, 1, "challenge-failed");
  ck_assert_ptr_nonnull(strstr(out.data, "\"who\":\"device\""));
  free(files);
  save("challenge", "{\"seed\":1,\"choices\":2}", 22);
  files = nep_sprintf("challenge --code %s %s", code, VECTOR "/election.bel");
  expect(files, 0, "challenge-alone");
  free(files);
}
END_TEST

START_TEST(who_did_not_vote_shows_that_nothing_was_cast)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1];
  char *files = nep_sprintf("--credential-file mine %s", VECTOR "/election.bel");
  private_credential(0, credential);
  save("mine", credential, NEP_CREDENTIAL_LENGTH);
  expect(files, 0, "ballots-cast");
  save_prefix("setup.bel", 1);
  expect("--credential-file mine setup.bel", 0, "nothing-cast");
  ck_assert_ptr_nonnull(strstr(out.data, "\"verdict\":\"nothing-shown\""));
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
  char *files = nep_sprintf("--trust trust same receipt %s", VECTOR "/election.bel");
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
  tcase_add_unchecked_fixture(t, start, end);
  tcase_add_test(t, honest_evidence_accuses_nobody);
  tcase_add_test(t, a_ballot_that_is_not_where_the_receipt_says_shows_a_broken_promise);
  tcase_add_test(t, a_ballot_promised_beyond_the_end_of_voting_was_dropped);
  tcase_add_test(t, a_forged_receipt_is_no_evidence_against_the_server);
  tcase_add_test(t, a_forged_archive_is_no_evidence_against_the_server);
  tcase_add_test(t, two_heads_of_one_height_show_a_fork);
  tcase_add_test(t, one_place_promised_to_two_ballots_is_shown);
  tcase_add_test(t, two_archives_of_the_server_that_part_show_a_fork);
  tcase_add_test(t, a_damaged_archive_accuses_nobody_and_a_signed_wrong_one_the_server);
  tcase_add_test(t, refusals_are_held_against_what_the_server_signed);
  tcase_add_test(t, a26_a_device_that_encrypted_something_else_is_shown);
  tcase_add_test(t, who_did_not_vote_shows_that_nothing_was_cast);
  tcase_add_test(t, a_mirror_speaks_for_itself_and_not_for_the_server);
  tcase_add_test(t, what_cannot_be_run_is_told_apart_from_what_is_shown);
  tcase_add_test(t, it_is_said_in_plain_words_of_two_languages);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
