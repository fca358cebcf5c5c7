#include "server/http/endpoints.h"

enum { PAGE = 100, LIMIT_MAX = 10000 };

/* A larger limit than the server's own is no mistake: the page is shorter, and `next` says so. */
nep_status nep_get_ballots(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  uint64_t after = 0, most = (uint64_t)r->site->config->limits_page_ballots;
  uint64_t limit = most < PAGE ? most : PAGE;
  nep_buf json = {0};
  nep_status status = nep_query_number(&r->query, "after", 0, INT64_MAX, &after, err);
  if (status == NEP_OK)
    status = nep_query_number(&r->query, "limit", 1, LIMIT_MAX, &limit, err);
  if (status == NEP_OK)
    status = nep_ballots_page(r->site->service, r->uuid, after,
                              (unsigned)(limit < most ? limit : most), &json, err);
  if (status == NEP_OK)
    nep_reply_json(&r->reply, 200, &json);
  nep_buf_free(&json);
  return status;
}
