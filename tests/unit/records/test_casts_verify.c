/* The casts file against an archive: that it is the archive which was verified, and what is only a
   warning. What else statements say is tested end to end and by tests/vectors. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/keys.h"
#include "protocol/casts.h"
#include "records/cast_statement.h"
#include "records/casts_verify.h"
#include "tests/support/run.h"

#define VECTOR NEP_TEST_VECTORS "/positive/Ed25519-revote-weights-two"
#define ARCHIVE VECTOR "/election.bel"

static char folder[] = "/tmp/nep-casts.XXXXXX";
static char setup_only[64], altered[64], casts[64];
static nep_verified *v; /* of the whole archive */
static nep_verified *v_setup;

static void store(const char *path, const nep_buf *bytes)
{
  nep_error err = {0};
  ck_assert_int_eq(nep_file_create(path, bytes->data, bytes->len, NEP_FILE_PUBLIC, &err), NEP_OK);
}

/* The archive up to its Setup event, and no statement. */
static void start(void)
{
  nep_verify_options options = {.jobs = 1};
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_buf whole = {0}, none = {0};
  nep_error err = {0};
  bool end = false;
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(setup_only, sizeof setup_only, "%s/setup.bel", folder);
  snprintf(altered, sizeof altered, "%s/altered.bel", folder);
  snprintf(casts, sizeof casts, "%s/none.casts", folder);
  ck_assert_int_eq(nep_verify_archive(ARCHIVE, &options, &v, &err), NEP_OK);
  ck_assert_int_eq(nep_file_read(ARCHIVE, 1 << 24, &whole, &err), NEP_OK);
  ck_assert_int_eq(nep_reader_open(ARCHIVE, &r, &err), NEP_OK);
  do
    ck_assert_int_eq(nep_reader_next(r, &record, &end, &err), NEP_OK);
  while (!record.is_event);
  whole.len = nep_reader_position(r);
  store(setup_only, &whole);
  nep_casts_start(&none, nep_reader_timestamp(r), v->election->uuid);
  store(casts, &none);
  nep_reader_close(r);
  whole.data[record.offset + 12] ^= 1; /* in the Setup event: {"height":0,… */
  store(altered, &whole);
  ck_assert_int_eq(nep_verify_archive(setup_only, &options, &v_setup, &err), NEP_OK);
  ck_assert(nep_verified_is_valid(v_setup));
  nep_buf_free(&none);
  nep_buf_free(&whole);
}

static void end(void)
{
  unlink(altered);
  unlink(setup_only);
  unlink(casts);
  rmdir(folder);
  nep_verified_free(v_setup);
  nep_verified_free(v);
}

START_TEST(an_archive_without_ballots_needs_no_statement)
{
  nep_findings f = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_casts_verify(casts, setup_only, v_setup, NULL, &f, &err), NEP_OK);
  ck_assert_uint_eq(f.n_faults, 0);
  nep_findings_free(&f);
}
END_TEST

START_TEST(a23_another_archive_than_the_verified_one_is_refused)
{
  nep_findings f = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_casts_verify(casts, setup_only, v, NULL, &f, &err), NEP_OK);
  ck_assert_uint_eq(f.n_faults, 1);
  ck_assert_str_eq(f.faults[0].code, "casts-archive");
  nep_findings_free(&f);
}
END_TEST

START_TEST(a23_an_archive_altered_since_it_was_verified_is_refused)
{
  nep_findings f = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_casts_verify(casts, altered, v_setup, NULL, &f, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "casts-archive");
  nep_findings_free(&f);
}
END_TEST

START_TEST(the_first_ballot_without_a_statement_is_named)
{
  nep_findings f = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_casts_verify(casts, ARCHIVE, v, NULL, &f, &err), NEP_OK);
  ck_assert_uint_eq(f.n_faults, 1);
  ck_assert_str_eq(f.faults[0].code, "casts-missing");
  nep_findings_free(&f);
}
END_TEST

/* ---- numbers that are only warnings ---- */

/* The key of a credential of the list. */
static nep_cast_ballot voter(nep_scalar *key)
{
  nep_cast_ballot b = {.name = "ballot"};
  nep_buf text = {0};
  nep_element element;
  json_t *json = NULL;
  ck_assert_int_eq(nep_file_read(VECTOR "/secrets/private_creds.json", 1 << 16, &text, NULL),
                   NEP_OK);
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(&text), &json, NULL), NEP_OK);
  const nep_group *g = v->election->group;
  nep_credential_key(g, v->election->uuid,
                     json_string_value(json_object_iter_value(json_object_iter(json))), key);
  nep_element_exp_g(g, &element, key);
  char credential[NEP_ELEMENT_TEXT_MAX];
  size_t len = nep_element_text(g, &element, credential);
  ck_assert(nep_credentials_find(v->credentials, credential, len, &b.place));
  json_decref(json);
  nep_buf_free(&text);
  return b;
}

/* The next ballot of the credential, whose hash repeats this digit, with its statement. */
static void add(nep_casts_order *o, char digit, int64_t sequence, char previous, nep_findings *f)
{
  nep_scalar key;
  nep_cast_ballot b = voter(&key);
  nep_cast_statement s = {.sequence = sequence};
  nep_cast_entry e = {.hash_ok = true, .follows = true};
  memset(b.hash, digit, 64);
  snprintf(s.uuid, sizeof s.uuid, "%s", v->election->uuid);
  memcpy(s.election_hash, v->election->phi, sizeof s.election_hash);
  memcpy(s.ballot, b.hash, sizeof s.ballot);
  if (previous != '\0')
    memset(s.previous, previous, 64);
  nep_cast_statement_make(v->election->group, &key, &s, &e.statement);
  nep_casts_check(o, &b, &e, f);
  nep_cast_entry_free(&e);
  nep_scalar_wipe(&key);
}

START_TEST(a_number_left_out_is_a_warning)
{
  nep_findings f = {0};
  nep_casts_order *o = nep_casts_order_new(v);
  add(o, 'a', 1, '\0', &f);
  add(o, 'b', 2, 'a', &f);
  ck_assert_uint_eq(f.n_warnings, 0);
  add(o, 'c', 4, 'e', &f);
  ck_assert_uint_eq(f.n_faults, 0);
  ck_assert_uint_eq(f.n_warnings, 1);
  ck_assert_str_eq(f.warnings[0].code, "casts-gap");
  nep_casts_order_free(o);
  nep_findings_free(&f);
}
END_TEST

START_TEST(a_ballot_that_follows_another_one_than_its_device_says_is_a_warning)
{
  nep_findings f = {0};
  nep_casts_order *o = nep_casts_order_new(v);
  add(o, 'a', 1, '\0', &f);
  add(o, 'b', 2, 'e', &f);
  ck_assert_uint_eq(f.n_faults, 0);
  ck_assert_uint_eq(f.n_warnings, 1);
  ck_assert_str_eq(f.warnings[0].code, "casts-previous");
  nep_casts_order_free(o);
  nep_findings_free(&f);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/casts-verify");
  TCase *tc = tcase_create("casts");
  tcase_add_unchecked_fixture(tc, start, end);
  tcase_add_test(tc, an_archive_without_ballots_needs_no_statement);
  tcase_add_test(tc, a23_another_archive_than_the_verified_one_is_refused);
  tcase_add_test(tc, a23_an_archive_altered_since_it_was_verified_is_refused);
  tcase_add_test(tc, the_first_ballot_without_a_statement_is_named);
  tcase_add_test(tc, a_number_left_out_is_a_warning);
  tcase_add_test(tc, a_ballot_that_follows_another_one_than_its_device_says_is_a_warning);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
