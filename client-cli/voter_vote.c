/* nep-voter vote: verifies the ballot paper, has the ballot made here and casts it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/terminal.h"
#include "client-cli/cast.h"
#include "client-cli/cast_place.h"
#include "client-cli/folder.h"
#include "client-cli/make_ballot.h"
#include "client-cli/paper_signed.h"
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

/* Whoever has voted once under a setup is not shown another one later (A25). */
static nep_status same_setup_as_before(nep_voter *v, const nep_paper *paper, nep_error *err)
{
  char *name = nep_sprintf("setup-%s.txt", paper->election->uuid);
  char *path = nep_folder_path(v->dir, name);
  nep_buf text = {0};
  nep_status status = NEP_OK;
  if (!nep_folder_has(v->dir, name))
    status = nep_file_create(path, paper->setup_hash, 64, NEP_FILE_SECRET, err);
  else {
    status = nep_file_read(path, 64, &text, err);
    if (status == NEP_OK && (text.len != 64 || memcmp(text.data, paper->setup_hash, 64) != 0))
      status = nep_fail(err, NEP_E_CHECK, "setup-changed", path,
                        _("the election's definition, trustees or credentials are not the ones "
                          "that you voted under before (setup %s)"),
                        paper->setup_hash);
  }
  nep_buf_free(&text);
  free(path);
  free(name);
  return status;
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
    status = same_setup_as_before(v, paper, err);
  if (status == NEP_OK)
    status = nep_cast_place_find(v, paper->election, credential, &place, err);
  if (status == NEP_OK)
    status = nep_voter_make_ballot(v, paper->election, credential, n, &place, &made, err);
  nep_wipe(credential, sizeof credential);
  return status == NEP_OK && made ? cast(v, paper, n, err) : status;
}

static nep_status vote(nep_voter *v, const nep_paper *paper, nep_error *err)
{
  const char *uuid = paper->election->uuid;
  unsigned last = nep_folder_casts(v->dir, uuid, NEP_CAST_BALLOT);
  unsigned refused = nep_folder_casts(v->dir, uuid, NEP_CAST_REFUSED);
  if (last == 0 || nep_folder_has_cast(v->dir, uuid, NEP_CAST_RECEIPT, last))
    return vote_anew(v, paper, (last > refused ? last : refused) + 1, err);
  fprintf(stderr, "%s\n",
          _("A ballot was made earlier and its receipt never came: it is sent again unchanged. "
            "To choose anew, run vote once more afterwards."));
  return cast(v, paper, last, err);
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

static nep_status check_phase(const nep_summary *s, nep_error *err)
{
  if (strcmp(s->phase, "open") == 0)
    return NEP_OK;
  return nep_fail(err, NEP_E_STATE, "not-open", s->uuid, _("voting is not open: %s"),
                  nep_phase_name(s->phase));
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
    status = check_phase(&summary, err);
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
