#include "server/http/endpoints.h"
#include "server/http/routes.h"

/* Every act of the commission: the route says which, the header NEP-Act who signed it. */
nep_status nep_post_act(nep_request *r, nep_buf *extra, nep_error *err)
{
  nep_buf json = {0};
  nep_action action = r->route->action;
  nep_status status = nep_act_perform(r->site->service, action, r->uuid, nep_str_bytes(r->act),
                                      nep_buf_bytes(&r->body), &json, err);
  if (status == NEP_OK) {
    nep_reply_json(&r->reply, action == NEP_ACT_CREATE ? 201 : 200, &json);
  } else {
    *extra = json;
    json = (nep_buf){0};
  }
  nep_buf_free(&json);
  return status;
}
