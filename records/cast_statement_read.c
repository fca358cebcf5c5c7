#include "records/cast_statement_read.h"

#include <string.h>

#include "base/encode.h"
#include "protocol/scan.h"
#include "protocol/values.h"
#include "records/fields.h"

static const char code[] = "cast-statement";

/* ---- from its start ---- */

static bool scan_uuid(nep_bytes *at, char out[65])
{
  nep_bytes text;
  if (!nep_scan_plain(at, 64, &text) || !nep_uuid_is_valid(text.data, text.len))
    return false;
  memcpy(out, text.data, text.len);
  return true;
}

static bool scan_hash(nep_bytes *at, char out[65])
{
  nep_bytes text;
  unsigned char raw[32];
  if (!nep_scan_plain(at, 64, &text) || !nep_unhex(text.data, text.len, raw, sizeof raw))
    return false;
  memcpy(out, text.data, text.len);
  return true;
}

static bool scan_sequence(nep_bytes *at, int64_t *out)
{
  size_t len = 0;
  *out = 0;
  for (; len < at->len && at->data[len] >= '0' && at->data[len] <= '9'; len++) {
    *out = 10 * *out + (at->data[len] - '0');
    if (*out == 0 || *out > NEP_CAST_SEQUENCE_MAX) /* the first digit is not 0 */
      return false;
  }
  at->data += len;
  at->len -= len;
  return len > 0;
}

/* The first ballot of a device names none before it. */
static bool scan_previous(nep_bytes *at, nep_cast_statement *s)
{
  return nep_scan_skip(at, "null") ||
         (s->sequence > 1 && nep_scan_skip(at, "\"") && scan_hash(at, s->previous));
}

bool nep_cast_statement_scan(const nep_group *g, nep_bytes text, nep_cast_statement *out)
{
  nep_bytes at = text;
  return nep_scan_skip(&at, "{\"message\":{\"uuid\":\"") && scan_uuid(&at, out->uuid) &&
         nep_scan_skip(&at, ",\"election_hash\":\"") && scan_hash(&at, out->election_hash) &&
         nep_scan_skip(&at, ",\"ballot\":\"") && scan_hash(&at, out->ballot) &&
         nep_scan_skip(&at, ",\"sequence\":") && scan_sequence(&at, &out->sequence) &&
         nep_scan_skip(&at, ",\"previous\":") && scan_previous(&at, out) &&
         nep_scan_skip(&at, "},\"signature\":") && nep_scan_proof(g, &at, &out->signature) &&
         nep_scan_skip(&at, "}") && at.len == 0;
}

/* ---- in general ---- */

static nep_status read_previous(const json_t *m, nep_cast_statement *s, nep_error *err)
{
  if (json_is_null(json_object_get(m, "previous")))
    return NEP_OK;
  nep_status status = nep_json_hash(m, "previous", s->previous, err);
  if (status == NEP_OK && s->sequence == 1)
    status = nep_fail(err, NEP_E_INPUT, code, "previous",
                      "names a ballot before the first one of the device");
  return status;
}

static nep_status read_message(const json_t *m, nep_cast_statement *s, nep_error *err)
{
  nep_status status = nep_json_fields(m, "message", err, "uuid", "election_hash", "ballot",
                                      "sequence", "previous", NULL);
  if (status == NEP_OK)
    status = nep_field_uuid(m, "uuid", s->uuid, err);
  if (status == NEP_OK)
    status = nep_json_hash(m, "election_hash", s->election_hash, err);
  if (status == NEP_OK)
    status = nep_json_hash(m, "ballot", s->ballot, err);
  if (status == NEP_OK)
    status = nep_json_integer(m, "sequence", 1, NEP_CAST_SEQUENCE_MAX, &s->sequence, err);
  if (status == NEP_OK)
    status = read_previous(m, s, err);
  return status;
}

nep_status nep_cast_statement_read(const nep_group *g, nep_bytes text, nep_cast_statement *out,
                                   nep_error *err)
{
  json_t *json = NULL;
  const json_t *message;
  nep_status status = nep_json_parse(text, &json, err);
  if (status == NEP_OK)
    status = nep_signed_read(g, json, "statement", &message, &out->signature, err);
  if (status == NEP_OK)
    status = read_message(message, out, err);
  if (status == NEP_OK && !nep_json_is_canonical(json, text))
    status = nep_fail(err, NEP_E_INPUT, code, "statement", "the text is not in canonical form");
  json_decref(json);
  return status;
}
