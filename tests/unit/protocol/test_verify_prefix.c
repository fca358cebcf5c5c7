/* Going on where an earlier verification ended: the outcome is that of a verification from the
   start, at whatever event the earlier one ended; and another archive is never taken for this one.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/verify.h"
#include "tests/support/run.h"

#define POSITIVE NEP_TEST_VECTORS "/positive/"
#define NEGATIVE NEP_TEST_VECTORS "/negative/"

enum { NOTES_MAX = 64 };

/* What a verification has handed over, one after the other. */
typedef struct notes {
  nep_prefix prefix[NOTES_MAX];
  size_t n;
  bool always;
} notes;

static bool due(void *ctx)
{
  return ((notes *)ctx)->always;
}

static void keep(void *ctx, const nep_prefix *finished)
{
  notes *k = ctx;
  ck_assert_uint_lt(k->n, NOTES_MAX);
  nep_prefix_copy(&k->prefix[k->n++], finished);
}

static void forget(notes *k)
{
  for (size_t i = 0; i < k->n; i++)
    nep_prefix_free(&k->prefix[i]);
  k->n = 0;
}

static nep_verified *verify(const char *path, unsigned jobs, const nep_prefix *known, notes *k)
{
  nep_verify_options options = {.jobs = jobs, .known = known};
  nep_verified *v = NULL;
  nep_error err = {0};
  if (k) {
    options.due = due;
    options.keep = keep;
    options.keep_ctx = k;
  }
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

static void assert_same_list(const nep_finding *a, const nep_finding *b, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    ck_assert_str_eq(a[i].code, b[i].code);
    ck_assert_str_eq(a[i].object, b[i].object);
    ck_assert_str_eq(a[i].reason, b[i].reason);
  }
}

static void assert_same(const nep_verified *a, const nep_verified *b)
{
  const nep_findings *x = &a->findings, *y = &b->findings;
  ck_assert_uint_eq(x->n_faults, y->n_faults);
  ck_assert_uint_eq(x->n_warnings, y->n_warnings);
  ck_assert_uint_eq(x->n_checks, y->n_checks);
  assert_same_list(x->faults, y->faults, x->n_faults);
  assert_same_list(x->warnings, y->warnings, x->n_warnings);
  for (size_t i = 0; i < x->n_checks; i++) {
    ck_assert_str_eq(x->checks[i].name, y->checks[i].name);
    ck_assert_uint_eq(x->checks[i].run, y->checks[i].run);
  }
  ck_assert_uint_eq(a->n_not_checked, b->n_not_checked);
  ck_assert_uint_eq(a->credentials_voted, b->credentials_voted);
  ck_assert_int_eq(a->tally_published, b->tally_published);
  ck_assert_int_eq(a->result != NULL, b->result != NULL);
}

/* Every group; blank votes; voters who vote again; and every kind of trouble. */
static const char *const archives[] = {POSITIVE "Ed25519-blank/election.bel",
                                       POSITIVE "Ed25519-revote-weights-two/election.bel",
                                       POSITIVE "BELENIOS-2048-blank/election.bel",
                                       POSITIVE "Ed25519-lists-nh/election.bel",
                                       NEGATIVE "ballot-replayed.bel",
                                       NEGATIVE "ballot-field-order.bel",
                                       NEGATIVE "chain-broken.bel",
                                       NEGATIVE "choice-missing.bel",
                                       NEGATIVE "ciphertext-tampered.bel",
                                       NEGATIVE "data-altered.bel",
                                       NEGATIVE "identity-alpha-beta.bel",
                                       NEGATIVE "point-small-order-component.bel",
                                       NEGATIVE "tally-wrong.bel",
                                       NEGATIVE "trailing-bytes.bel",
                                       NEGATIVE "unknown-credential.bel",
                                       POSITIVE "RFC-3526-2048-revote-two/election.bel"};

/* Exponents of 2,048 bits take long, and resuming is the same in every group: the last archive is
   for who has time. */
static int n_archives(void)
{
  int n = sizeof archives / sizeof archives[0];
  return nep_test_long() ? n : n - 1;
}

START_TEST(from_any_event_on_the_outcome_is_the_same)
{
  notes all = {.always = true};
  nep_verified *fresh = verify(archives[_i], 1, NULL, &all);
  uint64_t taken = 0;
  ck_assert_uint_gt(all.n, 1);
  ck_assert_uint_eq(fresh->taken_checks, 0);
  for (size_t i = 0; i < all.n; i += 1 + all.n / 12) {
    nep_verified *again = verify(archives[_i], 1 + (unsigned)(i % 3), &all.prefix[i], NULL);
    assert_same(again, fresh);
    ck_assert_uint_eq(again->taken_ballots, all.prefix[i].ballots - all.prefix[i].n_again);
    ck_assert_int_eq(again->taken_checks > 0, again->taken_ballots > 0);
    ck_assert_uint_ge(again->taken_ballots, taken);
    taken = again->taken_ballots;
    nep_verified_free(again);
  }
  nep_verified_free(fresh);
  forget(&all);
}
END_TEST

START_TEST(what_is_noted_at_the_end_does_not_depend_on_threads)
{
  notes one = {.always = false}, many = {.always = false};
  nep_verified_free(verify(archives[_i], 1, NULL, &one));
  nep_verified_free(verify(archives[_i], 5, NULL, &many));
  ck_assert_uint_eq(one.n, 1);
  ck_assert_uint_eq(many.n, 1);
  const nep_prefix *a = &one.prefix[0], *b = &many.prefix[0];
  ck_assert_uint_eq(a->bytes, b->bytes);
  ck_assert_uint_eq(a->ballots, b->ballots);
  ck_assert_mem_eq(a->sha256, b->sha256, 32);
  ck_assert_uint_eq(a->n_again, b->n_again);
  if (a->n_again > 0)
    ck_assert_mem_eq(a->again, b->again, a->n_again * sizeof *a->again);
  /* and what is noted when it was taken over is the same again */
  notes resumed = {.always = true};
  nep_verified_free(verify(archives[_i], 2, a, &resumed));
  const nep_prefix *c = &resumed.prefix[resumed.n - 1];
  ck_assert_uint_eq(c->bytes, a->bytes);
  ck_assert_uint_eq(c->ballots, a->ballots);
  ck_assert_uint_eq(c->n_again, a->n_again);
  for (size_t i = 0; i < resumed.n; i++) /* never less than was known */
    ck_assert_uint_ge(resumed.prefix[i].bytes, a->bytes);
  forget(&resumed);
  forget(&many);
  forget(&one);
}
END_TEST

START_TEST(another_archive_is_a_fault_and_nothing_is_taken_over)
{
  const char *path = POSITIVE "Ed25519-blank/election.bel";
  notes k = {.always = false}, none = {.always = true};
  nep_verified_free(verify(path, 1, NULL, &k));
  nep_prefix *p = &k.prefix[0];
  nep_verified *v = verify(POSITIVE "Ed25519-single/election.bel", 1, p, &none);
  ck_assert(has_fault(v, "archive-not-a-prefix"));
  ck_assert(!nep_verified_is_valid(v));
  ck_assert_uint_eq(v->taken_checks, 0);
  ck_assert_uint_eq(none.n, 0); /* the old notes are evidence */
  nep_verified_free(v);
  p->sha256[31] ^= 1;
  v = verify(path, 1, p, &none);
  ck_assert(has_fault(v, "archive-not-a-prefix"));
  nep_verified_free(v);
  p->sha256[31] ^= 1;
  p->bytes += 512; /* longer than the file */
  v = verify(path, 1, p, &none);
  ck_assert(has_fault(v, "archive-not-a-prefix"));
  nep_verified_free(v);
  forget(&k);
}
END_TEST

static void assert_no_verdict(const char *path, const nep_prefix *known)
{
  nep_verify_options options = {.jobs = 1, .known = known};
  nep_verified *v = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_verify_archive(path, &options, &v, &err), NEP_E_IO);
  ck_assert_ptr_null(v);
}

/* Notes that claim more than what was read: ballots after their bytes, bytes inside an event. */
START_TEST(notes_that_do_not_fit_their_own_bytes_give_no_verdict)
{
  const char *path = POSITIVE "Ed25519-blank/election.bel";
  notes all = {.always = true};
  nep_verified_free(verify(path, 1, NULL, &all));
  nep_prefix *p = &all.prefix[3];
  ck_assert_uint_eq(p->ballots, 3);
  p->ballots = 20;
  assert_no_verdict(path, p);
  p->ballots = 3;
  nep_buf file = {0};
  nep_error err;
  ck_assert_int_eq(nep_file_read(path, 1 << 24, &file, &err), NEP_OK);
  p->bytes += 512;
  nep_sha256_of(file.data, (size_t)p->bytes, p->sha256);
  assert_no_verdict(path, p);
  p->bytes = 0;
  nep_sha256_of("", 0, p->sha256);
  assert_no_verdict(path, p);
  nep_buf_free(&file);
  forget(&all);
}
END_TEST

START_TEST(ballots_in_which_something_was_found_are_not_covered)
{
  uint64_t again[] = {2, 3, 9};
  nep_prefix p = {.ballots = 10, .again = again, .n_again = 3}, copy = {0}, none = {.ballots = 0};
  static const bool covered[] = {true, false, false, true, true, true, true, true, false, true};
  for (uint64_t i = 1; i <= 10; i++)
    ck_assert_int_eq(nep_prefix_covers(&p, i), covered[i - 1]);
  ck_assert(!nep_prefix_covers(&p, 11));
  ck_assert(!nep_prefix_covers(&none, 1));
  nep_prefix_copy(&copy, &p);
  nep_prefix_copy(&copy, &copy);
  ck_assert(!nep_prefix_covers(&copy, 9) && nep_prefix_covers(&copy, 10));
  nep_prefix_free(&copy);
  nep_prefix_free(&copy);
}
END_TEST

static void count_bytes(void *ctx, uint64_t n)
{
  *(uint64_t *)ctx += n;
}

START_TEST(the_first_bytes_of_a_file)
{
  uint64_t told = 0;
  char *path = nep_sprintf("prefix-%d", (int)getpid());
  nep_error err;
  nep_prefix p = {.bytes = 70000};
  bool holds = false;
  nep_buf data = {0};
  for (size_t i = 0; i < 70001; i++)
    nep_buf_char(&data, (char)(i * 7));
  ck_assert_int_eq(nep_file_write(path, data.data, data.len, NEP_FILE_PUBLIC, &err), NEP_OK);
  nep_sha256_of(data.data, 70000, p.sha256);
  ck_assert_int_eq(nep_prefix_holds(path, &p, count_bytes, &told, &holds, &err), NEP_OK);
  ck_assert(holds);
  ck_assert_uint_eq(told, p.bytes);
  p.bytes = 70001;
  ck_assert_int_eq(nep_prefix_holds(path, &p, NULL, NULL, &holds, &err), NEP_OK);
  ck_assert(!holds);
  nep_sha256_of(data.data, 70001, p.sha256);
  ck_assert_int_eq(nep_prefix_holds(path, &p, NULL, NULL, &holds, &err), NEP_OK);
  ck_assert(holds);
  p.bytes = 70002;
  ck_assert_int_eq(nep_prefix_holds(path, &p, NULL, NULL, &holds, &err), NEP_OK);
  ck_assert(!holds);
  unlink(path);
  ck_assert_int_eq(nep_prefix_holds(path, &p, NULL, NULL, &holds, &err), NEP_E_IO);
  ck_assert(!holds);
  nep_buf_free(&data);
  free(path);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("verify_prefix");
  TCase *t = tcase_create("verify_prefix");
  tcase_set_timeout(t, 300);
  tcase_add_loop_test(t, from_any_event_on_the_outcome_is_the_same, 0, n_archives());
  tcase_add_loop_test(t, what_is_noted_at_the_end_does_not_depend_on_threads, 0, n_archives());
  tcase_add_test(t, another_archive_is_a_fault_and_nothing_is_taken_over);
  tcase_add_test(t, notes_that_do_not_fit_their_own_bytes_give_no_verdict);
  tcase_add_test(t, ballots_in_which_something_was_found_are_not_covered);
  tcase_add_test(t, the_first_bytes_of_a_file);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
