/* nep-verify archive FILE.bel; a folder or several files are the matter of verify_event.c */
#include <sys/stat.h>

#include "base/progress.h"
#include "crypto/engine.h"
#include "tally/state.h"
#include "tally/valid_archive.h"
#include "tally/verify_commands.h"

nep_status nep_verify_speed(const nep_arguments *a, unsigned *jobs, nep_error *err)
{
  const char *engine = nep_option(a, "engine");
  unsigned long number = 0;
  nep_status s = nep_option_number(a, "jobs", 1, 256, 0, &number, err);
  *jobs = (unsigned)number;
  return s == NEP_OK ? nep_engine_choose(engine ? engine : "auto", err) : s;
}

static bool is_event(const nep_arguments *a, const struct stat *st)
{
  return nep_argument(a, 1) || S_ISDIR(st->st_mode) || nep_option(a, "shard") ||
         nep_option(a, "report") || nep_option(a, "key") || nep_option(a, "casts");
}

static nep_status verify(const nep_arguments *a, unsigned jobs, nep_verified **v, nep_error *err)
{
  nep_progress progress;
  nep_state *state = NULL;
  nep_verify_options options = {.jobs = jobs,
                                .earlier = nep_option(a, "earlier"),
                                .progress = nep_show_bytes,
                                .progress_ctx = &progress};
  nep_status s = NEP_OK;
  if (nep_option(a, "state"))
    s = nep_state_open(nep_option(a, "state"), "archive", &state, err);
  if (s != NEP_OK)
    return s;
  nep_progress_start(&progress, "bytes", 0);
  s = nep_state_verify(state, "", nep_argument(a, 0), &options, NULL, v, err);
  nep_progress_end(&progress);
  if (s == NEP_OK)
    s = nep_state_end(state, err);
  nep_state_free(state);
  return s;
}

int nep_verify_archive_command(const nep_arguments *a)
{
  const char *path = nep_argument(a, 0);
  unsigned jobs = 0;
  struct stat st = {.st_size = 0};
  nep_verified *v = NULL;
  nep_error err = {0};
  if (nep_verify_speed(a, &jobs, &err) != NEP_OK) {
    (void)nep_cli_end(NEP_E_INPUT, &err);
    return NEP_EXIT_CANNOT;
  }
  (void)stat(path, &st); /* a missing file is reported when it is opened */
  if (is_event(a, &st))
    return nep_verify_event(a, jobs);
  nep_status s = verify(a, jobs, &v, &err);
  if (s != NEP_OK) {
    nep_verified_free(v);
    (void)nep_cli_end(s, &err);
    return NEP_EXIT_CANNOT;
  }
  if (nep_option(a, "json"))
    nep_verified_print_json(v);
  else
    nep_verified_print(path, v);
  int code = nep_verified_is_valid(v) ? NEP_EXIT_OK : NEP_EXIT_REFUSED;
  nep_verified_free(v);
  return code;
}
