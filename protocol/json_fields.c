#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/encode.h"
#include "protocol/json.h"

/* `name` without the '?' that marks a field that may be absent. */
static bool is_named(const char *key, const char *name)
{
  size_t len = strlen(name);
  if (len > 0 && name[len - 1] == '?')
    len--;
  return key && strlen(key) == len && memcmp(key, name, len) == 0;
}

static bool is_optional(const char *name)
{
  size_t len = strlen(name);
  return len > 0 && name[len - 1] == '?';
}

nep_status nep_json_fields(const json_t *object, const char *where, nep_error *err, ...)
{
  if (!json_is_object(object))
    return nep_fail(err, NEP_E_INPUT, "shape", where, "an object is expected");
  json_t *o = (json_t *)object; /* jansson's iterators take no const */
  void *it = json_object_iter(o);
  const char *missing = NULL;
  va_list names;
  va_start(names, err);
  for (const char *name; !missing && (name = va_arg(names, const char *));) {
    if (it && is_named(json_object_iter_key(it), name))
      it = json_object_iter_next(o, it);
    else if (!is_optional(name))
      missing = name;
  }
  va_end(names);
  const char *found = it ? json_object_iter_key(it) : NULL;
  if (missing && found)
    return nep_fail(err, NEP_E_INPUT, "shape", where,
                    "field \"%s\" is expected here, not \"%.60s\"", missing, found);
  if (missing)
    return nep_fail(err, NEP_E_INPUT, "shape", where, "field \"%s\" is missing", missing);
  if (found)
    return nep_fail(err, NEP_E_INPUT, "shape", where,
                    "field \"%.60s\" is not known or not in place", found);
  return NEP_OK;
}

nep_status nep_json_string(const json_t *object, const char *key, const char **out, size_t *len,
                           nep_error *err)
{
  const json_t *value = json_object_get(object, key);
  if (!json_is_string(value))
    return nep_fail(err, NEP_E_INPUT, "shape", key, "a string is expected");
  *out = json_string_value(value);
  if (len)
    *len = json_string_length(value);
  return NEP_OK;
}

nep_status nep_json_integer(const json_t *object, const char *key, int64_t min, int64_t max,
                            int64_t *out, nep_error *err)
{
  const json_t *value = json_object_get(object, key);
  if (!json_is_integer(value))
    return nep_fail(err, NEP_E_INPUT, "shape", key, "a whole number is expected");
  int64_t n = json_integer_value(value);
  if (n < min || n > max)
    return nep_fail(err, NEP_E_INPUT, "shape", key, "%lld is outside %lld to %lld", (long long)n,
                    (long long)min, (long long)max);
  *out = n;
  return NEP_OK;
}

nep_status nep_json_bool(const json_t *object, const char *key, bool *out, nep_error *err)
{
  const json_t *value = json_object_get(object, key);
  if (!json_is_boolean(value))
    return nep_fail(err, NEP_E_INPUT, "shape", key, "true or false is expected");
  *out = json_is_true(value);
  return NEP_OK;
}

nep_status nep_json_array(const json_t *object, const char *key, const json_t **out, nep_error *err)
{
  const json_t *value = json_object_get(object, key);
  if (!json_is_array(value))
    return nep_fail(err, NEP_E_INPUT, "shape", key, "a list is expected");
  *out = value;
  return NEP_OK;
}

nep_status nep_json_hash(const json_t *object, const char *key, char out[65], nep_error *err)
{
  const char *text;
  size_t len;
  nep_status status = nep_json_string(object, key, &text, &len, err);
  if (status)
    return status;
  unsigned char raw[32];
  if (!nep_unhex(text, len, raw, sizeof raw))
    return nep_fail(err, NEP_E_INPUT, "shape", key,
                    "64 lower-case hexadecimal digits are expected");
  memcpy(out, text, 65);
  return NEP_OK;
}
