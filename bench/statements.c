/* What it costs to verify the cast statements of an archive's ballots beside the archive itself:
   minima over repetitions, in turns. bench/verify.sh makes the files. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/exitcode.h"
#include "base/process.h"
#include "crypto/engine.h"
#include "records/casts_verify.h"

enum { ROUNDS = 12 };

typedef struct files {
  const char *casts, *archive;
  const nep_verified *v;
} files;

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void require(bool holds, const char *what)
{
  if (holds)
    return;
  fprintf(stderr, "bench/statements: %s\n", what);
  exit(NEP_EXIT_CANNOT);
}

static nep_verified *verify_archive(const char *path)
{
  nep_verify_options options = {.jobs = 1};
  nep_verified *v = NULL;
  nep_error err = {0};
  require(nep_verify_archive(path, &options, &v, &err) == NEP_OK && nep_verified_is_valid(v) &&
              v->ballots > 0,
          "the archive is not valid, or has no ballots");
  return v;
}

static double time_archive(const files *f)
{
  double start = now();
  nep_verified_free(verify_archive(f->archive));
  return now() - start;
}

static double time_statements(const files *f, unsigned jobs)
{
  const nep_casts_options options = {.jobs = jobs};
  nep_findings found = {0};
  nep_error err = {0};
  double start = now();
  nep_status st = nep_casts_verify(f->casts, f->archive, f->v, &options, &found, &err);
  double took = now() - start;
  require(st == NEP_OK && found.n_faults == 0, "the statements are not valid");
  nep_findings_free(&found);
  return took;
}

static double smaller(double a, double b)
{
  return a < b ? a : b;
}

int main(int argc, char **argv)
{
  nep_process_start();
  if (argc != 3) {
    fputs("usage: bench/statements FILE.casts FILE.bel\n", stderr);
    return NEP_EXIT_CANNOT;
  }
  nep_verified *v = verify_archive(argv[2]);
  const files f = {argv[1], argv[2], v};
  double archive = 1e9, one = 1e9, two = 1e9;
  for (int i = 0; i < ROUNDS; i++) {
    archive = smaller(archive, time_archive(&f));
    one = smaller(one, time_statements(&f, 1));
    two = smaller(two, time_statements(&f, 2));
  }
  double each = 1e6 / (double)v->ballots;
  printf("cast statements of %llu ballots, %s\n", (unsigned long long)v->ballots,
         nep_engine_name());
  printf("%-46s %7.1f us, a ballot of the archive %.1f us\n", "a statement beside its ballot",
         one * each, archive * each);
  printf("%-46s %7.3f of a ballot\n", "a statement beside its ballot", one / archive);
  printf("%-46s %7.3f times\n", "2 threads against 1, statements", one / two);
  nep_verified_free(v);
  return NEP_EXIT_OK;
}
