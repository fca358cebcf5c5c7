#include "records/freeze_act.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "crypto/hash.h"
#include "records/fields.h"
#include "records/signers.h"
#include "records/tags.h"

void nep_freeze_act_fill(const char *uuid, nep_bytes definition, nep_bytes trustees,
                         nep_bytes credentials, const char *trust_hash, nep_freeze_act *out)
{
  char setup[256];
  memset(out, 0, sizeof *out);
  snprintf(out->uuid, sizeof out->uuid, "%s", uuid);
  snprintf(out->trust, sizeof out->trust, "%s", trust_hash);
  nep_sha256_hex(definition.data, definition.len, out->election_hash);
  nep_sha256_hex(trustees.data, trustees.len, out->trustees_hash);
  nep_sha256_hex(credentials.data, credentials.len, out->credentials_hash);
  /* protocol.md §11 */
  int len = snprintf(setup, sizeof setup,
                     "{\"election\":\"%s\",\"trustees\":\"%s\",\"credentials\":\"%s\"}",
                     out->election_hash, out->trustees_hash, out->credentials_hash);
  nep_sha256_hex(setup, (size_t)len, out->setup_hash);
  nep_clock_text(nep_clock_now(), out->time);
}

void nep_freeze_act_write(const nep_freeze_act *act, nep_buf *message)
{
  nep_field_open(message, "uuid", act->uuid);
  nep_field_add(message, "election_hash", act->election_hash);
  nep_field_add(message, "trustees_hash", act->trustees_hash);
  nep_field_add(message, "credentials_hash", act->credentials_hash);
  nep_field_add(message, "setup_hash", act->setup_hash);
  nep_field_add(message, "trust", act->trust);
  nep_field_add(message, "time", act->time);
  nep_buf_char(message, '}');
}

static nep_status read_act(const json_t *m, nep_freeze_act *act, nep_error *err)
{
  nep_status s = nep_json_fields(m, "message", err, "uuid", "election_hash", "trustees_hash",
                                 "credentials_hash", "setup_hash", "trust", "time", NULL);
  if (s == NEP_OK)
    s = nep_field_uuid(m, "uuid", act->uuid, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "election_hash", act->election_hash, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "trustees_hash", act->trustees_hash, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "credentials_hash", act->credentials_hash, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "setup_hash", act->setup_hash, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "trust", act->trust, err);
  return s == NEP_OK ? nep_field_time(m, "time", act->time, err) : s;
}

static nep_status compare(const nep_freeze_act *a, const nep_freeze_act *expected, nep_error *err)
{
  static const char code[] = "freeze-act";
  nep_status s = nep_act_field(code, "uuid", a->uuid, expected->uuid, err);
  if (s == NEP_OK)
    s = nep_act_field(code, "election_hash", a->election_hash, expected->election_hash, err);
  if (s == NEP_OK)
    s = nep_act_field(code, "trustees_hash", a->trustees_hash, expected->trustees_hash, err);
  if (s == NEP_OK)
    s = nep_act_field(code, "credentials_hash", a->credentials_hash, expected->credentials_hash,
                      err);
  if (s == NEP_OK)
    s = nep_act_field(code, "setup_hash", a->setup_hash, expected->setup_hash, err);
  return s == NEP_OK ? nep_act_field(code, "trust", a->trust, expected->trust, err) : s;
}

nep_status nep_freeze_act_verify(nep_bytes envelope, const nep_trust *trust,
                                 const nep_freeze_act *expected, const nep_pinned **signer,
                                 nep_error *err)
{
  nep_freeze_act act = {0};
  json_t *m = NULL;
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_status s = nep_envelope_verify(envelope, NEP_TAG_FREEZE, NULL, &m, key, err);
  if (s == NEP_OK && (*signer = nep_trust_find(trust, NEP_ROLE_OFFICIAL, key)) == NULL)
    s = nep_fail(err, NEP_E_CHECK, "not-pinned", "key",
                 "%s is not the key of an official in the trust file", key);
  if (s == NEP_OK)
    s = read_act(m, &act, err);
  if (s == NEP_OK)
    s = compare(&act, expected, err);
  json_decref(m);
  return s;
}

nep_status nep_freeze_acts_verify(const nep_bytes *envelopes, size_t n, const nep_trust *trust,
                                  const nep_freeze_act *expected, nep_error *err)
{
  nep_signers signers = {.trust = trust};
  for (size_t i = 0; i < n; i++) {
    const nep_pinned *signer = NULL;
    nep_status s = nep_freeze_act_verify(envelopes[i], trust, expected, &signer, err);
    if (s != NEP_OK)
      return nep_inside(err, s, "acts[%zu]", i);
    nep_signers_add(&signers, NEP_ROLE_OFFICIAL, signer);
  }
  return nep_signers_enough(&signers, NEP_ROLE_OFFICIAL, err);
}
