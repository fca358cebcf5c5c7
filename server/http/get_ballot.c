#include "server/http/endpoints.h"

/* A ballot never changes, so neither does what this address answers once it has one. */
nep_status nep_get_ballot(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  nep_buf bytes = {0};
  nep_status status = nep_ballot_get(r->site->service, r->uuid, r->tracker, &bytes, err);
  if (status == NEP_OK) {
    nep_reply_json(&r->reply, 200, &bytes);
    r->reply.immutable = true;
  }
  nep_buf_free(&bytes);
  return status;
}
