#include "protocol/json.h"
#include "server/http/endpoints.h"

nep_status nep_post_sign_in(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  json_t *body = NULL;
  nep_buf json = {0};
  nep_status status = nep_json_parse(nep_buf_bytes(&r->body), &body, err);
  if (status == NEP_OK)
    status = nep_json_fields(body, "body", err, NULL);
  json_decref(body);
  if (status == NEP_OK)
    status = nep_sign_in_start(r->site->service, &json, err);
  if (status == NEP_OK)
    nep_reply_json(&r->reply, 200, &json);
  nep_buf_free(&json);
  return status;
}
