#include "server/http/endpoints.h"

nep_status nep_get_ready(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  if (r->site->is_stopping(r->site->stopping_ctx))
    return nep_fail(err, NEP_E_BUSY, "stopping", NULL, "the server is being stopped");
  nep_status status = nep_service_ready(r->site->service, err);
  if (status != NEP_OK)
    return status;
  nep_buf json = {0};
  nep_buf_str(&json, "{\"status\":\"ready\"}");
  nep_reply_json(&r->reply, 200, &json);
  return NEP_OK;
}
