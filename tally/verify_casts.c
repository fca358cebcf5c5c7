/* nep-verify casts: nobody changed the order of a voter's ballots (A23). */
#include "tally/valid_archive.h"
#include "tally/verify_commands.h"

int nep_verify_casts_command(const nep_arguments *a)
{
  unsigned jobs = 0;
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_findings f = {0};
  if (nep_verify_speed(a, &jobs, &err) != NEP_OK) {
    (void)nep_cli_end(NEP_E_INPUT, &err);
    return NEP_EXIT_CANNOT; /* nothing was checked, so no check failed */
  }
  nep_status s = nep_valid_archive_jobs(nep_argument(a, 1), jobs, &v, &err);
  if (s == NEP_OK)
    s = nep_casts_beside(nep_argument(a, 0), nep_argument(a, 1), v, jobs, &f, &err);
  int code = nep_cli_end(s, &err);
  if (s == NEP_OK) {
    if (nep_option(a, "json"))
      nep_findings_print_json(&f, NULL, 0);
    else
      nep_findings_print(&f, NULL, 0);
    code = f.n_faults == 0 ? NEP_EXIT_OK : NEP_EXIT_REFUSED;
  }
  nep_findings_free(&f);
  nep_verified_free(v);
  return code;
}
