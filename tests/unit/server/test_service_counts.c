/* Numbers of the roll and of registrations that anybody may ask for: right, and not counted for
   each who asks. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

static world_election e;

static bool shows(int roll, int registered)
{
  nep_buf json = {0};
  nep_error err = {0};
  char *wanted = nep_sprintf("\"counts\":{\"roll\":%d,\"registered\":%d,", roll, registered);
  ck_assert_int_eq(nep_election_show(world, e.uuid, &json, &err), NEP_OK);
  bool shown = strstr(json.data, wanted) != NULL;
  free(wanted);
  nep_buf_free(&json);
  return shown;
}

/* What was counted is kept for a while, as long as counting took times twenty. */
static void shows_soon(int roll, int registered)
{
  int64_t until = nep_clock_ms() + 20000;
  while (!shows(roll, registered)) {
    ck_assert_int_lt(nep_clock_ms(), until);
    usleep(20000);
  }
}

static pthread_t counting;
static atomic_bool enough;

/* Asks until it is this thread that counts, and longer. */
static void *ask(void *unused)
{
  while (!atomic_load(&enough)) {
    ck_assert(shows(3, 3));
    usleep(20000);
  }
  return unused;
}

static void ask_beside(void)
{
  ck_assert_int_eq(pthread_create(&counting, NULL, ask, NULL), 0);
  world_await_readers(1);
  ck_assert(shows(3, 3)); /* what was counted last: nobody waits for what is being counted */
  atomic_store(&enough, true);
}

static void shows_all(void)
{
  ck_assert(shows(3, 3));
}

START_TEST(before_the_freeze_one_thread_counts_and_the_others_take_what_it_counted_last)
{
  world_open();
  world_registration(&e, 3, 30, 60);
  ck_assert(shows(3, 0));
  world_register_all(&e);
  shows_soon(3, 3);
  world_while_locked("registry.rolls", ask_beside);
  pthread_join(counting, NULL);
  world_election_free(&e);
  world_close();
}
END_TEST

START_TEST(after_the_freeze_nobody_counts_again)
{
  world_open();
  world_frozen(&e, 3, 2, 60);
  ck_assert(shows(3, 3));
  sleep(1); /* longer than what is not final is kept, as a rule */
  world_while_locked("registry.rolls", shows_all);
  world_election_free(&e);
  world_close();
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service/counts");
  TCase *tests = tcase_create("counts");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests,
                 before_the_freeze_one_thread_counts_and_the_others_take_what_it_counted_last);
  tcase_add_test(tests, after_the_freeze_nobody_counts_again);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
