/* The verifier as a library: what it reports about an archive, with any number of threads. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "crypto/engine.h"
#include "protocol/verify.h"
#include "tests/support/run.h"

#define POSITIVE NEP_TEST_VECTORS "/positive/"
#define NEGATIVE NEP_TEST_VECTORS "/negative/"

static nep_verified *verify(const char *path, unsigned jobs, const char *earlier)
{
  nep_verify_options options = {.jobs = jobs, .earlier = earlier};
  nep_verified *v = NULL;
  nep_error err = {0};
  ck_assert_msg(nep_verify_archive(path, &options, &v, &err) == NEP_OK, "%s", err.reason);
  return v;
}

static bool has_fault(const nep_verified *v, const char *code)
{
  for (size_t i = 0; i < v->findings.n_faults; i++)
    if (strcmp(v->findings.faults[i].code, code) == 0)
      return true;
  return false;
}

static uint64_t runs(const nep_verified *v, const char *check)
{
  for (size_t i = 0; i < v->findings.n_checks; i++)
    if (strcmp(v->findings.checks[i].name, check) == 0)
      return v->findings.checks[i].run;
  return 0;
}

/* Where the record with this name ends. */
static uint64_t end_of(const char *path, const char *hash)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_error err = {0};
  uint64_t found = 0;
  bool end = false;
  ck_assert_int_eq(nep_reader_open(path, &r, &err), NEP_OK);
  while (nep_reader_next(r, &record, &end, &err) == NEP_OK && !end)
    if (strcmp(record.hash, hash) == 0)
      found = nep_reader_position(r);
  nep_reader_close(r);
  return found;
}

START_TEST(a_valid_archive_is_described)
{
  nep_verified *v = verify(POSITIVE "Ed25519-revote-weights-two/election.bel", 2, NULL);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_int_eq(v->phase, NEP_EVENT_RESULT);
  ck_assert(v->tally_published);
  ck_assert_uint_eq(v->tally->num_tallied, 19);
  ck_assert_uint_eq(v->tally->total_weight, 59);
  ck_assert_uint_eq(v->credentials_voted, 19);
  ck_assert_uint_gt(v->ballots, 19);
  ck_assert_uint_eq(runs(v, "ballot signatures"), v->ballots);
  ck_assert_uint_eq(runs(v, "ballots not repeated"), v->ballots);
  ck_assert_uint_eq(runs(v, "event parents"), v->events);
  ck_assert_ptr_nonnull(v->result);
  ck_assert_uint_eq(v->result->rows[0][4], 37);
  ck_assert_uint_eq(strlen(v->end_ballots_head), 64);
  ck_assert_uint_eq(v->end_ballots_height, v->ballots + 1);
  ck_assert_uint_eq(v->end_ballots_size, end_of(POSITIVE "Ed25519-revote-weights-two/election.bel",
                                                v->end_ballots_head));
  ck_assert_uint_eq(strlen(v->trustees_hash), 64);
  ck_assert_uint_eq(strlen(v->credentials_hash), 64);
  ck_assert_ptr_nonnull(v->factors[0]);
  nep_verified_free(v);
  nep_verified_free(NULL);
}
END_TEST

static void assert_same(const nep_finding *a, const nep_finding *b, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    ck_assert_str_eq(a[i].code, b[i].code);
    ck_assert_str_eq(a[i].object, b[i].object);
    ck_assert_str_eq(a[i].reason, b[i].reason);
  }
}

static void choose(const char *engine)
{
  nep_error err = {0};
  ck_assert_int_eq(nep_engine_choose(engine, &err), NEP_OK);
}

static void assert_same_report(const nep_verified *a, const nep_verified *b)
{
  ck_assert_uint_eq(a->findings.n_faults, b->findings.n_faults);
  ck_assert_uint_eq(a->findings.n_warnings, b->findings.n_warnings);
  ck_assert_uint_eq(a->findings.n_checks, b->findings.n_checks);
  assert_same(a->findings.faults, b->findings.faults, b->findings.n_faults);
  assert_same(a->findings.warnings, b->findings.warnings, b->findings.n_warnings);
  for (size_t i = 0; i < b->findings.n_checks; i++) {
    ck_assert_str_eq(a->findings.checks[i].name, b->findings.checks[i].name);
    ck_assert_uint_eq(a->findings.checks[i].run, b->findings.checks[i].run);
  }
}

/* One thread and the portable engine give the report that all others are held against. */
static void compare_all(const char *path)
{
  static const unsigned jobs[] = {1, 2, 5};
  choose("portable");
  nep_verified *one = verify(path, 1, NULL);
  for (size_t e = 0; nep_engine_at(e); e++)
    for (size_t k = 0; k < sizeof jobs / sizeof jobs[0]; k++) {
      choose(nep_engine_at(e));
      nep_verified *many = verify(path, jobs[k], NULL);
      assert_same_report(many, one);
      nep_verified_free(many);
    }
  nep_verified_free(one);
}

START_TEST(the_outcome_does_not_depend_on_engine_or_number_of_threads)
{
  compare_all(POSITIVE "Ed25519-revote-weights-two/election.bel");
}
END_TEST

START_TEST(every_archive_with_a_fault_is_refused_alike_with_all_engines_and_threads)
{
  char path[4096];
  size_t looked = 0;
  DIR *folder = opendir(NEGATIVE);
  ck_assert_ptr_nonnull(folder);
  for (struct dirent *d; (d = readdir(folder)) != NULL;) {
    size_t len = strlen(d->d_name);
    if (len < 4 || strcmp(d->d_name + len - 4, ".bel") != 0)
      continue;
    snprintf(path, sizeof path, "%s%s", NEGATIVE, d->d_name);
    compare_all(path);
    looked++;
  }
  closedir(folder);
  ck_assert_uint_gt(looked, 40);
}
END_TEST

START_TEST(a8_what_was_left_unchecked_makes_it_invalid_and_is_said)
{
  nep_verified *v = verify(POSITIVE "RFC-3526-2048-lists-nh/election.bel", 1, NULL);
  ck_assert(!nep_verified_is_valid(v));
  ck_assert(has_fault(v, "unsupported"));
  ck_assert_uint_gt(v->n_not_checked, 0);
  ck_assert_uint_eq(runs(v, "ballot signatures"), 0);
  ck_assert_ptr_null(v->result);
  /* even if the fault were lost, the verdict would not be "valid" */
  nep_findings_free(&v->findings);
  ck_assert(!nep_verified_is_valid(v));
  nep_verified_free(v);
}
END_TEST

START_TEST(an_earlier_copy_must_be_a_prefix)
{
  const char *path = POSITIVE "Ed25519-single/election.bel";
  nep_verified *v = verify(path, 1, path);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_uint_eq(runs(v, "earlier copy is a prefix"), 1);
  nep_verified_free(v);
  v = verify(path, 1, POSITIVE "Ed25519-blank/election.bel");
  ck_assert(!nep_verified_is_valid(v));
  ck_assert_uint_eq(v->findings.n_faults, 1);
  ck_assert(has_fault(v, "archive-not-a-prefix"));
  nep_verified_free(v);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_has_no_verdict)
{
  nep_verify_options options = {.jobs = 1};
  nep_verified *v = NULL;
  ck_assert_int_eq(nep_verify_archive("/nonexistent/x.bel", &options, &v, NULL), NEP_E_IO);
  ck_assert_ptr_null(v);
  options.earlier = "/nonexistent/x.bel";
  ck_assert_int_eq(nep_verify_archive(POSITIVE "Ed25519-single/election.bel", &options, &v, NULL),
                   NEP_E_IO);
  ck_assert_ptr_null(v);
}
END_TEST

static void count(void *calls, uint64_t done, uint64_t total)
{
  ck_assert_uint_le(done, total);
  ++*(int *)calls;
}

START_TEST(progress_is_told_for_each_record)
{
  int calls = 0;
  nep_verify_options options = {.jobs = 1, .progress = count, .progress_ctx = &calls};
  nep_verified *v = NULL;
  ck_assert_int_eq(nep_verify_archive(POSITIVE "Ed25519-single/election.bel", &options, &v, NULL),
                   NEP_OK);
  ck_assert_int_ge(calls, (int)v->events * 2);
  nep_verified_free(v);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("verify");
  TCase *t = tcase_create("verify");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, a_valid_archive_is_described);
  tcase_add_test(t, the_outcome_does_not_depend_on_engine_or_number_of_threads);
  tcase_add_test(t, every_archive_with_a_fault_is_refused_alike_with_all_engines_and_threads);
  tcase_add_test(t, a8_what_was_left_unchecked_makes_it_invalid_and_is_said);
  tcase_add_test(t, an_earlier_copy_must_be_a_prefix);
  tcase_add_test(t, a_file_that_cannot_be_read_has_no_verdict);
  tcase_add_test(t, progress_is_told_for_each_record);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
