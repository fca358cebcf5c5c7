#include "server/http/endpoints.h"

nep_status nep_get_own_registration(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  nep_buf json = {0};
  nep_status status = nep_own_registration(r->site->service, r->session, r->address, &json, err);
  if (status == NEP_OK)
    nep_reply_json(&r->reply, 200, &json);
  nep_buf_free(&json);
  return status;
}
