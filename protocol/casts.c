#include "protocol/casts.h"

#include <inttypes.h>
#include <string.h>

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

static nep_status read_event(const json_t *json, nep_event *out, nep_error *err)
{
  int64_t height = 0;
  nep_status s = nep_json_fields(json, "event", err, "parent?", "height", "type", "payload", NULL);
  out->has_parent = json_object_get(json, "parent") != NULL;
  out->has_payload = true;
  if (s == NEP_OK && out->has_parent)
    s = nep_json_hash(json, "parent", out->parent, err);
  if (s == NEP_OK)
    s = nep_json_integer(json, "height", 0, INT64_MAX, &height, err);
  if (s == NEP_OK)
    s = nep_json_hash(json, "payload", out->payload, err);
  out->height = (uint64_t)height;
  return s;
}

nep_status nep_casts_event_parse(nep_bytes text, nep_event *out, nep_error *err)
{
  json_t *json = NULL;
  nep_buf same = {0};
  memset(out, 0, sizeof *out);
  nep_status s = nep_json_parse(text, &json, err);
  if (s == NEP_OK)
    s = read_event(json, out, err);
  if (s == NEP_OK) {
    nep_casts_event(out->has_parent ? out->parent : NULL, out->height, out->payload, &same,
                    out->hash);
    if (out->has_parent != (out->height > 0) || !nep_bytes_equal(text, nep_buf_bytes(&same)))
      s = nep_fail(err, NEP_E_CHECK, "casts-format", "event",
                   "is not the canonical text of an event of this chain");
  }
  nep_buf_free(&same);
  json_decref(json);
  return s;
}
