/* The casts file against an archive: that it is the archive which was verified. What statements say
   is tested end to end and by tests/vectors. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "protocol/casts.h"
#include "records/casts_verify.h"
#include "tests/support/run.h"

#define ARCHIVE NEP_TEST_VECTORS "/positive/Ed25519-revote-weights-two/election.bel"

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
  ck_assert_int_eq(nep_casts_verify(casts, setup_only, v_setup, &f, &err), NEP_OK);
  ck_assert_uint_eq(f.n_faults, 0);
  nep_findings_free(&f);
}
END_TEST

START_TEST(a23_another_archive_than_the_verified_one_is_refused)
{
  nep_findings f = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_casts_verify(casts, setup_only, v, &f, &err), NEP_OK);
  ck_assert_uint_eq(f.n_faults, 1);
  ck_assert_str_eq(f.faults[0].code, "casts-archive");
  nep_findings_free(&f);
}
END_TEST

START_TEST(a23_an_archive_altered_since_it_was_verified_is_refused)
{
  nep_findings f = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_casts_verify(casts, altered, v_setup, &f, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "casts-archive");
  nep_findings_free(&f);
}
END_TEST

START_TEST(the_first_ballot_without_a_statement_is_named)
{
  nep_findings f = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_casts_verify(casts, ARCHIVE, v, &f, &err), NEP_OK);
  ck_assert_uint_eq(f.n_faults, 1);
  ck_assert_str_eq(f.faults[0].code, "casts-missing");
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
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
