#include "server/http/endpoints.h"

nep_status nep_get_casts_head(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  nep_buf json = {0};
  nep_status status = nep_casts_head_get(r->site->service, r->uuid, &json, err);
  if (status == NEP_OK)
    nep_reply_json(&r->reply, 200, &json);
  nep_buf_free(&json);
  return status;
}
