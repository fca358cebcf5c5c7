#include "server/http/endpoints.h"

nep_status nep_get_metrics(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  if (!r->is_named || !nep_address_list_has(&r->site->config->metrics, &r->visitor))
    return nep_fail(err, NEP_E_DENIED, "metrics", NULL,
                    "[metrics] addresses of the server does not list this address");
  nep_buf text = {0};
  nep_metrics_write(r->site->metrics, &text);
  nep_service_metrics(r->site->service, &text);
  nep_reply_json(&r->reply, 200, &text);
  r->reply.media = NEP_MEDIA_METRICS;
  return NEP_OK;
}
