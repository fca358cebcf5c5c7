/* Verifies the archives named on standard input, a line each, in one process (starting a program
   for each of hundreds would take minutes under the sanitizers). Prints for each: number of checks,
   "valid" or "invalid", then its codes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/process.h"
#include "protocol/verify.h"

static int report(const char *path)
{
  nep_verify_options options = {.jobs = 1};
  nep_verified *v = NULL;
  nep_error err = {0};
  uint64_t checks = 0;
  if (nep_verify_archive(path, &options, &v, &err) != NEP_OK) {
    fprintf(stderr, "%s: %s\n", path, err.reason);
    return 2;
  }
  for (size_t i = 0; i < v->findings.n_checks; i++)
    checks += v->findings.checks[i].run;
  printf("%" PRIu64 " %s", checks, nep_verified_is_valid(v) ? "valid" : "invalid");
  for (size_t i = 0; i < v->findings.n_faults; i++)
    printf(" %s", v->findings.faults[i].code);
  printf("\n");
  nep_verified_free(v);
  return 0;
}

int main(void)
{
  char path[4096];
  int code = 0;
  nep_process_start();
  while (code == 0 && fgets(path, sizeof path, stdin)) {
    path[strcspn(path, "\n")] = '\0';
    code = report(path);
  }
  return code;
}
