#include "records/countersignature.h"

#include <string.h>

#include "records/tags.h"

static void sign(const nep_signing_key *mirror, const char *tag, const nep_head *verified,
                 nep_buf *envelope)
{
  nep_buf message = {0};
  nep_head_write(verified, &message);
  nep_envelope_make(mirror, tag, nep_buf_bytes(&message), envelope);
  nep_buf_free(&message);
}

void nep_countersign(const nep_signing_key *mirror, const nep_head *verified, nep_buf *envelope)
{
  sign(mirror, NEP_TAG_COUNTERSIGNATURE, verified, envelope);
}

void nep_countersign_casts(const nep_signing_key *mirror, const nep_head *verified,
                           nep_buf *envelope)
{
  sign(mirror, NEP_TAG_CASTS_COUNTERSIGNATURE, verified, envelope);
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
