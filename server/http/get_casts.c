#include "server/http/copy.h"
#include "server/http/endpoints.h"

nep_status nep_get_casts(nep_request *r, nep_buf *extra, nep_error *err)
{
  (void)extra;
  return nep_get_copy(r, "casts", nep_casts_get, err);
}
