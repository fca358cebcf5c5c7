#include "server/http/endpoints.h"

/* A question asked with POST: a credential in an address would stand in every log on the way. */
nep_status nep_post_last_cast(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  nep_buf json = {0};
  nep_status status = nep_last_cast(r->site->service, r->uuid, nep_buf_bytes(&r->body), &json, err);
  if (status == NEP_OK)
    nep_reply_json(&r->reply, 200, &json);
  nep_buf_free(&json);
  return status;
}
