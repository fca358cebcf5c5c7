#include "protocol/json.h"

#include <string.h>

enum { DEPTH_MAX = 32 };

/* Deepest nesting of the text, found without recursion so that no parser is driven deep. Text that
   is no JSON gets some number; the parser refuses it afterwards. */
static bool is_shallow(nep_bytes text)
{
  unsigned depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.data[i];
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > DEPTH_MAX)
        return false;
    } else if ((c == ']' || c == '}') && depth > 0) {
      depth--;
    }
  }
  return true;
}

/* Our own words: jansson's message repeats a piece of the input. */
static const char *reason_of(const json_error_t *e)
{
  switch (json_error_code(e)) {
  case json_error_invalid_utf8:
    return "not valid UTF-8";
  case json_error_premature_end_of_input:
    return "the text ends too early";
  case json_error_end_of_input_expected:
    return "more text after the end of the value";
  case json_error_duplicate_key:
    return "a name stands twice in one object";
  case json_error_numeric_overflow:
    return "a number is too large";
  case json_error_null_character:
  case json_error_null_byte_in_key:
    return "a string holds a NUL character";
  default:
    return "not valid JSON";
  }
}

nep_status nep_json_parse(nep_bytes text, json_t **out, nep_error *err)
{
  *out = NULL;
  if (!is_shallow(text))
    return nep_fail(err, NEP_E_INPUT, "json", NULL, "nested more than %d levels deep", DEPTH_MAX);
  json_error_t e = {0};
  *out = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
  if (*out)
    return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, "json", NULL, "%s (at byte %d)", reason_of(&e), e.position);
}

nep_status nep_json_parse_short(nep_bytes text, json_t **out, nep_error *err)
{
  *out = NULL;
  if (text.len > NEP_JSON_SHORT)
    return nep_fail(err, NEP_E_INPUT, "json", NULL, "longer than %d bytes", NEP_JSON_SHORT);
  return nep_json_parse(text, out, err);
}

/* protocol.md §4: the escape of a byte, or NULL when it stands for itself. */
static const char *escape_of(unsigned char c, char out[7])
{
  switch (c) {
  case '"':
    return "\\\"";
  case '\\':
    return "\\\\";
  case '\b':
    return "\\b";
  case '\f':
    return "\\f";
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  default:
    break;
  }
  if (c >= 0x20 && c != 0x7F)
    return NULL;
  static const char hex[] = "0123456789abcdef";
  memcpy(out, "\\u00", 4);
  out[4] = hex[c >> 4];
  out[5] = hex[c & 15];
  out[6] = '\0';
  return out;
}

void nep_json_write_string(nep_buf *out, const char *text, size_t len)
{
  char room[7];
  size_t from = 0;
  nep_buf_char(out, '"');
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
      continue;
    const char *escape = escape_of(c, room);
    nep_buf_add(out, text + from, i - from);
    nep_buf_str(out, escape);
    from = i + 1;
  }
  nep_buf_add(out, text + from, len - from);
  nep_buf_char(out, '"');
}

static void write_object(nep_buf *out, const json_t *value)
{
  json_t *object = (json_t *)value; /* jansson's iterators take no const */
  char before = '{';
  for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it)) {
    nep_buf_char(out, before);
    nep_json_write_string(out, json_object_iter_key(it), json_object_iter_key_len(it));
    nep_buf_char(out, ':');
    nep_json_write(out, json_object_iter_value(it));
    before = ',';
  }
  nep_buf_str(out, before == '{' ? "{}" : "}");
}

static void write_array(nep_buf *out, const json_t *value)
{
  nep_buf_char(out, '[');
  for (size_t i = 0; i < json_array_size(value); i++) {
    if (i > 0)
      nep_buf_char(out, ',');
    nep_json_write(out, json_array_get(value, i));
  }
  nep_buf_char(out, ']');
}

/* Keeps the decimal point: a whole number must not come back as an integer. */
static void write_real(nep_buf *out, const json_t *value)
{
  char text[64];
  size_t len = json_dumpb(value, text, sizeof text, JSON_ENCODE_ANY);
  nep_buf_add(out, text, len <= sizeof text ? len : 0);
}

void nep_json_write(nep_buf *out, const json_t *value)
{
  switch (json_typeof(value)) {
  case JSON_OBJECT:
    write_object(out, value);
    break;
  case JSON_ARRAY:
    write_array(out, value);
    break;
  case JSON_STRING:
    nep_json_write_string(out, json_string_value(value), json_string_length(value));
    break;
  case JSON_INTEGER:
    nep_buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    break;
  case JSON_REAL: /* only inside a question's `extra` */
    write_real(out, value);
    break;
  case JSON_TRUE:
    nep_buf_str(out, "true");
    break;
  case JSON_FALSE:
    nep_buf_str(out, "false");
    break;
  case JSON_NULL:
    nep_buf_str(out, "null");
    break;
  }
}

/* Bytes that the text shares with the canonical one from the start on. */
static size_t canonical_prefix(const json_t *value, nep_bytes text, size_t *canonical_len)
{
  nep_buf again = {0};
  nep_buf_room(&again, text.len + 1);
  nep_json_write(&again, value);
  size_t same = 0;
  while (same < text.len && same < again.len && again.data[same] == text.data[same])
    same++;
  *canonical_len = again.len;
  nep_buf_wipe(&again); /* a copy of what may be a secret */
  return same;
}

bool nep_json_is_canonical(const json_t *value, nep_bytes text)
{
  size_t len, same = canonical_prefix(value, text, &len);
  return same == text.len && same == len;
}

nep_status nep_json_check_canonical(const json_t *value, nep_bytes text, nep_error *err)
{
  size_t len, same = canonical_prefix(value, text, &len);
  if (same == text.len && same == len)
    return NEP_OK;
  return nep_fail(err, NEP_E_CHECK, "noncanonical", NULL,
                  "the text is not in canonical form (first difference at byte %zu)", same);
}

nep_status nep_json_parse_canonical(nep_bytes text, json_t **out, nep_error *err)
{
  nep_status status = nep_json_parse(text, out, err);
  if (status == NEP_OK)
    status = nep_json_check_canonical(*out, text, err);
  if (status != NEP_OK) {
    json_decref(*out);
    *out = NULL;
  }
  return status;
}
