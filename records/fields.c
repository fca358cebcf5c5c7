#include "records/fields.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "protocol/election.h"

void nep_field_open(nep_buf *out, const char *key, const char *value)
{
  nep_buf_printf(out, "{\"%s\":", key);
  nep_json_write_string(out, value, strlen(value));
}

void nep_field_add(nep_buf *out, const char *key, const char *value)
{
  nep_buf_printf(out, ",\"%s\":", key);
  nep_json_write_string(out, value, strlen(value));
}

bool nep_is_name(const char *text, size_t len, size_t max)
{
  if (len == 0 || len > max || !nep_is_utf8(text, len))
    return false;
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
      return false;
  return true;
}

nep_status nep_field_uuid(const json_t *object, const char *key, char out[65], nep_error *err)
{
  const char *text;
  size_t len;
  nep_status status = nep_json_string(object, key, &text, &len, err);
  if (status != NEP_OK)
    return status;
  if (len > 64 || !nep_uuid_is_valid(text, len))
    return nep_fail(err, NEP_E_INPUT, "shape", key,
                    "must be an election's identifier: 14 to 64 Base58 characters");
  memcpy(out, text, len + 1);
  return NEP_OK;
}

nep_status nep_field_time(const json_t *object, const char *key, char out[21], nep_error *err)
{
  const char *text;
  size_t len;
  int64_t seconds;
  nep_status status = nep_json_string(object, key, &text, &len, err);
  if (status != NEP_OK)
    return status;
  if (len != 20 || !nep_clock_parse(text, &seconds))
    return nep_fail(err, NEP_E_INPUT, "shape", key, "must be a time such as 2026-11-23T07:00:00Z");
  memcpy(out, text, 21);
  return NEP_OK;
}

/* 32 bytes as 43 characters of one of the two base64 alphabets. */
static nep_status field_32(const json_t *object, const char *key, char out[44],
                           bool (*decode)(const char *, size_t, void *, size_t, size_t *),
                           nep_error *err)
{
  const char *text;
  size_t len, decoded = 0;
  unsigned char bytes[32];
  nep_status status = nep_json_string(object, key, &text, &len, err);
  if (status != NEP_OK)
    return status;
  if (len != 43 || !decode(text, len, bytes, sizeof bytes, &decoded) || decoded != sizeof bytes)
    return nep_fail(err, NEP_E_INPUT, "shape", key,
                    "must be 32 bytes in base64: 43 characters without '='");
  memcpy(out, text, 44);
  return NEP_OK;
}

nep_status nep_field_tracker(const json_t *object, const char *key, char out[44], nep_error *err)
{
  return field_32(object, key, out, nep_unbase64, err);
}

nep_status nep_field_nonce(const json_t *object, const char *key, char out[44], nep_error *err)
{
  return field_32(object, key, out, nep_unbase64url, err);
}

nep_status nep_field_name(const json_t *object, const char *key, size_t max, char *out,
                          nep_error *err)
{
  const char *text;
  size_t len;
  nep_status status = nep_json_string(object, key, &text, &len, err);
  if (status != NEP_OK)
    return status;
  if (!nep_is_name(text, len, max))
    return nep_fail(err, NEP_E_INPUT, "shape", key,
                    "must be 1 to %zu bytes of UTF-8 without control characters", max);
  memcpy(out, text, len + 1);
  return NEP_OK;
}
