#include "server/http/endpoints.h"

/* Lines of JSON: who wants all of them asks again from the number after the last one, until nothing
   comes; the answers one after the other are the board's file. */
nep_status nep_get_challenges(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  uint64_t from = 1;
  nep_buf lines = {0};
  nep_status status = nep_query_number(&r->query, "from", 1, INT64_MAX, &from, err);
  if (status == NEP_OK)
    status = nep_challenges_page(r->site->service, r->uuid, from, &lines, err);
  if (status == NEP_OK) {
    nep_reply_json(&r->reply, 200, &lines);
    r->reply.media = NEP_MEDIA_LINES;
  }
  nep_buf_free(&lines);
  return status;
}
