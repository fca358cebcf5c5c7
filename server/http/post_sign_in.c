#include <string.h>

#include "server/http/endpoints.h"

nep_status nep_post_sign_in(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  nep_bytes body = nep_buf_bytes(&r->body);
  if (body.len != 2 || memcmp(body.data, "{}", 2) != 0)
    return nep_fail(err, NEP_E_INPUT, "body", NULL, "must be the empty JSON object {}");
  nep_buf json = {0};
  nep_status status = nep_sign_in_start(r->site->service, &json, err);
  if (status == NEP_OK)
    nep_reply_json(&r->reply, 200, &json);
  nep_buf_free(&json);
  return status;
}
