/* nep-trustee decrypt: this trustee's part of the tally. The whole archive is verified and the
   encrypted tally recomputed from its ballots before the key is even read (A10). Nobody's ballots
   may stand in another order than they were made in (A23), it must be the one tally that officials
   and observers signed for, of the end of the vote that mirrors have countersigned (A24), and it
   stands in the trustee's journal before anything is decrypted. */
#include <stdio.h>

#include "base/memory.h"
#include "tally/journal.h"
#include "tally/share.h"
#include "tally/tally_evidence.h"
#include "tally/trustee_commands.h"

static nep_status check_phase(const nep_verified *v, nep_error *err)
{
  if (v->phase == NEP_EVENT_SETUP || v->phase == NEP_EVENT_BALLOT ||
      v->phase == NEP_EVENT_END_BALLOTS) {
    (void)nep_fail(err, NEP_E_STATE, "phase", "archive",
                   "it has no encrypted tally: its last event is %s", nep_event_name(v->phase));
    return nep_advise(err, "nep-tally compute appends it when voting is closed");
  }
  if (v->phase == NEP_EVENT_RESULT)
    return nep_fail(err, NEP_E_STATE, "phase", "archive", "its result is there already");
  if (!v->tally_published)
    return nep_fail(err, NEP_E_CHECK, "tally-mismatch", "archive",
                    "its encrypted tally is not the product of its ballots");
  return NEP_OK;
}

static nep_status check_first(const nep_verified *v, size_t owner, nep_error *err)
{
  for (size_t i = 0; v->factors && v->factors[i]; i++)
    if (v->factors[i]->owner == owner)
      return nep_fail(err, NEP_E_STATE, "pd-duplicate", "archive",
                      "it holds the partial decryption of trustee %zu already", owner);
  return NEP_OK;
}

static nep_status verify_acts(const nep_arguments *a, const nep_trust *trust,
                              nep_tally_act *expected, nep_error *err)
{
  nep_envelopes acts = {0};
  nep_status s = nep_envelopes_option(a, "act", &acts, err);
  if (s == NEP_OK)
    s = nep_tally_acts_verify(acts.texts, acts.n, trust, expected, err);
  nep_envelopes_free(&acts);
  return s;
}

/* *tally gets what the acts are about. */
static nep_status check_signed(const nep_arguments *a, const nep_verified *v, nep_tally_act *tally,
                               nep_error *err)
{
  nep_trust *trust = NULL;
  nep_status s = nep_trust_read(nep_option(a, "trust"), &trust, err);
  if (s == NEP_OK) {
    nep_tally_act_expected(v, trust, tally);
    s = verify_acts(a, trust, tally, err);
  }
  if (s == NEP_OK)
    s = nep_mirrors_demanded(a, v, trust, err);
  if (s == NEP_OK)
    s = nep_tally_allowed(v, trust, tally->closes, err);
  nep_trust_free(trust);
  return s;
}

static nep_status decrypt(const nep_verified *v, const nep_trustee_secret *key, const char *path,
                          nep_error *err)
{
  nep_buf object = {0}, owned = {0}, share = {0};
  nep_findings f = {0};
  nep_factors *factors = NULL;
  nep_decryption_make(v->tally, v->trustees, key->owner, &key->x, &key->signing_key, &object,
                      &owned);
  /* A faulty machine must not hand out a wrong share: what was made is verified like any other. */
  (void)nep_decryption_verify(v->tally, v->trustees, key->owner, nep_buf_bytes(&object), &factors,
                              &f);
  nep_status s = nep_findings_status(&f, err);
  if (s == NEP_OK) {
    nep_share_write(nep_buf_bytes(&object), nep_buf_bytes(&owned), &share);
    s = nep_cli_save(path, nep_buf_bytes(&share), false, err);
  }
  nep_factors_free(v->election, factors);
  nep_findings_free(&f);
  nep_buf_free(&share);
  nep_buf_free(&owned);
  nep_buf_free(&object);
  return s;
}

int nep_trustee_decrypt_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_trustee_secret key = {.owner = 0};
  nep_tally_act tally;
  nep_status s = nep_valid_archive(nep_option(a, "archive"), &v, &err);
  if (s == NEP_OK)
    s = check_phase(v, &err);
  if (s == NEP_OK)
    s = nep_casts_demanded(a, nep_option(a, "archive"), v, &err);
  if (s == NEP_OK)
    s = check_signed(a, v, &tally, &err);
  if (s == NEP_OK)
    s = nep_trustee_secret_read(a, v->trustees, &key, &err);
  if (s == NEP_OK)
    s = check_first(v, key.owner, &err);
  if (s == NEP_OK)
    s = nep_journal_enter(nep_option(a, "journal"), &tally, &err);
  if (s == NEP_OK)
    s = decrypt(v, &key, nep_option(a, "out"), &err);
  if (s == NEP_OK)
    printf("archive and cast statements valid, tally recomputed, signed for and countersigned, "
           "journal written; partial decryption of trustee %zu: %s\n",
           key.owner, nep_option(a, "out"));
  nep_wipe(&key, sizeof key);
  nep_verified_free(v);
  return nep_cli_end(s, &err);
}
