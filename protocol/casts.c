#include "protocol/casts.h"

#include <inttypes.h>

#include "crypto/hash.h"

void nep_casts_first(int64_t timestamp, const char *uuid, nep_buf *out)
{
  nep_buf_printf(out, "{\"version\":1,\"timestamp\":%" PRId64 ",\"uuid\":\"%s\"}", timestamp, uuid);
}

void nep_casts_start(nep_buf *out, int64_t timestamp, const char *uuid)
{
  nep_buf body = {0};
  nep_casts_first(timestamp, uuid, &body);
  nep_archive_record(out, NEP_CASTS_NAME, timestamp, nep_buf_bytes(&body));
  nep_buf_free(&body);
}

void nep_casts_event(const char *parent, uint64_t height, const char *statement, nep_buf *out,
                     char hash[65])
{
  size_t start = out->len;
  nep_buf_char(out, '{');
  if (parent)
    nep_buf_printf(out, "\"parent\":\"%s\",", parent);
  nep_buf_printf(out, "\"height\":%" PRIu64 ",\"type\":[\"Cast\"],\"payload\":\"%s\"}", height,
                 statement);
  nep_sha256_hex(out->data + start, out->len - start, hash);
}
