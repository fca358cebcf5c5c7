#include "records/countersignature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "records/signers.h"
#include "records/tags.h"

void nep_countersign(const nep_signing_key *mirror, const nep_head *verified, nep_buf *envelope)
{
  nep_buf message = {0};
  nep_head_write(verified, &message);
  nep_envelope_make(mirror, NEP_TAG_COUNTERSIGNATURE, nep_buf_bytes(&message), envelope);
  nep_buf_free(&message);
}

nep_status nep_countersignature_verify(nep_bytes envelope, const char *mirror_hex, nep_head *out,
                                       nep_error *err)
{
  json_t *m = NULL;
  memset(out, 0, sizeof *out);
  nep_status status =
      nep_envelope_verify(envelope, NEP_TAG_COUNTERSIGNATURE, mirror_hex, &m, NULL, err);
  if (status == NEP_OK)
    status = nep_head_read(m, out, err);
  json_decref(m);
  return status;
}

/* ---- as trustees, officials and the server demand them ---- */

static nep_status check_number(const char *field, uint64_t found, uint64_t expected, nep_error *err)
{
  char a[24], b[24];
  snprintf(a, sizeof a, "%" PRIu64, found);
  snprintf(b, sizeof b, "%" PRIu64, expected);
  return nep_act_field("countersignature", field, a, b, err);
}

static nep_status compare(const nep_head *found, const nep_head *expected, nep_error *err)
{
  static const char code[] = "countersignature";
  nep_status s = nep_act_field(code, "uuid", found->uuid, expected->uuid, err);
  if (s == NEP_OK)
    s = check_number("height", found->height, expected->height, err);
  if (s == NEP_OK)
    s = nep_act_field(code, "event", found->event, expected->event, err);
  return s == NEP_OK ? check_number("size", found->size, expected->size, err) : s;
}

nep_status nep_countersignature_of(nep_bytes envelope, const nep_trust *trust,
                                   const nep_head *expected, const nep_pinned **mirror,
                                   nep_error *err)
{
  nep_head head;
  json_t *m = NULL;
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_status s = nep_envelope_verify(envelope, NEP_TAG_COUNTERSIGNATURE, NULL, &m, key, err);
  if (s == NEP_OK && (*mirror = nep_trust_find(trust, NEP_ROLE_MIRROR, key)) == NULL)
    s = nep_fail(err, NEP_E_CHECK, "not-pinned", "key",
                 "%s is not the key of a mirror in the trust file", key);
  if (s == NEP_OK)
    s = nep_head_read(m, &head, err);
  if (s == NEP_OK)
    s = compare(&head, expected, err);
  json_decref(m);
  return s;
}

nep_status nep_countersignatures_verify(const nep_bytes *envelopes, size_t n,
                                        const nep_trust *trust, const nep_head *expected,
                                        nep_error *err)
{
  nep_signers signers = {.trust = trust};
  for (size_t i = 0; i < n; i++) {
    const nep_pinned *mirror = NULL;
    nep_status s = nep_countersignature_of(envelopes[i], trust, expected, &mirror, err);
    if (s != NEP_OK)
      return nep_inside(err, s, "countersignatures[%zu]", i);
    nep_signers_add(&signers, NEP_ROLE_MIRROR, mirror);
  }
  return nep_signers_enough(&signers, NEP_ROLE_MIRROR, err);
}
