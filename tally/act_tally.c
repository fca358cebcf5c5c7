/* nep-tally act tally: an official or observer names the one tally that trustees may decrypt, after
   verifying the whole archive, the order of every voter's ballots, and that mirrors have seen the
   same end of the vote. */
#include <inttypes.h>
#include <stdio.h>

#include "records/tags.h"
#include "tally/tally_commands.h"
#include "tally/tally_evidence.h"
#include "tally/valid_archive.h"

static nep_status check_phase(const nep_verified *v, nep_error *err)
{
  if (v->phase == NEP_EVENT_ENCRYPTED_TALLY && v->tally_published)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_STATE, "phase", "archive",
                 "it must end with the encrypted tally of its ballots; its last event is %s",
                 nep_event_name(v->phase));
  return nep_advise(err, "nep-tally compute appends it when voting is closed");
}

static nep_status sign(const nep_arguments *a, const nep_verified *v, const nep_trust *trust,
                       nep_error *err)
{
  nep_tally_act act;
  nep_buf message = {0};
  nep_tally_act_expected(v, trust, &act);
  snprintf(act.closes, sizeof act.closes, "%s", nep_option(a, "closes"));
  nep_tally_act_write(&act, &message);
  nep_status s = nep_act_sign(a, trust, NEP_ROLE_OFFICIAL, NEP_ROLE_OBSERVER, NEP_TAG_TALLY_ACT,
                              nep_buf_bytes(&message), err);
  if (s == NEP_OK)
    printf("archive, cast statements and countersignatures valid, %" PRIu64
           " ballots count; signed: "
           "tally %s\n",
           v->tally->num_tallied, act.tally_hash);
  nep_buf_free(&message);
  return s;
}

int nep_act_tally_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_trust *trust = NULL;
  nep_verified *v = NULL;
  nep_status s = nep_trust_read(nep_option(a, "trust"), &trust, &err);
  if (s == NEP_OK)
    s = nep_valid_archive(nep_argument(a, 0), &v, &err);
  if (s == NEP_OK)
    s = check_phase(v, &err);
  if (s == NEP_OK)
    s = nep_casts_demanded(a, nep_argument(a, 0), v, &err);
  if (s == NEP_OK)
    s = nep_mirrors_demanded(a, v, trust, &err);
  if (s == NEP_OK)
    s = nep_tally_allowed(v, trust, nep_option(a, "closes"), &err);
  if (s == NEP_OK)
    s = sign(a, v, trust, &err);
  nep_verified_free(v);
  nep_trust_free(trust);
  return nep_cli_end(s, &err);
}
