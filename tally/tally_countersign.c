/* nep-tally countersign: a mirror's word on the end of the vote, where there is no server to
   follow. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "records/tags.h"
#include "tally/tally_commands.h"
#include "tally/tally_evidence.h"
#include "tally/valid_archive.h"

/* The copy that this mirror had before: nothing of it may be gone. */
static nep_status check_earlier(const nep_arguments *a, nep_error *err)
{
  nep_verify_options options = {.earlier = nep_option(a, "earlier")};
  nep_verified *v = NULL;
  if (options.earlier == NULL)
    return NEP_OK;
  nep_status s = nep_verify_archive(nep_argument(a, 0), &options, &v, err);
  if (s == NEP_OK)
    s = nep_findings_status(&v->findings, err);
  nep_verified_free(v);
  return s;
}

static nep_status sign(const nep_arguments *a, const nep_verified *v, nep_error *err)
{
  nep_head head;
  nep_trust *trust = NULL;
  nep_buf message = {0};
  nep_end_ballots_head(v, &head);
  nep_clock_text(nep_clock_now(), head.time);
  nep_head_write(&head, &message);
  nep_status s = nep_trust_read(nep_option(a, "trust"), &trust, err);
  if (s == NEP_OK)
    s = nep_act_sign(a, trust, NEP_ROLE_MIRROR, NEP_ROLE_MIRROR, NEP_TAG_COUNTERSIGNATURE,
                     nep_buf_bytes(&message), err);
  if (s == NEP_OK)
    printf("archive valid, countersigned: height %" PRIu64 ", %" PRIu64 " bytes, event %s\n",
           head.height, head.size, head.event);
  nep_buf_free(&message);
  nep_trust_free(trust);
  return s;
}

int nep_tally_countersign_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_status s = nep_valid_archive(nep_argument(a, 0), &v, &err);
  if (s == NEP_OK)
    s = check_earlier(a, &err);
  if (s == NEP_OK && v->end_ballots_head[0] == '\0') {
    (void)nep_fail(&err, NEP_E_STATE, "phase", "archive",
                   "voting is not closed: its last event is %s", nep_event_name(v->phase));
    s = nep_advise(&err, "nep-tally close ends the vote");
  }
  if (s == NEP_OK)
    s = sign(a, v, &err);
  nep_verified_free(v);
  return nep_cli_end(s, &err);
}
