#include "server/http/endpoints.h"

/* The process answers; whether what it needs answers too is /readyz. */
nep_status nep_get_health(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  (void)err;
  nep_buf json = {0};
  nep_buf_str(&json, "{\"status\":\"ok\"}");
  nep_reply_json(&r->reply, 200, &json);
  return NEP_OK;
}
