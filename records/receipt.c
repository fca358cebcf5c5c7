#include "records/receipt.h"

#include <inttypes.h>
#include <string.h>

#include "protocol/election.h"
#include "records/fields.h"
#include "records/tags.h"

static nep_status read_height(const json_t *m, uint64_t *out, nep_error *err)
{
  int64_t height = 0;
  nep_status status = nep_json_integer(m, "height", 0, INT64_MAX, &height, err);
  *out = (uint64_t)height;
  return status;
}

/* ---- cast receipt ---- */

void nep_cast_receipt_write(const nep_cast_receipt *r, nep_buf *message)
{
  nep_field_open(message, "uuid", r->uuid);
  nep_field_add(message, "election_hash", r->election_hash);
  nep_field_add(message, "tracker", r->tracker);
  nep_buf_printf(message, ",\"height\":%" PRIu64, r->height);
  nep_field_add(message, "event", r->event);
  nep_field_add(message, "time", r->time);
  nep_buf_char(message, '}');
}

nep_status nep_cast_receipt_read(const json_t *m, nep_cast_receipt *r, nep_error *err)
{
  nep_status status = nep_json_fields(m, "message", err, "uuid", "election_hash", "tracker",
                                      "height", "event", "time", NULL);
  if (status == NEP_OK)
    status = nep_field_uuid(m, "uuid", r->uuid, err);
  if (status == NEP_OK)
    status = nep_json_hash(m, "election_hash", r->election_hash, err);
  if (status == NEP_OK)
    status = nep_field_tracker(m, "tracker", r->tracker, err);
  if (status == NEP_OK)
    status = read_height(m, &r->height, err);
  if (status == NEP_OK)
    status = nep_json_hash(m, "event", r->event, err);
  if (status == NEP_OK)
    status = nep_field_time(m, "time", r->time, err);
  return status;
}

nep_status nep_cast_receipt_verify(nep_bytes envelope, const char *public_hex,
                                   nep_cast_receipt *out, nep_error *err)
{
  json_t *m = NULL;
  memset(out, 0, sizeof *out);
  nep_status status =
      nep_envelope_verify(envelope, NEP_TAG_CAST_RECEIPT, public_hex, &m, NULL, err);
  if (status == NEP_OK)
    status = nep_cast_receipt_read(m, out, err);
  json_decref(m);
  return status;
}

/* ---- registration receipt ---- */

void nep_registration_receipt_write(const char *event, const char *nonce,
                                    const char *const *elections, size_t n, const char *time,
                                    nep_buf *message)
{
  nep_field_open(message, "event", event);
  nep_field_add(message, "nonce", nonce);
  nep_buf_str(message, ",\"elections\":[");
  for (size_t i = 0; i < n; i++) {
    if (i > 0)
      nep_buf_char(message, ',');
    nep_json_write_string(message, elections[i], strlen(elections[i]));
  }
  nep_buf_char(message, ']');
  nep_field_add(message, "time", time);
  nep_buf_char(message, '}');
}

static nep_status read_elections(const json_t *m, nep_registration_receipt *r, nep_error *err)
{
  const json_t *list;
  nep_status status = nep_json_array(m, "elections", &list, err);
  if (status != NEP_OK)
    return status;
  size_t n = json_array_size(list);
  if (n == 0 || n > NEP_REGISTRATION_ELECTIONS_MAX)
    return nep_fail(err, NEP_E_INPUT, "shape", "elections", "must name 1 to %d elections",
                    NEP_REGISTRATION_ELECTIONS_MAX);
  for (size_t i = 0; i < n; i++) {
    const char *uuid = json_string_value(json_array_get(list, i));
    if (uuid == NULL || !nep_uuid_is_valid(uuid, strlen(uuid)) || strlen(uuid) > 64)
      return nep_fail(err, NEP_E_INPUT, "shape", "elections",
                      "entry %zu is not an election's identifier", i);
    memcpy(r->elections[i], uuid, strlen(uuid) + 1);
  }
  r->n_elections = n;
  return NEP_OK;
}

nep_status nep_registration_receipt_read(const json_t *m, nep_registration_receipt *out,
                                         nep_error *err)
{
  nep_status status =
      nep_json_fields(m, "message", err, "event", "nonce", "elections", "time", NULL);
  if (status == NEP_OK)
    status = nep_field_name(m, "event", NEP_EVENT_MAX, out->event, err);
  if (status == NEP_OK)
    status = nep_field_nonce(m, "nonce", out->nonce, err);
  if (status == NEP_OK)
    status = read_elections(m, out, err);
  if (status == NEP_OK)
    status = nep_field_time(m, "time", out->time, err);
  return status;
}

nep_status nep_registration_receipt_verify(nep_bytes envelope, const char *public_hex,
                                           nep_registration_receipt *out, nep_error *err)
{
  json_t *m = NULL;
  memset(out, 0, sizeof *out);
  nep_status status =
      nep_envelope_verify(envelope, NEP_TAG_REGISTRATION_RECEIPT, public_hex, &m, NULL, err);
  if (status == NEP_OK)
    status = nep_registration_receipt_read(m, out, err);
  json_decref(m);
  return status;
}

/* ---- refusal ---- */

void nep_refusal_write(const nep_refusal *r, nep_buf *message)
{
  nep_field_open(message, "uuid", r->uuid);
  nep_field_add(message, "tracker", r->tracker);
  if (r->statement[0] != '\0')
    nep_field_add(message, "statement", r->statement);
  nep_field_add(message, "code", r->code);
  nep_field_add(message, "time", r->time);
  nep_buf_char(message, '}');
}

nep_status nep_refusal_read(const json_t *m, nep_refusal *out, nep_error *err)
{
  nep_status status =
      nep_json_fields(m, "message", err, "uuid", "tracker", "statement?", "code", "time", NULL);
  out->statement[0] = '\0';
  if (status == NEP_OK)
    status = nep_field_uuid(m, "uuid", out->uuid, err);
  if (status == NEP_OK)
    status = nep_field_tracker(m, "tracker", out->tracker, err);
  if (status == NEP_OK && json_object_get(m, "statement") != NULL)
    status = nep_json_hash(m, "statement", out->statement, err);
  if (status == NEP_OK)
    status = nep_field_name(m, "code", sizeof out->code - 1, out->code, err);
  if (status == NEP_OK)
    status = nep_field_time(m, "time", out->time, err);
  return status;
}

nep_status nep_refusal_verify(nep_bytes envelope, const char *public_hex, nep_refusal *out,
                              nep_error *err)
{
  json_t *m = NULL;
  memset(out, 0, sizeof *out);
  nep_status status = nep_envelope_verify(envelope, NEP_TAG_REFUSAL, public_hex, &m, NULL, err);
  if (status == NEP_OK)
    status = nep_refusal_read(m, out, err);
  json_decref(m);
  return status;
}

/* ---- head ---- */

void nep_head_write(const nep_head *h, nep_buf *message)
{
  nep_field_open(message, "uuid", h->uuid);
  nep_buf_printf(message, ",\"height\":%" PRIu64, h->height);
  nep_field_add(message, "event", h->event);
  nep_buf_printf(message, ",\"size\":%" PRIu64, h->size);
  nep_field_add(message, "time", h->time);
  nep_buf_char(message, '}');
}

nep_status nep_head_read(const json_t *m, nep_head *out, nep_error *err)
{
  int64_t size = 0;
  nep_status status =
      nep_json_fields(m, "message", err, "uuid", "height", "event", "size", "time", NULL);
  if (status == NEP_OK)
    status = nep_field_uuid(m, "uuid", out->uuid, err);
  if (status == NEP_OK)
    status = read_height(m, &out->height, err);
  if (status == NEP_OK)
    status = nep_json_hash(m, "event", out->event, err);
  if (status == NEP_OK)
    status = nep_json_integer(m, "size", 1, INT64_MAX, &size, err);
  out->size = (uint64_t)size;
  if (status == NEP_OK)
    status = nep_field_time(m, "time", out->time, err);
  return status;
}

nep_status nep_head_verify(nep_bytes envelope, const char *public_hex, nep_head *out,
                           nep_error *err)
{
  json_t *m = NULL;
  memset(out, 0, sizeof *out);
  nep_status status = nep_envelope_verify(envelope, NEP_TAG_HEAD, public_hex, &m, NULL, err);
  if (status == NEP_OK)
    status = nep_head_read(m, out, err);
  json_decref(m);
  return status;
}
