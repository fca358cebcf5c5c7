/* Writing the export of a registry, piece by piece, as the rows come. */
#include <string.h>

#include "records/fields.h"
#include "records/registry.h"

static void next(nep_buf *out)
{
  if (out->data[out->len - 1] != '[')
    nep_buf_char(out, ',');
}

void nep_registry_open(nep_buf *out, const char *uuid, const char *event, const char *group)
{
  nep_field_open(out, "uuid", uuid);
  nep_field_add(out, "event", event);
  nep_field_add(out, "group", group);
  nep_buf_str(out, ",\"roll\":[");
}

void nep_registry_write_person(nep_buf *out, const char *identifier, uint64_t weight)
{
  next(out);
  nep_field_open(out, "identifier", identifier);
  if (weight > 0)
    nep_buf_printf(out, ",\"weight\":%llu", (unsigned long long)weight);
  nep_buf_char(out, '}');
}

void nep_registry_write_key_sets(nep_buf *out)
{
  nep_buf_str(out, "],\"key_sets\":[");
}

void nep_registry_write_key_set(nep_buf *out, const char *hash, nep_bytes body)
{
  next(out);
  nep_field_open(out, "hash", hash);
  nep_buf_str(out, ",\"body\":");
  nep_json_write_string(out, body.data, body.len);
  nep_buf_char(out, '}');
}

void nep_registry_write_registrations(nep_buf *out)
{
  nep_buf_str(out, "],\"registrations\":[");
}

void nep_registry_write_registration(nep_buf *out, const char *nonce, const char *replaces,
                                     const char *token, const char *key_set, const char *sealed)
{
  next(out);
  nep_field_open(out, "nonce", nonce);
  if (replaces != NULL)
    nep_field_add(out, "replaces", replaces);
  else
    nep_buf_str(out, ",\"replaces\":null");
  nep_field_add(out, "token", token);
  nep_field_add(out, "key_set", key_set);
  nep_buf_printf(out, ",\"sealed\":%s}", sealed);
}

void nep_registry_close(nep_buf *out)
{
  nep_buf_str(out, "]}");
}
