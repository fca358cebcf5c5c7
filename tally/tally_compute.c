/* nep-tally compute: the encrypted tally of a closed archive (protocol.md §10). */
#include <inttypes.h>
#include <stdio.h>

#include "tally/tally_commands.h"

static nep_status append(nep_archive *archive, const nep_verified *v, nep_error *err)
{
  nep_buf tally = {0}, sized = {0};
  nep_tally_write(v->tally, &tally);
  nep_tally_sized_write(v->tally, nep_buf_bytes(&tally), &sized);
  nep_bytes data[] = {nep_buf_bytes(&tally), nep_buf_bytes(&sized)};
  nep_status s = nep_archive_append(archive, NEP_EVENT_ENCRYPTED_TALLY, data, 2, err);
  nep_buf_free(&sized);
  nep_buf_free(&tally);
  return s;
}

int nep_tally_compute_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_archive *archive = NULL;
  nep_verified *v = NULL;
  nep_status s =
      nep_open_verified(nep_argument(a, 0), NEP_EVENT_ENCRYPTED_TALLY, &archive, &v, &err);
  if (s == NEP_OK)
    s = append(archive, v, &err);
  if (s == NEP_OK)
    printf("%" PRIu64 " ballots, %" PRIu64 " counted, total weight %" PRIu64 "\n", v->ballots,
           v->tally->num_tallied, v->tally->total_weight);
  nep_verified_free(v);
  nep_archive_close(archive);
  return nep_cli_end(s, &err);
}
