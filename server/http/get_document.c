#include <string.h>

#include "server/http/endpoints.h"
#include "server/http/routes.h"

/* Definition, trustees, credentials and result: the exact bytes of the archive; the trust file, and
   what pinned persons have signed. */
nep_status nep_get_document(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  char hash[sizeof r->reply.etag];
  nep_buf bytes = {0};
  nep_status status = nep_document_get(r->site->service, r->uuid, (nep_document)r->route->document,
                                       &bytes, hash, err);
  if (status == NEP_OK) {
    nep_reply_json(&r->reply, 200, &bytes);
    memcpy(r->reply.etag, hash, sizeof hash);
  }
  nep_buf_free(&bytes);
  return status;
}
