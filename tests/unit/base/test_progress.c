/* Rate and time left of long work, with a clock that is made up. */
#include "base/progress.h"
#include "tests/support/run.h"

typedef struct run {
  nep_pace pace;
  int64_t now;
  uint64_t done;
} run;

/* The clock does not begin at 0, and the first step says that nothing is done yet. */
static run started(void)
{
  run r = {.now = 123456};
  nep_pace_note(&r.pace, r.now, 0);
  return r;
}

/* That long, with a step of `by` at the end of every `every` ms. */
static void work(run *r, int64_t ms, int64_t every, uint64_t by)
{
  for (int64_t end = r->now + ms; r->now < end;) {
    r->now += every;
    r->done += by;
    nep_pace_note(&r->pace, r->now, r->done);
  }
}

static double rate(const run *r)
{
  return nep_pace_rate(&r->pace, r->now, r->done);
}

/* -1 when it cannot be told. */
static double left(const run *r, uint64_t total)
{
  double seconds = -1;
  bool told = nep_pace_left(&r->pace, r->now, r->done, total, &seconds);
  ck_assert_int_eq(told, seconds >= 0);
  return seconds;
}

START_TEST(a_steady_rate_is_told_from_the_beginning)
{
  static const int64_t every[] = {1, 7, 50, 100, 130, 1000};
  for (size_t k = 0; k < sizeof every / sizeof *every; k++) {
    run r = started();
    for (int i = 0; i < 60; i++) {
      work(&r, 1000, every[k], 5 * (uint64_t)every[k]); /* 5,000 a second */
      ck_assert_double_eq_tol(rate(&r), 5000, 0.01);
      ck_assert_double_eq_tol(left(&r, r.done + 45000), 9, 0.01);
    }
  }
}
END_TEST

START_TEST(nothing_done_tells_no_time)
{
  run r = {.now = 1};
  ck_assert_double_eq(rate(&r), 0);
  ck_assert_double_lt(left(&r, 100), 0);
  r = started();
  ck_assert_double_lt(left(&r, 100), 0);
  work(&r, 60000, 10, 0);
  ck_assert_double_eq(rate(&r), 0);
  ck_assert_double_lt(left(&r, 100), 0);
  work(&r, 1000, 1000, 50);
  ck_assert_double_gt(left(&r, 100), 0);
}
END_TEST

START_TEST(an_unknown_total_and_one_that_was_passed_tell_no_time)
{
  run r = started();
  work(&r, 20000, 100, 100);
  ck_assert_double_lt(left(&r, 0), 0);
  ck_assert_double_lt(left(&r, r.done - 1), 0);
  ck_assert_double_eq(left(&r, r.done), 0);
  ck_assert_double_eq_tol(rate(&r), 1000, 0.01);
}
END_TEST

START_TEST(a_slow_part_after_a_fast_one_is_followed_within_the_span)
{
  run r = started();
  work(&r, 60000, 50, 5000); /* 100,000 a second */
  work(&r, 5000, 50, 50);    /* 1,000 a second */
  ck_assert_double_gt(rate(&r), 1100);
  work(&r, NEP_PACE_SPAN_MS - 5000 + NEP_PACE_EVERY_MS, 50, 50);
  ck_assert_double_eq_tol(rate(&r), 1000, 0.01);
  ck_assert_double_eq_tol(left(&r, r.done + 7000), 7, 0.01);
  work(&r, NEP_PACE_SPAN_MS + NEP_PACE_EVERY_MS, 50, 5000);
  ck_assert_double_eq_tol(rate(&r), 100000, 0.01);
}
END_TEST

/* 3,000 ballots of 4,000 were in the state and are read in 200 ms; the others take 8 s. */
START_TEST(what_was_taken_over_counts_for_no_longer_than_it_took)
{
  run r = started();
  work(&r, 200, 1, 15);
  work(&r, 200 + NEP_PACE_EVERY_MS, 8, 1);
  for (int i = 0; i < 70; i++) {
    work(&r, 104, 8, 1);
    ck_assert_double_eq_tol(rate(&r), 125, 0.01);
    ck_assert_double_eq_tol(left(&r, 4000), (double)(4000 - r.done) / 125, 0.01);
  }
}
END_TEST

/* What the first step says was not done in this run. */
START_TEST(a_first_step_that_is_far_tells_no_rate)
{
  run r = {.now = 1000, .done = 3000000};
  nep_pace_note(&r.pace, r.now, r.done);
  r.now += 300;
  ck_assert_double_eq(rate(&r), 0);
  ck_assert_double_lt(left(&r, 4000000), 0);
  work(&r, 500, 100, 1000);
  ck_assert_double_lt(rate(&r), 10000.01);
  ck_assert_double_gt(left(&r, 4000000), 99);
}
END_TEST

START_TEST(a_jump_in_between_is_forgotten_after_the_span)
{
  run r = started();
  work(&r, 30000, 100, 100);
  work(&r, 100, 100, 50000000);
  ck_assert_double_gt(rate(&r), 1000000);
  work(&r, NEP_PACE_SPAN_MS + NEP_PACE_EVERY_MS, 100, 100);
  ck_assert_double_eq_tol(rate(&r), 1000, 0.01);
}
END_TEST

/* Steps of 25 s: whole archives. */
START_TEST(steps_further_apart_than_the_span_have_a_rate_that_sinks_between_them)
{
  run r = started();
  for (int i = 0; i < 20; i++) {
    work(&r, 25000, 25000, 1000000);
    ck_assert_double_eq_tol(rate(&r), 40000, 0.01);
    r.now += 12500; /* a step that stays away */
    nep_pace_note(&r.pace, r.now, r.done);
    ck_assert_double_lt(rate(&r), 40000);
    ck_assert_double_gt(rate(&r), 20000);
    r.now -= 12500;
  }
}
END_TEST

START_TEST(a_count_that_goes_back_begins_anew)
{
  run r = started();
  work(&r, 20000, 100, 100000);
  r.done = 10;
  work(&r, 100, 100, 0);
  ck_assert_double_eq(rate(&r), 0);
  work(&r, 1000, 100, 1);
  ck_assert_double_eq_tol(rate(&r), 10, 0.01);
}
END_TEST

START_TEST(pieces_add_up_whether_shown_or_not)
{
  nep_progress p;
  nep_progress_start(&p, "bytes", 100);
  nep_progress_grow(&p, 30);
  nep_progress_grow(&p, 12);
  ck_assert_uint_eq(p.done, 42);
  nep_progress_step(&p, 50);
  nep_progress_grow(&p, 1);
  ck_assert_uint_eq(p.done, 51);
  nep_progress_end(&p);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base/progress");
  TCase *tc = tcase_create("progress");
  tcase_add_test(tc, a_steady_rate_is_told_from_the_beginning);
  tcase_add_test(tc, nothing_done_tells_no_time);
  tcase_add_test(tc, an_unknown_total_and_one_that_was_passed_tell_no_time);
  tcase_add_test(tc, a_slow_part_after_a_fast_one_is_followed_within_the_span);
  tcase_add_test(tc, what_was_taken_over_counts_for_no_longer_than_it_took);
  tcase_add_test(tc, a_first_step_that_is_far_tells_no_rate);
  tcase_add_test(tc, a_jump_in_between_is_forgotten_after_the_span);
  tcase_add_test(tc, steps_further_apart_than_the_span_have_a_rate_that_sinks_between_them);
  tcase_add_test(tc, a_count_that_goes_back_begins_anew);
  tcase_add_test(tc, pieces_add_up_whether_shown_or_not);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
