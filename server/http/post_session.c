#include "server/http/endpoints.h"

nep_status nep_post_session(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  nep_buf json = {0};
  nep_status status =
      nep_session_open(r->site->service, nep_buf_bytes(&r->body), r->address, &json, err);
  if (status == NEP_OK)
    nep_reply_json(&r->reply, 201, &json);
  nep_buf_free(&json);
  return status;
}
