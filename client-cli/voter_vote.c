/* nep-voter vote: verifies the ballot paper, has the ballot made here and casts it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/terminal.h"
#include "client-cli/cast.h"
#include "client-cli/cast_place.h"
#include "client-cli/folder.h"
#include "client-cli/make_ballot.h"
#include "client-cli/paper_signed.h"
#include "client-cli/setup_pin.h"
#include "client-cli/trust_pin.h"
#include "client-cli/voter.h"
#include "crypto/hash.h"

/* From the folder, or typed when this device has none. */
static nep_status get_credential(nep_voter *v, const char *uuid,
                                 char credential[NEP_CREDENTIAL_LENGTH + 1], nep_error *err)
{
  nep_buf line = {0};
  nep_status status = nep_folder_credential_load(v->dir, uuid, "", credential, err);
  if (status != NEP_E_NOT_FOUND)
    return status;
  fprintf(stderr, "%s\n", _("This folder has no credential for the election."));
  status = nep_ask(_("Your credential (XXXXX-XXXXXX-XXXXX-XXXXXX): "), 1, 64, &line, err);
  if (status == NEP_OK && !nep_credential_is_valid(line.data, line.len)) {
    status = nep_fail(err, NEP_E_INPUT, "credential-form", _("credential"),
                      _("has not the form XXXXX-XXXXXX-XXXXX-XXXXXX"));
    nep_advise(err, "%s", _("register first, or type the credential exactly as it was shown"));
  }
  if (status == NEP_OK)
    memcpy(credential, line.data, NEP_CREDENTIAL_LENGTH + 1);
  nep_buf_wipe(&line);
  return status;
}

static nep_status on_the_list(const nep_paper *paper, const char *credential, nep_error *err)
{
  const nep_group *g = paper->election->group;
  nep_scalar key;
  nep_element e;
  char public[NEP_ELEMENT_TEXT_MAX];
  size_t place;
  nep_credential_key(g, paper->election->uuid, credential, &key);
  nep_element_exp_g(g, &e, &key);
  nep_scalar_wipe(&key);
  size_t len = nep_element_text(g, &e, public);
  if (nep_credentials_find(paper->credentials, public, len, &place))
    return NEP_OK;
  nep_fail(err, NEP_E_CHECK, "credential-unlisted", public,
           _("your credential is not on the published list of this election"));
  return nep_advise(err, "%s",
                    _("check that you registered for this election with this folder; tell the "
                      "commission when you did"));
}

static void report(const nep_voter *v, const nep_cast_receipt *r, unsigned n)
{
  char *path = nep_folder_cast_path(v->dir, r->uuid, NEP_CAST_RECEIPT, n);
  printf(_("Your ballot was accepted at %s as number %llu of the public record.\n"), r->time,
         (unsigned long long)r->height);
  printf(_("The signed receipt is %s. Until voting closes you can vote again; only the last ballot "
           "counts.\n"),
         path);
  free(path);
}

static nep_status cast(nep_voter *v, const nep_paper *paper, unsigned n, nep_error *err)
{
  nep_cast_receipt receipt;
  nep_status status = nep_cast_send(v, paper, n, &receipt, err);
  if (status == NEP_OK)
    report(v, &receipt, n);
  return status;
}

static nep_status vote_anew(nep_voter *v, const nep_paper *paper, unsigned n, nep_error *err)
{
  bool made = false;
  nep_cast_place place = {0};
  char credential[NEP_CREDENTIAL_LENGTH + 1] = "";
  nep_status status = get_credential(v, paper->election->uuid, credential, err);
  if (status == NEP_OK)
    status = on_the_list(paper, credential, err);
  if (status == NEP_OK)
    status = nep_setup_pin(v->dir, paper->election->uuid, paper->setup_hash, err);
  if (status == NEP_OK)
    status = nep_cast_place_find(v, paper->election, credential, &place, err);
  if (status == NEP_OK)
    status = nep_voter_make_ballot(v, paper->election, credential, n, &place, &made, err);
  nep_wipe(credential, sizeof credential);
  return status == NEP_OK && made ? cast(v, paper, n, err) : status;
}

/* The number of the first ballot whose receipt never came or was lost, 0 for none. */
static unsigned pending(const nep_voter *v, const char *uuid)
{
  unsigned last = nep_folder_casts(v->dir, uuid, NEP_CAST_BALLOT);
  for (unsigned n = 1; n <= last; n++)
    if (nep_folder_has_cast(v->dir, uuid, NEP_CAST_BALLOT, n) &&
        !nep_folder_has_cast(v->dir, uuid, NEP_CAST_RECEIPT, n))
      return n;
  return 0;
}

static nep_status vote(nep_voter *v, const nep_paper *paper, nep_error *err)
{
  const char *uuid = paper->election->uuid;
  unsigned waiting = pending(v, uuid);
  unsigned last = nep_folder_casts(v->dir, uuid, NEP_CAST_BALLOT);
  unsigned refused = nep_folder_casts(v->dir, uuid, NEP_CAST_REFUSED);
  if (waiting == 0)
    return vote_anew(v, paper, (last > refused ? last : refused) + 1, err);
  fprintf(stderr, "%s\n",
          _("A ballot was made earlier and its receipt never came: it is sent again unchanged. "
            "To choose anew, run vote once more afterwards."));
  return cast(v, paper, waiting, err);
}

/* A25: before anything is encrypted it must be what officials with pinned keys have signed; the
   trust file pins the server's receipts, too. */
static nep_status check_signed(nep_voter *v, const nep_summary *s, const nep_paper *paper,
                               nep_error *err)
{
  nep_trust *trust = NULL;
  nep_status status = nep_trust_pin(v->http, v->dir, v->trust, s, &trust, err);
  if (status == NEP_OK)
    status = nep_paper_acts(v->http, paper, trust, err);
  if (status == NEP_OK)
    status = nep_trust_names_key(trust, v->key, err);
  nep_trust_free(trust);
  return status;
}

/* The phase is nothing that the server has signed. So it keeps back no ballot that was made
   already, which gets its receipt or a signed refusal in every phase (PROTOCOL-ADDITIONS 3.3, 3.4),
   and nobody who insists. */
static nep_status check_phase(const nep_voter *v, const nep_summary *s, nep_error *err)
{
  if (strcmp(s->phase, "open") == 0 || v->anyway || pending(v, s->uuid) > 0)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_STATE, "not-open", s->uuid, _("voting is not open: %s"),
                 nep_phase_name(s->phase));
  return nep_advise(err, "%s",
                    _("when it should be open by the times that the commission has published, run "
                      "vote with --anyway: the server must then accept the ballot or sign that it "
                      "refuses it"));
}

nep_status nep_voter_vote(nep_voter *v, nep_error *err)
{
  const char *uuid;
  nep_summary summary = {0};
  nep_paper paper = {0};
  nep_status status = nep_voter_election(v, &uuid, err);
  if (status == NEP_OK)
    status = nep_voter_key(v, err);
  if (status == NEP_OK)
    status = nep_summary_get(v->http, uuid, &summary, err);
  if (status == NEP_OK)
    status = check_phase(v, &summary, err);
  if (status == NEP_OK)
    status = nep_paper_get(v->http, &summary, &paper, err);
  if (status == NEP_OK)
    status = check_signed(v, &summary, &paper, err);
  if (status == NEP_OK)
    status = vote(v, &paper, err);
  nep_paper_free(&paper);
  nep_summary_free(&summary);
  return status;
}
