/* The list of an event's archives, and its parts: the same for everybody who has the same list. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "tally/event_list.h"
#include "tests/support/run.h"

#define TAIL "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static nep_event_list make(const uint64_t *sizes, size_t n)
{
  nep_event_list l = {0};
  nep_error err;
  for (size_t i = n; i-- > 0;) { /* not in order */
    char name[32];
    snprintf(name, sizeof name, "%c/%zu.bel", "ba"[i % 2], i);
    nep_event_list_add(&l, name, sizes[i], TAIL);
  }
  ck_assert_int_eq(nep_event_list_sort(&l, &err), NEP_OK);
  return l;
}

static const uint64_t sizes[] = {900, 10, 10, 500, 400, 0, 30, 30, 30, 7, 100000, 512};
enum { N = sizeof sizes / sizeof *sizes };

START_TEST(it_is_sorted_and_found_by_name)
{
  nep_event_list l = make(sizes, N);
  for (size_t i = 1; i < l.n; i++)
    ck_assert_int_lt(strcmp(l.files[i - 1].name, l.files[i].name), 0);
  for (size_t i = 0; i < l.n; i++)
    ck_assert_uint_eq(nep_event_list_find(&l, l.files[i].name), i);
  ck_assert_uint_eq(nep_event_list_find(&l, "a/1.be"), SIZE_MAX);
  nep_event_list_free(&l);
  ck_assert_uint_eq(nep_event_list_find(&l, "a/1.bel"), SIZE_MAX);
}
END_TEST

START_TEST(a_name_twice_is_refused)
{
  nep_event_list l = make(sizes, N);
  nep_error err = {0};
  nep_event_list_add(&l, "b/0.bel", 1, TAIL);
  ck_assert_int_eq(nep_event_list_sort(&l, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "archive-twice");
  ck_assert_str_eq(err.where, "b/0.bel");
  nep_event_list_free(&l);
}
END_TEST

START_TEST(its_hash_covers_names_sizes_and_tails)
{
  nep_event_list l = make(sizes, N);
  char hash[65], other[65];
  nep_event_list_hash(&l, hash);
  l.files[3].size++;
  nep_event_list_hash(&l, other);
  ck_assert_str_ne(hash, other);
  l.files[3].size--;
  l.files[3].tail[63] = '0';
  nep_event_list_hash(&l, other);
  ck_assert_str_ne(hash, other);
  l.files[3].tail[63] = 'f';
  l.files[3].name[0] = 'c';
  nep_event_list_hash(&l, other);
  ck_assert_str_ne(hash, other);
  nep_event_list_free(&l);
  l = make(sizes, N);
  nep_event_list_hash(&l, other);
  ck_assert_str_eq(hash, other);
  nep_event_list_free(&l);
  l = make(sizes, N - 1);
  nep_event_list_hash(&l, other);
  ck_assert_str_ne(hash, other);
  nep_event_list_free(&l);
}
END_TEST

/* The longest part is at most a third above the mean, or as long as the largest archive. */
START_TEST(each_archive_is_in_one_part_and_parts_are_balanced)
{
  nep_event_list l = make(sizes, N);
  unsigned of = (unsigned)_i;
  unsigned *part = nep_event_list_parts(&l, of), *again = nep_event_list_parts(&l, of);
  uint64_t *load = nep_alloc(of + 1, sizeof *load), longest = 0;
  for (size_t i = 0; i < l.n; i++) {
    ck_assert(part[i] >= 1 && part[i] <= of);
    ck_assert_uint_eq(part[i], again[i]);
    load[part[i]] += l.files[i].size;
  }
  for (unsigned k = 1; k <= of; k++)
    longest = load[k] > longest ? load[k] : longest;
  ck_assert(longest == 100000 || longest * 3 * of <= nep_event_list_bytes(&l) * 4);
  free(load);
  free(again);
  free(part);
  nep_event_list_free(&l);
}
END_TEST

START_TEST(with_as_many_parts_as_archives_each_has_one)
{
  nep_event_list l = make(sizes, N);
  unsigned *part = nep_event_list_parts(&l, N);
  for (size_t i = 0; i < l.n; i++)
    for (size_t k = 0; k < i; k++)
      ck_assert_uint_ne(part[i], part[k]);
  free(part);
  nep_event_list_free(&l);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("event_list");
  TCase *t = tcase_create("event_list");
  tcase_add_test(t, it_is_sorted_and_found_by_name);
  tcase_add_test(t, a_name_twice_is_refused);
  tcase_add_test(t, its_hash_covers_names_sizes_and_tails);
  tcase_add_loop_test(t, each_archive_is_in_one_part_and_parts_are_balanced, 1, 20);
  tcase_add_test(t, with_as_many_parts_as_archives_each_has_one);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
