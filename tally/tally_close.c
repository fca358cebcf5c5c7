/* nep-tally close: EndBallots. */
#include <inttypes.h>
#include <stdio.h>

#include "tally/tally_commands.h"

int nep_tally_close_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_archive *archive = NULL;
  nep_verified *v = NULL;
  nep_status s = nep_open_verified(nep_argument(a, 0), NEP_EVENT_END_BALLOTS, &archive, &v, &err);
  if (s == NEP_OK)
    s = nep_archive_append(archive, NEP_EVENT_END_BALLOTS, NULL, 0, &err);
  if (s == NEP_OK)
    printf("closed with %" PRIu64 " ballots\n", v->ballots);
  nep_verified_free(v);
  nep_archive_close(archive);
  return nep_cli_end(s, &err);
}
