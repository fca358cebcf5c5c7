/* nep-verify challenges: the board of challenges never counts (A26). */
#include <inttypes.h>
#include <stdio.h>

#include "records/challenge_board.h"
#include "tally/valid_archive.h"
#include "tally/verify_commands.h"

int nep_verify_challenges_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_findings f = {0};
  uint64_t challenges = 0;
  nep_status s = nep_valid_archive(nep_argument(a, 1), &v, &err);
  if (s == NEP_OK)
    s = nep_board_verify(nep_argument(a, 0), nep_argument(a, 1), v, &challenges, &f, &err);
  int code = nep_cli_end(s, &err);
  if (s == NEP_OK && nep_option(a, "json")) {
    nep_findings_print_json(&f, NULL, 0);
  } else if (s == NEP_OK) {
    printf("%10" PRIu64 "  challenges on the board\n%10" PRIu64 "  ballots in the archive\n",
           challenges, v->ballots);
    nep_findings_print(&f, NULL, 0);
  }
  if (s == NEP_OK)
    code = f.n_faults == 0 ? NEP_EXIT_OK : NEP_EXIT_REFUSED;
  nep_findings_free(&f);
  nep_verified_free(v);
  return code;
}
