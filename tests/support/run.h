/* The same main for every unit test program: runs a suite, prints each test, fails when none ran.
 */
#ifndef NEP_TESTS_RUN_H
#define NEP_TESTS_RUN_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/random.h"

/* Whether there is time for a long run: NEP_TEST_LONG is set and not empty. ./test.sh exports it
   empty without --long. */
static inline bool nep_test_long(void)
{
  const char *set = getenv("NEP_TEST_LONG");
  return set && set[0];
}

/* Of n places of a text, of which each is to be tried, every how many are tried: each where there
   is time for it. Under a sanitizer, where a case takes several times as long, it is about a
   thousand of them. */
static inline size_t nep_test_step(size_t n)
{
#ifdef __SANITIZE_ADDRESS__
  return nep_test_long() ? 1 : 1 + n / 1000;
#else
  (void)n;
  return 1;
#endif
}

/* Runs and frees the suite; the value is what main returns. */
static inline int nep_run_suite(Suite *suite)
{
  nep_random_start();
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_VERBOSE);
  int bad = srunner_ntests_failed(runner) > 0 || srunner_ntests_run(runner) == 0;
  srunner_free(runner);
  return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
