/* nep-verify challenges: boards that we make here, honest and not, against an archive that others
   made (A26). */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "protocol/verify.h"
#include "records/challenge_board.h"
#include "records/choices.h"
#include "tests/support/run.h"

#define VECTOR NEP_TEST_VECTORS "/positive/Ed25519-revote-weights-two"
#define TOLD "[[0,0,1,0,1],[0,1]]"

static char folder[] = "/tmp/nep-board.XXXXXX";
static nep_verified *record;
static nep_buf out;

static void start(void)
{
  nep_verify_options options = {.jobs = 1};
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(nep_verify_archive(VECTOR "/election.bel", &options, &record, NULL), NEP_OK);
}

static void end(void)
{
  char *command = nep_sprintf("rm -rf '%s'", folder);
  ck_assert_int_eq(system(command), 0);
  free(command);
  nep_buf_free(&out);
  nep_verified_free(record);
}

static char *in_folder(const char *name)
{
  return nep_sprintf("%s/%s", folder, name);
}

/* The i-th private credential of the vector. */
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

/* What is published of a ballot of this credential, made from a seed of this byte. */
static void publish(const char *credential, const char *choice, uint8_t byte, nep_buf *body)
{
  const nep_election *e = record->election;
  const uint8_t seed[NEP_BALLOT_SEED] = {byte};
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_buf message = {0}, challenge = {0};
  nep_choice *choices = nep_choices_new(e);
  nep_scalar key;
  ck_assert_int_eq(nep_ballot_credential(e, credential, &key, public, NULL), NEP_OK);
  ck_assert_int_eq(nep_choices_read(e, nep_str_bytes(choice), choices, NULL), NEP_OK);
  ck_assert_int_eq(nep_ballot_prepare(e, public, choices, seed, &message, NULL), NEP_OK);
  nep_ballot_challenge_write(e, public, choices, seed, nep_buf_bytes(&message), &challenge);
  nep_published_make(e, &key, nep_buf_bytes(&challenge), body);
  nep_buf_free(&challenge);
  nep_buf_free(&message);
  nep_secret_free(choices);
}

static void add_line(nep_buf *board, size_t credential, uint8_t byte, int64_t number)
{
  char private[NEP_CREDENTIAL_LENGTH + 1];
  nep_buf body = {0};
  private_credential(credential, private);
  publish(private, TOLD, byte, &body);
  nep_board_line_write(number, "2026-11-23T07:00:00Z", nep_buf_bytes(&body), board);
  nep_buf_free(&body);
}

/* ---- the command ---- */

static int run(const nep_buf *board, const char *archive)
{
  char line[4096];
  char *path = in_folder("board");
  const char *build = getenv("NEP_BUILD");
  ck_assert_msg(build != NULL, "NEP_BUILD is not set: run this test through make check");
  ck_assert_int_eq(nep_file_write(path, board->len ? board->data : "", board->len, 0600, NULL),
                   NEP_OK);
  char *command =
      nep_sprintf("'%s/tally/nep-verify' challenges --json '%s' '%s' 2>&1", build, path, archive);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  nep_buf_clear(&out);
  nep_buf_str(&out, "");
  while (fgets(line, sizeof line, pipe))
    nep_buf_str(&out, line);
  int status = pclose(pipe);
  free(command);
  free(path);
  return WEXITSTATUS(status);
}

/* The board is refused for this alone. */
static void refused(const nep_buf *board, const char *code)
{
  char *wanted = nep_sprintf("\"codes\":[\"%s\"]", code);
  int status = run(board, VECTOR "/election.bel");
  ck_assert_msg(status == 1 && strstr(out.data, wanted) != NULL, "%s: exit code %d: %s", code,
                status, out.data);
  free(wanted);
}

START_TEST(an_honest_board_is_valid_and_its_checks_are_counted)
{
  nep_buf board = {0};
  for (uint8_t i = 0; i < 3; i++)
    add_line(&board, i / 2, (uint8_t)(i + 1), i + 1);
  ck_assert_msg(run(&board, VECTOR "/election.bel") == 0, "%s", out.data);
  char *ballots = nep_sprintf("\"ballots that no challenge revealed\":%llu",
                              (unsigned long long)record->ballots);
  ck_assert_ptr_nonnull(strstr(out.data, "\"verdict\":\"valid\""));
  ck_assert_ptr_nonnull(strstr(out.data, "\"message recomputed\":3"));
  ck_assert_ptr_nonnull(strstr(out.data, ballots));
  free(ballots);
  nep_buf_clear(&board);
  ck_assert_int_eq(run(&board, VECTOR "/election.bel"), 0); /* nobody published one */
  ck_assert_ptr_null(strstr(out.data, "\"message recomputed\""));
  nep_buf_free(&board);
}
END_TEST

/* The digit behind `after` in the board's first line. */
static char *digit(nep_buf *board, const char *after)
{
  char *at = strstr(board->data, after);
  ck_assert_ptr_nonnull(at);
  return at + strlen(after);
}

START_TEST(an_altered_line_is_named_with_its_fault)
{
  static const char *const places[][2] = {
      {"\"seed\":\"", "challenge-proof"}, /* the proof covers every byte of the challenge */
      {"\"proof\":{\"challenge\":\"", "challenge-proof"},
      {"\"choices\":[[", "challenge-proof"},
      {"\"number\":", "board-order"},
      {"\"time\":\"", "board-line"},
      {"\"version\":", "challenge-parse"},
  };
  nep_buf board = {0};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    nep_buf_clear(&board);
    add_line(&board, 0, 1, 1);
    char *at = digit(&board, places[i][0]);
    *at = i == 4 ? 'x' : *at == '1' ? '2' : '1';
    if (i == 3)
      *at = '2';
    refused(&board, places[i][1]);
    ck_assert_ptr_null(strstr(out.data, "\"valid\""));
  }
  nep_buf_free(&board);
}
END_TEST

START_TEST(a_device_that_lied_is_not_shown_as_honest)
{
  nep_buf body = {0}, board = {0}, challenge = {0};
  char private[NEP_CREDENTIAL_LENGTH + 1], public[NEP_ELEMENT_TEXT_MAX];
  nep_scalar key;
  private_credential(0, private);
  ck_assert_int_eq(nep_ballot_credential(record->election, private, &key, public, NULL), NEP_OK);
  publish(private, TOLD, 1, &body);
  const char *from = body.data + strlen("{\"challenge\":");
  nep_buf_add(&challenge, from, (size_t)(strstr(body.data, ",\"proof\":") - from));
  memcpy(strstr(challenge.data, TOLD), "[[1,1,0,0,0],[0,1]]", strlen(TOLD));
  nep_buf_clear(&body);
  nep_published_make(record->election, &key, nep_buf_bytes(&challenge), &body);
  nep_board_line_write(1, "2026-11-23T07:00:00Z", nep_buf_bytes(&body), &board);
  refused(&board, "challenge-message");
  nep_buf_free(&challenge);
  nep_buf_free(&board);
  nep_buf_free(&body);
}
END_TEST

START_TEST(a_message_twice_a_gap_and_too_many_of_a_credential_are_named)
{
  nep_buf board = {0};
  add_line(&board, 0, 1, 1);
  add_line(&board, 0, 1, 2);
  refused(&board, "board-twice");
  nep_buf_clear(&board);
  add_line(&board, 0, 1, 1);
  add_line(&board, 0, 2, 3);
  refused(&board, "board-order");
  nep_buf_clear(&board);
  for (uint8_t i = 1; i <= NEP_CHALLENGES_OF_A_CREDENTIAL; i++)
    add_line(&board, 0, i, i);
  ck_assert_int_eq(run(&board, VECTOR "/election.bel"), 0);
  add_line(&board, 0, NEP_CHALLENGES_OF_A_CREDENTIAL + 1, NEP_CHALLENGES_OF_A_CREDENTIAL + 1);
  refused(&board, "board-limit");
  nep_buf_free(&board);
}
END_TEST

START_TEST(a_board_cut_short_or_with_other_lines_is_refused)
{
  nep_buf board = {0};
  add_line(&board, 0, 1, 1);
  board.len--; /* without its newline */
  ck_assert_int_eq(run(&board, VECTOR "/election.bel"), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "cut short"));
  nep_buf_clear(&board);
  nep_buf_str(&board, "\n");
  refused(&board, "board-line");
  nep_buf_clear(&board);
  nep_buf_str(&board, "{\"number\":1,\"time\":\"2026-11-23T07:00:00Z\"}\n");
  refused(&board, "board-line");
  nep_buf_free(&board);
}
END_TEST

START_TEST(a_credential_that_is_not_on_the_list_is_named)
{
  nep_buf board = {0}, body = {0};
  char stranger[NEP_CREDENTIAL_LENGTH + 1];
  nep_credential_new(stranger);
  publish(stranger, TOLD, 1, &body);
  nep_board_line_write(1, "2026-11-23T07:00:00Z", nep_buf_bytes(&body), &board);
  refused(&board, "challenge-credential");
  nep_buf_free(&body);
  nep_buf_free(&board);
}
END_TEST

/* The record up to the end of its ballots, and one more ballot. */
static char *archive_with(const nep_buf *ballot)
{
  nep_archive_reader *r = NULL;
  nep_record each;
  nep_event event;
  bool end = false;
  uint64_t size = 0;
  nep_buf all = {0};
  nep_archive *a = NULL;
  char *path = in_folder("cast.bel");
  ck_assert_int_eq(nep_reader_open(VECTOR "/election.bel", &r, NULL), NEP_OK);
  while (nep_reader_next(r, &each, &end, NULL) == NEP_OK && !end) {
    if (!each.is_event)
      continue;
    ck_assert_int_eq(nep_event_parse(each.body, &event, NULL), NEP_OK);
    if (event.type == NEP_EVENT_SETUP || event.type == NEP_EVENT_BALLOT)
      size = nep_reader_position(r);
  }
  nep_reader_close(r);
  ck_assert_int_eq(nep_file_read(VECTOR "/election.bel", 1 << 24, &all, NULL), NEP_OK);
  ck_assert_int_eq(nep_file_write(path, all.data, size, 0600, NULL), NEP_OK);
  ck_assert_int_eq(nep_archive_open(path, &a, NULL), NEP_OK);
  nep_bytes data = nep_buf_bytes(ballot);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_BALLOT, &data, 1, NULL), NEP_OK);
  nep_archive_close(a);
  nep_buf_free(&all);
  return path;
}

/* That archive with a ballot whose message add_line reveals with the seed 9. */
static char *archive_with_revealed(void)
{
  const nep_election *e = record->election;
  const uint8_t seed[NEP_BALLOT_SEED] = {9};
  char private[NEP_CREDENTIAL_LENGTH + 1], public[NEP_ELEMENT_TEXT_MAX];
  nep_buf message = {0}, ballot = {0};
  nep_choice *choices = nep_choices_new(e);
  nep_scalar key;
  private_credential(0, private);
  ck_assert_int_eq(nep_ballot_credential(e, private, &key, public, NULL), NEP_OK);
  ck_assert_int_eq(nep_choices_read(e, nep_str_bytes(TOLD), choices, NULL), NEP_OK);
  ck_assert_int_eq(nep_ballot_prepare(e, public, choices, seed, &message, NULL), NEP_OK);
  ck_assert_int_eq(nep_ballot_sign(e, private, nep_buf_bytes(&message), &ballot, NULL), NEP_OK);
  char *archive = archive_with(&ballot);
  nep_secret_free(choices);
  nep_buf_free(&ballot);
  nep_buf_free(&message);
  return archive;
}

START_TEST(a26_a_revealed_ballot_that_was_cast_is_named)
{
  nep_buf board = {0};
  char *archive = archive_with_revealed();
  add_line(&board, 0, 8, 1);
  ck_assert_msg(run(&board, archive) == 0, "%s", out.data); /* another message: nothing wrong */
  nep_buf_clear(&board);
  add_line(&board, 0, 9, 1);
  ck_assert_int_eq(run(&board, archive), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "\"codes\":[\"board-counted\"]"));
  ck_assert_int_eq(run(&board, VECTOR "/election.bel"), 0); /* where it was not cast */
  free(archive);
  nep_buf_free(&board);
}
END_TEST

/* The outcome for a board that reveals a ballot of `verified`, when `read` lies at the path by
 * then. */
static nep_status second_look(const char *verified, const char *read, nep_findings *f,
                              nep_error *err)
{
  nep_verify_options options = {.jobs = 1};
  nep_verified *v = NULL;
  nep_buf board = {0};
  uint64_t n = 0;
  char *path = in_folder("board");
  add_line(&board, 0, 9, 1);
  ck_assert_int_eq(nep_file_write(path, board.data, board.len, 0600, NULL), NEP_OK);
  ck_assert_int_eq(nep_verify_archive(verified, &options, &v, NULL), NEP_OK);
  ck_assert(nep_verified_is_valid(v));
  nep_status status = nep_board_verify(path, read, v, &n, f, err);
  nep_verified_free(v);
  nep_buf_free(&board);
  free(path);
  return status;
}

START_TEST(a26_an_archive_that_hides_a_revealed_ballot_since_it_was_verified_is_refused)
{
  nep_findings f = {0};
  nep_error err = {0};
  char *archive = archive_with_revealed();
  ck_assert_int_eq(second_look(archive, VECTOR "/election.bel", &f, &err), NEP_OK);
  ck_assert_uint_eq(f.n_faults, 1);
  ck_assert_str_eq(f.faults[0].code, "board-archive");
  nep_findings_free(&f);
  free(archive);
}
END_TEST

START_TEST(a26_an_archive_altered_since_it_was_verified_is_refused)
{
  nep_archive_reader *r = NULL;
  nep_record each;
  nep_buf all = {0};
  nep_findings f = {0};
  nep_error err = {0};
  char *path = in_folder("altered.bel");
  ck_assert_int_eq(nep_file_read(VECTOR "/election.bel", 1 << 24, &all, NULL), NEP_OK);
  ck_assert_int_eq(nep_reader_open(VECTOR "/election.bel", &r, NULL), NEP_OK);
  bool end = false;
  do
    ck_assert_int_eq(nep_reader_next(r, &each, &end, NULL), NEP_OK);
  while (!each.is_event);
  all.data[each.offset + 12] ^= 1; /* in the Setup event: {"height":0,… */
  nep_reader_close(r);
  ck_assert_int_eq(nep_file_write(path, all.data, all.len, 0600, NULL), NEP_OK);
  ck_assert_int_eq(second_look(VECTOR "/election.bel", path, &f, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "board-archive");
  nep_findings_free(&f);
  nep_buf_free(&all);
  free(path);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("tally/challenges");
  TCase *tc = tcase_create("challenges");
  tcase_set_timeout(tc, 120);
  tcase_add_checked_fixture(tc, start, end);
  tcase_add_test(tc, an_honest_board_is_valid_and_its_checks_are_counted);
  tcase_add_test(tc, an_altered_line_is_named_with_its_fault);
  tcase_add_test(tc, a_device_that_lied_is_not_shown_as_honest);
  tcase_add_test(tc, a_message_twice_a_gap_and_too_many_of_a_credential_are_named);
  tcase_add_test(tc, a_board_cut_short_or_with_other_lines_is_refused);
  tcase_add_test(tc, a_credential_that_is_not_on_the_list_is_named);
  tcase_add_test(tc, a26_a_revealed_ballot_that_was_cast_is_named);
  tcase_add_test(tc, a26_an_archive_that_hides_a_revealed_ballot_since_it_was_verified_is_refused);
  tcase_add_test(tc, a26_an_archive_altered_since_it_was_verified_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
