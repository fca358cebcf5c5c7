/* Makes the archives of an event for measurements and tests: one file for each constituency, every
   ballot valid, the same bytes from the same seed. Keys and credentials follow from the seed and
   are no secret. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/exitcode.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/spread.h"
#include "bench/event.h"
#include "bench/seeded.h"

typedef struct arguments {
  nep_event_plan plan;
  const char *seed, *out;
} arguments;

static nep_status make_event(const arguments *a, nep_error *err)
{
  nep_event_trustee trustee;
  if (mkdir(a->out, 0755) != 0 && errno != EEXIST)
    return nep_fail(err, NEP_E_IO, "folder", a->out, "%s", strerror(errno));
  nep_status st = nep_event_trustee_make(&a->plan, &trustee, err);
  for (uint64_t c = 1; st == NEP_OK && c <= a->plan.constituencies; c++) {
    char *path = nep_sprintf("%s/%06llu.bel", a->out, (unsigned long long)c);
    st = nep_event_archive(&a->plan, &trustee, c, path, err);
    free(path);
  }
  nep_event_trustee_free(&trustee);
  return st;
}

static const struct argp_option options[] = {
    {"group", 'g', "NAME", 0, "Ed25519 (default), BELENIOS-2048 or RFC-3526-2048", 0},
    {"constituencies", 'c', "N", 0, "archives, named 000001.bel, 000002.bel, ... (1)", 0},
    {"voters", 'v', "N", 0, "credentials of each (100)", 0},
    {"ballots", 'b', "N", 0,
     "ballots of each (one a voter); when there are more, voters vote again in turns", 0},
    {"candidates", 'a', "N", 0, "answers of the question, of which 1 to 3 are chosen (5)", 0},
    {"no-blank", 'n', NULL, 0, "no blank vote is allowed", 0},
    {"tally", 't', NULL, 0, "to the end: tally, partial decryption, result", 0},
    {"casts", 'k', NULL, 0, "with the voters' cast statements: 000001.casts, ...", 0},
    {"seed", 's', "TEXT", 0, "what everything follows from (\"1\")", 0},
    {"jobs", 'j', "N", 0, "threads (one a processor); the bytes do not depend on them", 0},
    {"out", 'o', "FOLDER", 0, "made if need be; a file that is there is not overwritten", 0},
    {0}};

static unsigned long number(struct argp_state *state, const char *name, const char *arg,
                            unsigned long max)
{
  char *end;
  errno = 0;
  unsigned long n = strtoul(arg, &end, 10);
  if (errno != 0 || end == arg || *end != '\0' || *arg == '-' || n == 0 || n > max)
    argp_error(state, "--%s: %s is not a number from 1 to %lu", name, arg, max);
  return n;
}

static nep_status choose_group(nep_event_plan *p, const char *name)
{
  p->group = nep_group_find(name, strlen(name));
  return p->group ? NEP_OK : NEP_E_INPUT;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  arguments *a = state->input;
  nep_event_plan *p = &a->plan;
  switch (key) {
  case 'g':
    if (choose_group(p, arg) != NEP_OK)
      argp_error(state, "--group: %s is not a known group", arg);
    return 0;
  case 'c':
    p->constituencies = number(state, "constituencies", arg, 999999);
    return 0;
  case 'v':
    p->voters = number(state, "voters", arg, 3000000);
    return 0;
  case 'b':
    p->ballots = number(state, "ballots", arg, 100000000);
    return 0;
  case 'a':
    p->candidates = (unsigned)number(state, "candidates", arg, NEP_ANSWERS_MAX);
    return 0;
  case 'n':
    p->no_blank = true;
    return 0;
  case 't':
    p->tally = true;
    return 0;
  case 'k':
    p->casts = true;
    return 0;
  case 's':
    a->seed = arg;
    return 0;
  case 'j':
    p->jobs = (unsigned)number(state, "jobs", arg, 1024);
    return 0;
  case 'o':
    a->out = arg;
    return 0;
  case ARGP_KEY_END:
    if (a->out == NULL)
      argp_error(state, "--out is needed");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int main(int argc, char **argv)
{
  static const struct argp argp = {
      options, parse, NULL, "Makes the archives of an event for measurements, from a seed.",
      0,       0,     0};
  arguments a = {.plan = {.constituencies = 1, .voters = 100, .candidates = 5}, .seed = "1"};
  nep_error err = {0};
  a.plan.jobs = nep_jobs(0);
  (void)!choose_group(&a.plan, "Ed25519");
  nep_process_start();
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  if (a.plan.ballots == 0)
    a.plan.ballots = a.plan.voters;
  nep_seeded_start(a.seed);
  if (make_event(&a, &err) == NEP_OK)
    return NEP_EXIT_OK;
  char line[1024];
  fprintf(stderr, "%s\n", nep_error_line(&err, line, sizeof line));
  return NEP_EXIT_CANNOT;
}
