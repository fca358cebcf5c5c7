/* A ring: everything worked on once and taken out in order, with any number of threads. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/ring.h"
#include "tests/support/run.h"

enum { MANY = 1000, TOGETHER = 5, BAD = 137 };

typedef struct thing {
  char *held; /* made once, kept for the things that come later to the same place */
  size_t number;
  unsigned worked;
} thing;

typedef struct log {
  atomic_size_t worked, most_together;
  size_t taken, bad;
  atomic_int held;
} log_book;

static log_book *book; /* what `empty` has no other way to */

static void work(void *ctx, void *const *things, size_t n)
{
  log_book *b = ctx;
  atomic_fetch_add(&b->worked, n);
  if (n > atomic_load(&b->most_together))
    atomic_store(&b->most_together, n);
  for (size_t i = 0; i < n; i++) {
    thing *t = things[i];
    if (i > 0)
      ck_assert_uint_eq(t->number, ((thing *)things[i - 1])->number + 1);
    t->worked++;
  }
}

static nep_status take(void *ctx, void *place, nep_error *err)
{
  log_book *b = ctx;
  thing *t = place;
  ck_assert_uint_eq(t->number, b->taken);
  ck_assert_uint_eq(t->worked, 1);
  t->worked = 0;
  if (b->taken++ == b->bad)
    return nep_fail(err, NEP_E_CHECK, "bad-thing", "thing", "it is bad");
  return NEP_OK;
}

static void empty(void *place)
{
  thing *t = place;
  if (t->held != NULL)
    atomic_fetch_sub(&book->held, 1);
  free(t->held);
}

static nep_ring *start(log_book *b, unsigned jobs)
{
  const nep_ring_plan plan = {.size = sizeof(thing),
                              .together = TOGETHER,
                              .ctx = b,
                              .work = work,
                              .take = take,
                              .empty = empty};
  book = b;
  return nep_ring_new(&plan, jobs);
}

static nep_status put(nep_ring *r, log_book *b, size_t number, nep_error *err)
{
  void *place;
  nep_status status = nep_ring_next(r, &place, err);
  if (status != NEP_OK)
    return status;
  thing *t = place;
  if (t->held == NULL) {
    t->held = nep_alloc(1, 1);
    atomic_fetch_add(&b->held, 1);
  }
  t->number = number;
  nep_ring_put(r);
  return NEP_OK;
}

START_TEST(each_thing_is_worked_on_once_and_taken_out_in_order)
{
  static const size_t sizes[] = {0, 1, TOGETHER, TOGETHER + 1, MANY};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    for (unsigned jobs = 1; jobs < 6; jobs++) {
      log_book b = {.bad = MANY};
      nep_error err = {0};
      nep_ring *r = start(&b, jobs);
      for (size_t i = 0; i < sizes[s]; i++)
        ck_assert_int_eq(put(r, &b, i, &err), NEP_OK);
      ck_assert_int_eq(nep_ring_drain(r, &err), NEP_OK);
      ck_assert_uint_eq(b.taken, sizes[s]);
      ck_assert_uint_eq(b.worked, sizes[s]);
      ck_assert_uint_eq(nep_ring_count_in(r), sizes[s]);
      ck_assert_uint_eq(nep_ring_count_out(r), sizes[s]);
      ck_assert_uint_le(b.most_together, TOGETHER);
      nep_ring_free(r);
      ck_assert_int_eq(b.held, 0);
    }
}
END_TEST

/* One thread waits until there is no place left, and then works on all that are there. */
START_TEST(one_thread_works_on_as_many_together_as_are_asked_for)
{
  log_book b = {.bad = MANY};
  nep_error err = {0};
  nep_ring *r = start(&b, 1);
  for (size_t i = 0; i < TOGETHER; i++)
    ck_assert_int_eq(put(r, &b, i, &err), NEP_OK);
  ck_assert_uint_eq(b.worked, 0);
  ck_assert_int_eq(put(r, &b, TOGETHER, &err), NEP_OK);
  ck_assert_uint_eq(b.worked, TOGETHER);
  ck_assert_uint_eq(b.most_together, TOGETHER);
  ck_assert_uint_eq(b.taken, 1);
  nep_ring_free(r);
}
END_TEST

START_TEST(what_cannot_be_taken_out_ends_it)
{
  for (unsigned jobs = 1; jobs < 6; jobs++) {
    log_book b = {.bad = BAD};
    nep_error err = {0};
    nep_status status = NEP_OK;
    nep_ring *r = start(&b, jobs);
    for (size_t i = 0; status == NEP_OK && i < MANY; i++)
      status = put(r, &b, i, &err);
    ck_assert_int_eq(status, NEP_E_CHECK);
    ck_assert_str_eq(err.code, "bad-thing");
    ck_assert_uint_eq(b.taken, BAD + 1);
    nep_ring_free(r);
    ck_assert_int_eq(b.held, 0);
  }
}
END_TEST

START_TEST(what_was_not_taken_out_is_dropped)
{
  for (unsigned jobs = 1; jobs < 6; jobs++) {
    log_book b = {.bad = MANY};
    nep_error err = {0};
    nep_ring *r = start(&b, jobs);
    for (size_t i = 0; i < TOGETHER; i++)
      ck_assert_int_eq(put(r, &b, i, &err), NEP_OK);
    nep_ring_free(r);
    ck_assert_uint_eq(b.taken, 0);
    ck_assert_int_eq(b.held, 0);
  }
  nep_ring_free(NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base/ring");
  TCase *tc = tcase_create("ring");
  tcase_add_test(tc, each_thing_is_worked_on_once_and_taken_out_in_order);
  tcase_add_test(tc, one_thread_works_on_as_many_together_as_are_asked_for);
  tcase_add_test(tc, what_cannot_be_taken_out_ends_it);
  tcase_add_test(tc, what_was_not_taken_out_is_dropped);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
