/* Verification in pieces: each is done once, by whoever is there, before its thread goes on. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "server/service/cast_pieces.h"
#include "tests/support/run.h"

enum { MANY = 40, HELPERS = 3 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wanted = PTHREAD_COND_INITIALIZER;
static nep_pieces_board board;
static bool stopping;
static size_t by_helpers;
static pthread_t helper[HELPERS];

static void *help(void *unused)
{
  pthread_mutex_lock(&lock);
  while (!stopping) {
    if (nep_pieces_help(&board)) {
      by_helpers++;
      continue;
    }
    board.idle++;
    pthread_cond_wait(&wanted, &lock);
    board.idle--;
  }
  pthread_mutex_unlock(&lock);
  return unused;
}

static unsigned idle(void)
{
  pthread_mutex_lock(&lock);
  unsigned n = board.idle;
  pthread_mutex_unlock(&lock);
  return n;
}

static void start_helpers(size_t n)
{
  for (size_t i = 0; i < n; i++)
    ck_assert_int_eq(pthread_create(&helper[i], NULL, help, NULL), 0);
  while (idle() < n)
    usleep(1000);
}

static void stop_helpers(size_t n)
{
  pthread_mutex_lock(&lock);
  stopping = true;
  pthread_cond_broadcast(&wanted);
  pthread_mutex_unlock(&lock);
  for (size_t i = 0; i < n; i++)
    pthread_join(helper[i], NULL);
}

static void setup(void)
{
  stopping = false;
  by_helpers = 0;
  nep_pieces_board_start(&board, &lock, &wanted);
}

static void teardown(void)
{
  ck_assert_ptr_null(board.first);
  nep_pieces_board_end(&board);
}

typedef struct work {
  atomic_int times[MANY];
  atomic_int inside, most; /* threads at once */
  int expected;            /* as many at once, before any piece ends */
} work;

static void mark(void *ctx, size_t i)
{
  work *w = ctx;
  int inside = atomic_fetch_add(&w->inside, 1) + 1;
  if (inside > atomic_load(&w->most))
    atomic_store(&w->most, inside);
  do
    usleep(500);
  while (atomic_load(&w->most) < w->expected);
  atomic_fetch_add(&w->times[i], 1);
  atomic_fetch_sub(&w->inside, 1);
}

static void check_once(work *w, size_t n)
{
  ck_assert_int_eq(atomic_load(&w->inside), 0);
  for (size_t i = 0; i < MANY; i++)
    ck_assert_int_eq(atomic_load(&w->times[i]), i < n);
}

START_TEST(alone_a_thread_does_all_itself)
{
  for (size_t n = 0; n < 4; n++) {
    work w = {.expected = 0};
    nep_pieces_put_up(&board, n, mark, &w);
    check_once(&w, n);
  }
  pthread_mutex_lock(&lock);
  ck_assert(!nep_pieces_help(&board));
  pthread_mutex_unlock(&lock);
}
END_TEST

/* The first is called by who puts pieces up, each other one by the one before. */
START_TEST(idle_threads_are_called_and_waited_for)
{
  work w = {.expected = 1 + HELPERS};
  start_helpers(HELPERS);
  nep_pieces_put_up(&board, MANY, mark, &w);
  check_once(&w, MANY);
  stop_helpers(HELPERS);
  ck_assert_uint_ge(by_helpers, HELPERS);
  ck_assert_uint_lt(by_helpers, MANY);
}
END_TEST

START_TEST(nobody_is_called_for_one_piece)
{
  work w = {.expected = 0};
  start_helpers(1);
  nep_pieces_put_up(&board, 1, mark, &w);
  ck_assert_uint_eq(idle(), 1);
  stop_helpers(1);
  ck_assert_uint_eq(by_helpers, 0);
  check_once(&w, 1);
}
END_TEST

static void *put_up(void *w)
{
  nep_pieces_put_up(&board, MANY, mark, w);
  check_once(w, MANY);
  return NULL;
}

START_TEST(pieces_of_several_threads_are_kept_apart)
{
  enum { OWNERS = 3 };
  pthread_t owner[OWNERS];
  work w[OWNERS] = {{.expected = 0}};
  start_helpers(HELPERS);
  for (size_t i = 0; i < OWNERS; i++)
    ck_assert_int_eq(pthread_create(&owner[i], NULL, put_up, &w[i]), 0);
  for (size_t i = 0; i < OWNERS; i++)
    pthread_join(owner[i], NULL);
  stop_helpers(HELPERS);
  ck_assert_uint_gt(by_helpers, 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("cast_pieces");
  TCase *tc = tcase_create("cast_pieces");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, alone_a_thread_does_all_itself);
  tcase_add_test(tc, idle_threads_are_called_and_waited_for);
  tcase_add_test(tc, nobody_is_called_for_one_piece);
  tcase_add_test(tc, pieces_of_several_threads_are_kept_apart);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
