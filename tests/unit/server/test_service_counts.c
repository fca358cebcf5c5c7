/* Numbers of the roll and of registrations that anybody may ask for: right, and not counted for
   each who asks. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/random.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

static world_election e;

static void shows(int roll, int registered)
{
  nep_buf json = {0};
  nep_error err = {0};
  char *wanted = nep_sprintf("\"counts\":{\"roll\":%d,\"registered\":%d,", roll, registered);
  ck_assert_int_eq(nep_election_show(world, e.uuid, &json, &err), NEP_OK);
  ck_assert_msg(strstr(json.data, wanted) != NULL, "%s", json.data);
  free(wanted);
  nep_buf_free(&json);
}

/* Longer than what was counted is kept: twenty times a few milliseconds. */
static void wait_until_old(void)
{
  sleep(1);
}

static void *ask(void *unused)
{
  shows(3, 3);
  return unused;
}

static pthread_t counting;

static void ask_beside(void)
{
  ck_assert_int_eq(pthread_create(&counting, NULL, ask, NULL), 0);
  world_await_readers(1);
  shows(3, 3); /* what was counted last: nobody waits for what is being counted */
}

static void shows_all(void)
{
  shows(3, 3);
}

START_TEST(before_the_freeze_one_thread_counts_and_the_others_take_what_it_counted_last)
{
  world_open();
  world_registration(&e, 3, 4, 60);
  shows(3, 0);
  world_register_all(&e);
  wait_until_old();
  shows(3, 3);
  wait_until_old();
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
  shows(3, 3);
  wait_until_old();
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
