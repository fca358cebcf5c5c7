/* nep-verify archive FILE.bel */
#include "base/progress.h"
#include "crypto/engine.h"
#include "tally/verify_commands.h"

static void show(void *progress, uint64_t done, uint64_t total)
{
  (void)total;
  nep_progress_step(progress, done);
}

static nep_status read_options(const nep_arguments *a, unsigned long *jobs, nep_error *err)
{
  const char *engine = nep_option(a, "engine");
  nep_status s = nep_option_number(a, "jobs", 1, 256, 0, jobs, err);
  return s == NEP_OK ? nep_engine_choose(engine ? engine : "auto", err) : s;
}

int nep_verify_archive_command(const nep_arguments *a)
{
  const char *path = nep_argument(a, 0);
  unsigned long jobs = 0;
  nep_progress progress;
  nep_verified *v = NULL;
  nep_error err = {0};
  if (read_options(a, &jobs, &err) != NEP_OK) {
    (void)nep_cli_end(NEP_E_INPUT, &err);
    return NEP_EXIT_CANNOT;
  }
  nep_progress_start(&progress, "bytes", 0);
  nep_verify_options options = {.jobs = (unsigned)jobs,
                                .earlier = nep_option(a, "earlier"),
                                .progress = show,
                                .progress_ctx = &progress};
  nep_status s = nep_verify_archive(path, &options, &v, &err);
  nep_progress_end(&progress);
  if (s != NEP_OK) {
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
