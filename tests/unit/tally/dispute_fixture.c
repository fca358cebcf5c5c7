#include "tests/unit/tally/dispute_fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "records/tags.h"
#include "tests/support/run.h"

static char folder[] = "/tmp/nep-dispute.XXXXXX";
nep_signing_key *server, *stranger;
char key[NEP_PUBLIC_KEY_HEX + 1];
nep_event events[DISPUTE_EVENTS_MAX];
static uint64_t ends[DISPUTE_EVENTS_MAX]; /* of each event in the file */
size_t n_events, end_ballots;
nep_verified *record;
nep_buf out;

char *in_folder(const char *name)
{
  return nep_sprintf("%s/%s", folder, name);
}

void save(const char *name, const void *data, size_t len)
{
  char *path = in_folder(name);
  ck_assert_int_eq(nep_file_write(path, data, len, 0600, NULL), NEP_OK);
  free(path);
}

/* The first `n` events of the record. */
void save_prefix(const char *name, size_t n)
{
  nep_buf all = {0};
  ck_assert_int_eq(nep_file_read(DISPUTE_VECTOR "/election.bel", 1 << 24, &all, NULL), NEP_OK);
  ck_assert_uint_le(ends[n - 1], all.len);
  save(name, all.data, ends[n - 1]);
  nep_buf_free(&all);
}

/* Another record: the same first `n` events, then the end of voting. Its last event in *hash. */
void save_branch(const char *name, size_t n, char hash[65])
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
  ck_assert_int_eq(nep_reader_open(DISPUTE_VECTOR "/election.bel", &r, NULL), NEP_OK);
  while (nep_reader_next(r, &each, &end, NULL) == NEP_OK && !end) {
    if (!each.is_event)
      continue;
    ck_assert_uint_lt(n_events, DISPUTE_EVENTS_MAX);
    ck_assert_int_eq(nep_event_parse(each.body, &events[n_events], NULL), NEP_OK);
    if (events[n_events].type == NEP_EVENT_END_BALLOTS)
      end_ballots = n_events;
    ends[n_events++] = nep_reader_position(r);
  }
  nep_reader_close(r);
}

void dispute_start(void)
{
  nep_verify_options options = {.jobs = 1};
  ck_assert_ptr_nonnull(mkdtemp(folder));
  server = nep_signing_key_new();
  stranger = nep_signing_key_new();
  nep_signing_key_public(server, key);
  ck_assert_int_eq(nep_verify_archive(DISPUTE_VECTOR "/election.bel", &options, &record, NULL),
                   NEP_OK);
  read_events();
}

void dispute_end(void)
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

void save_signed(const char *name, const nep_signing_key *k, const char *tag, nep_buf *m)
{
  nep_buf envelope = {0};
  nep_envelope_make(k, tag, nep_buf_bytes(m), &envelope);
  save(name, envelope.data, envelope.len);
  nep_buf_free(&envelope);
  nep_buf_free(m);
}

nep_cast_receipt receipt_of(size_t height)
{
  nep_cast_receipt r = {.height = height, .time = "2026-11-23T07:00:00Z"};
  memcpy(r.uuid, record->election->uuid, strlen(record->election->uuid) + 1);
  memcpy(r.election_hash, record->election->phi, 65);
  memcpy(r.event, events[height].hash, 65);
  ck_assert(nep_tracker(events[height].payload, r.tracker));
  return r;
}

void save_receipt(const char *name, const nep_signing_key *k, const nep_cast_receipt *r)
{
  nep_buf m = {0};
  nep_cast_receipt_write(r, &m);
  save_signed(name, k, NEP_TAG_CAST_RECEIPT, &m);
}

static void save_any_head(const char *name, const nep_signing_key *k, const char *tag,
                          uint64_t height, const char *event)
{
  nep_buf m = {0};
  nep_head h = {.height = height, .size = 4096, .time = "2026-11-23T09:00:00Z"};
  memcpy(h.uuid, record->election->uuid, strlen(record->election->uuid) + 1);
  memcpy(h.event, event, 65);
  nep_head_write(&h, &m);
  save_signed(name, k, tag, &m);
}

void save_head(const char *name, const nep_signing_key *k, uint64_t height, const char *event)
{
  save_any_head(name, k, NEP_TAG_HEAD, height, event);
}

void save_casts_head(const char *name, const nep_signing_key *k, uint64_t height, const char *event)
{
  save_any_head(name, k, NEP_TAG_CASTS_HEAD, height, event);
}

void save_refusal(const char *name, const char *tracker, const char *code, const char *time,
                  const char *statement)
{
  nep_buf m = {0};
  nep_refusal r = {0};
  snprintf(r.uuid, sizeof r.uuid, "%s", record->election->uuid);
  snprintf(r.tracker, sizeof r.tracker, "%s", tracker);
  snprintf(r.statement, sizeof r.statement, "%s", statement);
  snprintf(r.code, sizeof r.code, "%s", code);
  snprintf(r.time, sizeof r.time, "%s", time);
  nep_refusal_write(&r, &m);
  save_signed(name, server, NEP_TAG_REFUSAL, &m);
}

/* ---- the command ---- */

/* Exit code of the command run in the folder with these arguments; its output in `out`. */
int dispute(const char *environment, const char *arguments)
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

bool says(const char *code)
{
  char *member = nep_sprintf("\"code\":\"%s\"", code);
  bool found = strstr(out.data, member) != NULL;
  free(member);
  return found;
}

/* The evidence, and what it shows: exit code, code, verdict. */
void expect(const char *files, int exit_code, const char *code)
{
  char *arguments = nep_sprintf("--json --key %s %s", key, files);
  int got = dispute("", arguments);
  const char *verdict = exit_code == 1 ? "\"verdict\":\"shown\"" : "\"shown\":[]";
  ck_assert_msg(got == exit_code, "%s: exit code %d: %s", files, got, out.data);
  ck_assert_msg(says(code), "%s: no %s: %s", files, code, out.data);
  ck_assert_msg(strstr(out.data, verdict) != NULL, "%s: %s", files, out.data);
  free(arguments);
}

void private_credential(size_t i, char credential[NEP_CREDENTIAL_LENGTH + 1])
{
  nep_buf text = {0};
  json_t *json = NULL;
  ck_assert_int_eq(
      nep_file_read(DISPUTE_VECTOR "/secrets/private_creds.json", 1 << 16, &text, NULL), NEP_OK);
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
