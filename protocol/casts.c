#include "protocol/casts.h"

#include <inttypes.h>
#include <string.h>

#include "crypto/hash.h"
#include "protocol/election.h"

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

bool nep_casts_uuid(const char *path, char uuid[65])
{
  char start[NEP_CASTS_START] = "";
  json_t *json = NULL;
  FILE *f = fopen(path, "rbe");
  size_t n = f ? fread(start, 1, sizeof start, f) : 0;
  if (f)
    fclose(f);
  const char *body = start + NEP_TAR_BLOCK;
  bool found = false;
  if (n == sizeof start && strcmp(start, NEP_CASTS_NAME) == 0 &&
      nep_json_parse((nep_bytes){body, strnlen(body, NEP_TAR_BLOCK)}, &json, NULL) == NEP_OK) {
    const char *text = json_string_value(json_object_get(json, "uuid"));
    found = text && strlen(text) <= 64 && nep_uuid_is_valid(text, strlen(text));
    if (found)
      memcpy(uuid, text, strlen(text) + 1);
  }
  json_decref(json);
  return found;
}

/* ---- entry by entry ---- */

void nep_cast_entry_free(nep_cast_entry *e)
{
  nep_buf_free(&e->statement);
}

static nep_status next_record(nep_archive_reader *r, bool is_event, nep_record *record, bool *end,
                              nep_error *err)
{
  nep_status s = nep_reader_next(r, record, end, err);
  if (s == NEP_OK && !*end && record->is_event != is_event)
    s = nep_fail(err, NEP_E_CHECK, "casts-format", "casts",
                 "statements and events do not come by turns");
  return s;
}

static bool follows(const nep_casts_chain *chain, const nep_cast_entry *e, nep_bytes event)
{
  nep_buf text = {0};
  char hash[65];
  nep_casts_event(chain->events == 0 ? NULL : chain->head, chain->events, e->hash, &text, hash);
  bool same = nep_bytes_equal(event, nep_buf_bytes(&text));
  nep_buf_free(&text);
  return same;
}

nep_status nep_casts_next(nep_archive_reader *r, nep_casts_chain *chain, nep_cast_entry *out,
                          bool *end, nep_error *err)
{
  nep_record record;
  bool cut = false;
  nep_status s = next_record(r, false, &record, end, err);
  if (s != NEP_OK || *end)
    return s;
  nep_buf_clear(&out->statement);
  nep_buf_add(&out->statement, record.body.data, record.body.len);
  memcpy(out->hash, record.hash, sizeof out->hash);
  out->hash_ok = record.hash_ok;
  s = next_record(r, true, &record, &cut, err);
  if (s == NEP_OK && cut)
    s = nep_fail(err, NEP_E_CHECK, "casts-format", "casts", "ends with a statement without event");
  if (s != NEP_OK)
    return s;
  out->hash_ok = out->hash_ok && record.hash_ok;
  out->follows = follows(chain, out, record.body);
  memcpy(out->event, record.hash, sizeof out->event);
  memcpy(chain->head, record.hash, sizeof chain->head);
  chain->events++;
  return NEP_OK;
}
