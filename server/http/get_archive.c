#include "server/http/copy.h"
#include "server/http/endpoints.h"

nep_status nep_get_archive(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  return nep_get_copy(r, "archive", nep_archive_get, err);
}
