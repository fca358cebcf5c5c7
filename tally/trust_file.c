#include "tally/trust_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "crypto/hash.h"
#include "records/trust_list.h"

nep_status nep_trust_read(const char *path, nep_trust **out, nep_error *err)
{
  nep_buf text = {0};
  *out = NULL;
  nep_status s = nep_cli_text(path, NEP_TRUST_MAX, &text, err);
  if (s == NEP_OK) {
    s = nep_trust_parse(nep_buf_bytes(&text), out, err);
    if (s != NEP_OK)
      s = nep_inside(err, s, "%s", path);
  }
  nep_buf_free(&text);
  return s;
}

static nep_status check_signer(const nep_arguments *a, const nep_trust *trust, nep_role role,
                               nep_role other, const char *key, nep_error *err)
{
  const nep_pinned *p = nep_trust_find(trust, role, key);
  if (p == NULL)
    p = nep_trust_find(trust, other, key);
  if (p == NULL)
    return nep_fail(err, NEP_E_CHECK, "not-pinned", nep_option(a, "key"),
                    "the trust file does not pin the key %s for this act", key);
  if (strcmp(p->name, nep_option(a, "name")) != 0)
    return nep_fail(err, NEP_E_CHECK, "not-pinned", "--name", "the trust file pins this key for %s",
                    p->name);
  return NEP_OK;
}

nep_status nep_act_sign(const nep_arguments *a, const nep_trust *trust, nep_role role,
                        nep_role other, const char *tag, nep_bytes message, nep_error *err)
{
  nep_signing_key *key = NULL;
  nep_buf envelope = {0};
  char public[NEP_PUBLIC_KEY_HEX + 1];
  nep_status s = nep_signing_key_load(nep_option(a, "key"), &key, err);
  if (s == NEP_OK) {
    nep_signing_key_public(key, public);
    s = check_signer(a, trust, role, other, public, err);
  }
  if (s == NEP_OK) {
    nep_envelope_make(key, tag, message, &envelope);
    s = nep_cli_save(nep_option(a, "out"), nep_buf_bytes(&envelope), false, err);
  }
  nep_buf_free(&envelope);
  nep_signing_key_free(key);
  return s;
}

void nep_tally_act_expected(const nep_verified *v, const nep_trust *trust, nep_tally_act *out)
{
  nep_buf tally = {0};
  memset(out, 0, sizeof *out);
  snprintf(out->uuid, sizeof out->uuid, "%s", v->election->uuid);
  memcpy(out->election_hash, v->election->phi, sizeof out->election_hash);
  memcpy(out->setup_hash, v->setup_hash, sizeof out->setup_hash);
  memcpy(out->end_ballots, v->end_ballots_head, sizeof out->end_ballots);
  nep_tally_write(v->tally, &tally);
  nep_sha256_hex(tally.data, tally.len, out->tally_hash);
  memcpy(out->trust, trust->hash, sizeof out->trust);
  nep_clock_text(nep_clock_now(), out->time);
  nep_buf_free(&tally);
}

nep_status nep_tally_allowed(const nep_verified *v, const nep_trust *trust, const char *closes,
                             nep_error *err)
{
  int64_t end = 0;
  if (!nep_clock_parse(closes, &end))
    return nep_fail(err, NEP_E_INPUT, "shape", "closes", "\"%s\" is not a time", closes);
  if (nep_clock_now() < end) {
    nep_fail(err, NEP_E_STATE, "too-early", "closes",
             "voting closes at %s, by this machine's clock that is still to come", closes);
    return nep_advise(err, "wait, or set the clock of this machine right");
  }
  if (v->tally->num_tallied < trust->minimum_count)
    return nep_fail(err, NEP_E_CHECK, "too-few-voters", "archive",
                    "%" PRIu64 " ballots count, the trust file asks for %" PRIu64
                    " at least: fewer could show how single persons voted",
                    v->tally->num_tallied, trust->minimum_count);
  return nep_trust_list_check(trust, v->credentials, err);
}
