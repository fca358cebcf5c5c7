/* The same main for every unit test program: runs a suite, prints each test, fails when none ran.
 */
#ifndef NEP_TESTS_RUN_H
#define NEP_TESTS_RUN_H

#include <check.h>
#include <stdlib.h>

#include "base/random.h"

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
