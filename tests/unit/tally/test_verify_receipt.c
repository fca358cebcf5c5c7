/* nep-verify receipt: receipts that we sign here, held against an archive that others made. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "protocol/archive.h"
#include "records/receipt.h"
#include "records/tags.h"
#include "tests/support/run.h"

#define ARCHIVE NEP_TEST_VECTORS "/positive/Ed25519-revote-weights-two/election.bel"

typedef struct cast {
  nep_cast_receipt receipt;
  char credential[65];
} cast;

static char scratch[] = "/tmp/nep-receipt.XXXXXX";
static cast casts[64];
static size_t n_casts;
static nep_signing_key *key;

static void add_cast(const nep_event *e, const nep_buf *ballot)
{
  const char *found = strstr(ballot->data, "\"credential\":\"");
  cast *c = &casts[n_casts++];
  ck_assert_ptr_nonnull(found);
  memcpy(c->credential, found + 14, 64);
  c->receipt.height = e->height;
  memcpy(c->receipt.event, e->hash, sizeof e->hash);
  ck_assert(nep_tracker(e->payload, c->receipt.tracker));
  memcpy(c->receipt.time, "2026-11-23T07:00:00Z", 21);
}

/* uuid and election hash of the ballots' own message */
static void name_election(const nep_buf *ballot)
{
  const char *uuid = strstr(ballot->data, "\"election_uuid\":\"") + 17;
  const char *hash = strstr(ballot->data, "\"election_hash\":\"") + 17;
  for (size_t i = 0; i < n_casts; i++) {
    memcpy(casts[i].receipt.uuid, uuid, strcspn(uuid, "\""));
    memcpy(casts[i].receipt.election_hash, hash, 64);
  }
}

static void start(void)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_event e;
  nep_buf last = {0}, ballot = {0};
  bool end = false;
  ck_assert_ptr_nonnull(mkdtemp(scratch));
  key = nep_signing_key_new();
  ck_assert_int_eq(nep_reader_open(ARCHIVE, &r, NULL), NEP_OK);
  while (nep_reader_next(r, &record, &end, NULL) == NEP_OK && !end) {
    if (!record.is_event) {
      nep_buf_clear(&last);
      nep_buf_add(&last, record.body.data, record.body.len);
      continue;
    }
    ck_assert_int_eq(nep_event_parse(record.body, &e, NULL), NEP_OK);
    if (e.type == NEP_EVENT_BALLOT) {
      add_cast(&e, &last);
      nep_buf_clear(&ballot);
      nep_buf_add(&ballot, last.data, last.len);
    }
  }
  name_election(&ballot);
  nep_buf_free(&ballot);
  nep_buf_free(&last);
  nep_reader_close(r);
}

static void end(void)
{
  char *command = nep_sprintf("rm -rf '%s'", scratch);
  ck_assert_int_eq(system(command), 0);
  free(command);
  nep_signing_key_free(key);
}

/* Exit code of nep-verify receipt; what it printed in *out. `tag` and `options` are for the bad
 * cases. */
static int verify(const nep_cast_receipt *receipt, const char *tag, const char *options,
                  nep_buf *out)
{
  nep_buf message = {0}, envelope = {0};
  char *path = nep_sprintf("%s/receipt.json", scratch), line[512];
  const char *build = getenv("NEP_BUILD");
  ck_assert_msg(build != NULL, "NEP_BUILD is not set: run this test through make check");
  nep_cast_receipt_write(receipt, &message);
  nep_envelope_make(key, tag, nep_buf_bytes(&message), &envelope);
  ck_assert_int_eq(nep_file_write(path, envelope.data, envelope.len, 0600, NULL), NEP_OK);
  char *command =
      nep_sprintf("'%s/tally/nep-verify' receipt %s '%s' '%s'", build, options, path, ARCHIVE);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  nep_buf_clear(out);
  nep_buf_str(out, "");
  while (fgets(line, sizeof line, pipe))
    nep_buf_str(out, line);
  int status = pclose(pipe);
  free(command);
  free(path);
  nep_buf_free(&envelope);
  nep_buf_free(&message);
  return WEXITSTATUS(status);
}

static bool is_last(size_t i)
{
  for (size_t j = i + 1; j < n_casts; j++)
    if (memcmp(casts[j].credential, casts[i].credential, 64) == 0)
      return false;
  return true;
}

START_TEST(every_receipt_holds_and_says_whether_its_ballot_is_the_last)
{
  nep_buf out = {0};
  size_t replaced = 0;
  for (size_t i = 0; i < n_casts; i++) {
    ck_assert_int_eq(verify(&casts[i].receipt, NEP_TAG_CAST_RECEIPT, "", &out), 0);
    ck_assert_ptr_nonnull(strstr(out.data, is_last(i) ? "\nlast " : "\nreplaced "));
    ck_assert_ptr_nonnull(
        strstr(out.data, "\ncheck     the archive reaches the receipt's height: 1\n"));
    ck_assert_ptr_nonnull(strstr(out.data, "\nverdict: valid\n"));
    replaced += !is_last(i);
  }
  ck_assert_uint_gt(replaced, 0);
  nep_buf_free(&out);
}
END_TEST

typedef struct alteration {
  const char *name, *code;
  void (*alter)(nep_cast_receipt *r);
} alteration;

static void other_uuid(nep_cast_receipt *r)
{
  memcpy(r->uuid, "11111111111111", 15);
}
static void other_election(nep_cast_receipt *r)
{
  r->election_hash[5] = r->election_hash[5] == '0' ? '1' : '0';
}
static void other_tracker(nep_cast_receipt *r)
{
  r->tracker[0] = r->tracker[0] == 'A' ? 'B' : 'A';
}
static void other_event(nep_cast_receipt *r)
{
  r->event[63] = r->event[63] == '0' ? '1' : '0';
}
static void other_height(nep_cast_receipt *r)
{
  r->height++;
}
static void no_height(nep_cast_receipt *r)
{
  r->height = 100000;
}
static void setup_height(nep_cast_receipt *r)
{
  r->height = 0;
}

static const alteration alterations[] = {
    {"another uuid", "receipt-election", other_uuid},
    {"another election", "receipt-election", other_election},
    {"another tracker", "receipt-ballot", other_tracker},
    {"another event", "receipt-event", other_event},
    {"another height", "receipt-event", other_height},
    {"a height beyond the end", "receipt-height", no_height},
    {"the height of the setup", "receipt-ballot", setup_height},
};

START_TEST(a_receipt_that_the_archive_does_not_bear_out_is_refused)
{
  nep_buf out = {0};
  nep_cast_receipt r = casts[3].receipt;
  alterations[_i].alter(&r);
  ck_assert_int_eq(verify(&r, NEP_TAG_CAST_RECEIPT, "", &out), 1);
  ck_assert_msg(strstr(out.data, alterations[_i].code) != NULL, "%s: %s", alterations[_i].name,
                out.data);
  ck_assert_ptr_nonnull(strstr(out.data, "verdict: invalid\n"));
  nep_buf_free(&out);
}
END_TEST

START_TEST(a_receipt_signed_with_another_key_or_for_another_purpose_is_refused)
{
  nep_buf out = {0};
  char hex[NEP_PUBLIC_KEY_HEX + 1];
  nep_signing_key_public(key, hex);
  char *own = nep_sprintf("--json --key %s", hex);
  ck_assert_int_eq(verify(&casts[0].receipt, NEP_TAG_CAST_RECEIPT, own, &out), 0);
  ck_assert_ptr_nonnull(strstr(out.data, "\"verdict\":\"valid\",\"codes\":[]"));
  free(own);
  nep_signing_key *other = nep_signing_key_new();
  nep_signing_key_public(other, hex);
  char *foreign = nep_sprintf("--json --key %s", hex);
  ck_assert_int_eq(verify(&casts[0].receipt, NEP_TAG_CAST_RECEIPT, foreign, &out), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "\"codes\":[\"signature\"]"));
  free(foreign);
  nep_signing_key_free(other);
  ck_assert_int_eq(verify(&casts[0].receipt, NEP_TAG_HEAD, "--json", &out), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "\"codes\":[\"signature\"]"));
  nep_buf_free(&out);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("verify_receipt");
  TCase *t = tcase_create("verify_receipt");
  tcase_set_timeout(t, 120);
  tcase_add_unchecked_fixture(t, start, end);
  tcase_add_test(t, every_receipt_holds_and_says_whether_its_ballot_is_the_last);
  tcase_add_loop_test(t, a_receipt_that_the_archive_does_not_bear_out_is_refused, 0,
                      (int)(sizeof alterations / sizeof *alterations));
  tcase_add_test(t, a_receipt_signed_with_another_key_or_for_another_purpose_is_refused);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
