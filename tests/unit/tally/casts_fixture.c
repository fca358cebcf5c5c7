#include "tests/unit/tally/casts_fixture.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/casts.h"
#include "records/cast_statement.h"
#include "records/choices.h"
#include "tests/support/run.h"

enum { BALLOTS_MAX = 64 };

static nep_buf ballots[BALLOTS_MAX]; /* by height */
static int64_t timestamp;
char mine[NEP_CREDENTIAL_LENGTH + 1];

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

void credential_of(size_t height, char credential[NEP_CREDENTIAL_LENGTH + 1])
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

void casts_start(void)
{
  dispute_start();
  read_ballots();
  credential_of(FIRST, mine);
  save_prefix("whole.bel", n_events);
  save("first", ballots[FIRST].data, ballots[FIRST].len);
}

void casts_end(void)
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

void save_statement(const char *name, const char *credential, const char *ballot, int64_t sequence)
{
  nep_buf s = statement(credential, ballot, sequence);
  save(name, s.data, s.len);
  nep_buf_free(&s);
}

void save_new_ballot(const char *name, char hash[65])
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

casts honest(void)
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

void save_casts(const char *name, const casts *c)
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

void save_honest_casts(void)
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

void save_stored(const char *name, size_t height)
{
  uint64_t position;
  nep_buf stored = record_of_casts(2 * height - 1, &position);
  save(name, stored.data, stored.len);
  nep_buf_free(&stored);
}

void save_shorter(const char *name, size_t n)
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

void expect_who(const char *files, int exit_code, const char *code, const char *who)
{
  char *member = nep_sprintf("\"code\":\"%s\",\"who\":\"%s\"", code, who);
  expect(files, exit_code, code);
  ck_assert_msg(strstr(out.data, member) != NULL, "%s: %s", files, out.data);
  free(member);
}
