/* Events of an archive: their canonical text, written and read (protocol.md §11). */
#include <inttypes.h>
#include <string.h>

#include "crypto/hash.h"
#include "protocol/archive.h"

static const char *const event_names[] = {
    [NEP_EVENT_SETUP] = "Setup",
    [NEP_EVENT_BALLOT] = "Ballot",
    [NEP_EVENT_END_BALLOTS] = "EndBallots",
    [NEP_EVENT_ENCRYPTED_TALLY] = "EncryptedTally",
    [NEP_EVENT_SHUFFLE] = "Shuffle",
    [NEP_EVENT_END_SHUFFLES] = "EndShuffles",
    [NEP_EVENT_PARTIAL_DECRYPTION] = "PartialDecryption",
    [NEP_EVENT_RESULT] = "Result",
};

const char *nep_event_name(nep_event_type type)
{
  return event_names[type];
}

bool nep_event_has_payload(nep_event_type type)
{
  return type != NEP_EVENT_END_BALLOTS && type != NEP_EVENT_END_SHUFFLES;
}

void nep_event_write(const char *parent, uint64_t height, nep_event_type type, const char *payload,
                     nep_buf *out, char hash[65])
{
  size_t start = out->len;
  nep_buf_char(out, '{');
  if (parent)
    nep_buf_printf(out, "\"parent\":\"%s\",", parent);
  nep_buf_printf(out, "\"height\":%" PRIu64 ",\"type\":[\"%s\"]", height, nep_event_name(type));
  if (payload)
    nep_buf_printf(out, ",\"payload\":\"%s\"", payload);
  nep_buf_char(out, '}');
  nep_sha256_hex(out->data + start, out->len - start, hash);
}

static nep_status read_type(const json_t *event, nep_event_type *type, nep_error *err)
{
  const json_t *value = json_object_get(event, "type");
  const char *name =
      json_array_size(value) == 1 ? json_string_value(json_array_get(value, 0)) : NULL;
  for (size_t i = 0; name && i < sizeof event_names / sizeof *event_names; i++) {
    if (strcmp(name, event_names[i]) == 0) {
      *type = (nep_event_type)i;
      return NEP_OK;
    }
  }
  return nep_fail(err, NEP_E_CHECK, "archive-format", "type", "this is no type of event");
}

static nep_status read_hash(const json_t *event, const char *key, bool *has, char out[65],
                            nep_error *err)
{
  *has = json_object_get(event, key) != NULL;
  return *has ? nep_json_hash(event, key, out, err) : NEP_OK;
}

static nep_status read_event(const json_t *json, nep_event *out, nep_error *err)
{
  int64_t height = 0;
  nep_status s = nep_json_fields(json, "event", err, "parent?", "height", "type", "payload?", NULL);
  if (s == NEP_OK)
    s = read_hash(json, "parent", &out->has_parent, out->parent, err);
  if (s == NEP_OK)
    s = nep_json_integer(json, "height", 0, INT64_MAX, &height, err);
  if (s == NEP_OK)
    s = read_type(json, &out->type, err);
  if (s == NEP_OK)
    s = read_hash(json, "payload", &out->has_payload, out->payload, err);
  out->height = (uint64_t)height;
  if (s == NEP_OK && out->has_payload != nep_event_has_payload(out->type))
    s = nep_fail(err, NEP_E_CHECK, "archive-format", "payload", "a %s event has %s payload",
                 nep_event_name(out->type), out->has_payload ? "no" : "a");
  return s;
}

nep_status nep_event_parse(nep_bytes text, nep_event *out, nep_error *err)
{
  json_t *json = NULL;
  memset(out, 0, sizeof *out);
  nep_sha256_hex(text.data, text.len, out->hash);
  nep_status s = nep_json_parse_short(text, &json, err);
  if (s == NEP_OK)
    s = read_event(json, out, err);
  if (s == NEP_OK && !nep_json_is_canonical(json, text))
    s = nep_fail(err, NEP_E_CHECK, "noncanonical", "event", "the text is not in canonical form");
  json_decref(json);
  return s;
}
