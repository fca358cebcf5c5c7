#include "protocol/ceremony_lines.h"

#include <string.h>

nep_status nep_lines_parse(nep_bytes text, const char *what, json_t **out, nep_error *err)
{
  nep_status status = NEP_OK;
  *out = json_array();
  for (size_t line = 1; !status && text.len > 0; line++) {
    const char *end = memchr(text.data, '\n', text.len);
    size_t len = end ? (size_t)(end - text.data) : text.len;
    json_t *value = NULL;
    status = nep_json_parse_canonical((nep_bytes){text.data, len}, &value, err);
    if (status)
      nep_inside(err, status, "%s, line %zu", what, line);
    else
      json_array_append_new(*out, value);
    text.data += len + (end ? 1 : 0);
    text.len -= len + (end ? 1 : 0);
  }
  if (status) {
    json_decref(*out);
    *out = NULL;
  }
  return status;
}
