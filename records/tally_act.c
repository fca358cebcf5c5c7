#include "records/tally_act.h"

#include <string.h>

#include "records/fields.h"
#include "records/signers.h"
#include "records/tags.h"

void nep_tally_act_write(const nep_tally_act *act, nep_buf *message)
{
  nep_field_open(message, "uuid", act->uuid);
  nep_field_add(message, "election_hash", act->election_hash);
  nep_field_add(message, "setup_hash", act->setup_hash);
  nep_field_add(message, "end_ballots", act->end_ballots);
  nep_field_add(message, "tally_hash", act->tally_hash);
  nep_field_add(message, "closes", act->closes);
  nep_field_add(message, "trust", act->trust);
  nep_field_add(message, "time", act->time);
  nep_buf_char(message, '}');
}

static nep_status read_act(const json_t *m, nep_tally_act *act, nep_error *err)
{
  nep_status s = nep_json_fields(m, "message", err, "uuid", "election_hash", "setup_hash",
                                 "end_ballots", "tally_hash", "closes", "trust", "time", NULL);
  if (s == NEP_OK)
    s = nep_field_uuid(m, "uuid", act->uuid, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "election_hash", act->election_hash, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "setup_hash", act->setup_hash, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "end_ballots", act->end_ballots, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "tally_hash", act->tally_hash, err);
  if (s == NEP_OK)
    s = nep_field_time(m, "closes", act->closes, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "trust", act->trust, err);
  return s == NEP_OK ? nep_field_time(m, "time", act->time, err) : s;
}

static nep_status compare(const nep_tally_act *a, const nep_tally_act *expected, nep_error *err)
{
  static const char code[] = "tally-act";
  nep_status s = nep_act_field(code, "uuid", a->uuid, expected->uuid, err);
  if (s == NEP_OK)
    s = nep_act_field(code, "election_hash", a->election_hash, expected->election_hash, err);
  if (s == NEP_OK)
    s = nep_act_field(code, "setup_hash", a->setup_hash, expected->setup_hash, err);
  if (s == NEP_OK)
    s = nep_act_field(code, "end_ballots", a->end_ballots, expected->end_ballots, err);
  if (s == NEP_OK)
    s = nep_act_field(code, "tally_hash", a->tally_hash, expected->tally_hash, err);
  if (s == NEP_OK)
    s = nep_act_field(code, "closes", a->closes, expected->closes, err);
  return s == NEP_OK ? nep_act_field(code, "trust", a->trust, expected->trust, err) : s;
}

static const nep_pinned *find_signer(const nep_trust *trust, const char *key, nep_role *role)
{
  const nep_pinned *official = nep_trust_find(trust, NEP_ROLE_OFFICIAL, key);
  *role = official != NULL ? NEP_ROLE_OFFICIAL : NEP_ROLE_OBSERVER;
  return official != NULL ? official : nep_trust_find(trust, NEP_ROLE_OBSERVER, key);
}

nep_status nep_tally_act_verify(nep_bytes envelope, const nep_trust *trust, nep_tally_act *expected,
                                nep_role *role, const nep_pinned **signer, nep_error *err)
{
  nep_tally_act act = {0};
  json_t *m = NULL;
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_status s = nep_envelope_verify(envelope, NEP_TAG_TALLY_ACT, NULL, &m, key, err);
  if (s == NEP_OK && (*signer = find_signer(trust, key, role)) == NULL)
    s = nep_fail(err, NEP_E_CHECK, "not-pinned", "key",
                 "%s is not the key of an official or observer in the trust file", key);
  if (s == NEP_OK)
    s = read_act(m, &act, err);
  if (s == NEP_OK && expected->closes[0] == '\0')
    memcpy(expected->closes, act.closes, sizeof act.closes);
  if (s == NEP_OK)
    s = compare(&act, expected, err);
  json_decref(m);
  return s;
}

nep_status nep_tally_acts_verify(const nep_bytes *envelopes, size_t n, const nep_trust *trust,
                                 nep_tally_act *expected, nep_error *err)
{
  nep_signers signers = {.trust = trust};
  for (size_t i = 0; i < n; i++) {
    const nep_pinned *signer = NULL;
    nep_role role = NEP_ROLE_OFFICIAL;
    nep_status s = nep_tally_act_verify(envelopes[i], trust, expected, &role, &signer, err);
    if (s != NEP_OK)
      return nep_inside(err, s, "acts[%zu]", i);
    nep_signers_add(&signers, role, signer);
  }
  nep_status s = nep_signers_enough(&signers, NEP_ROLE_OFFICIAL, err);
  return s == NEP_OK ? nep_signers_enough(&signers, NEP_ROLE_OBSERVER, err) : s;
}
