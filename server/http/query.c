#include "server/http/query.h"

#include <string.h>

#include "base/encode.h"

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

bool nep_percent_decode(nep_bytes text, char *out, size_t room)
{
  size_t n = 0;
  for (size_t i = 0; i < text.len; i++) {
    int c = (unsigned char)text.data[i];
    if (c == '%') {
      int high = i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
      int low = high >= 0 ? hex_digit(text.data[i + 2]) : -1;
      if (low < 0)
        return false;
      c = high * 16 + low;
      i += 2;
    }
    if (c < 0x20 || c == 0x7f || n + 1 >= room)
      return false;
    out[n++] = (char)c;
  }
  out[n] = '\0';
  return nep_is_utf8(out, n);
}

const char *nep_query_value(const nep_query *q, const char *name)
{
  for (size_t i = 0; i < q->n; i++)
    if (strcmp(q->items[i].name, name) == 0)
      return q->items[i].value;
  return NULL;
}

static bool is_allowed(const char *name, const char *const *allowed)
{
  for (; *allowed; allowed++)
    if (strcmp(name, *allowed) == 0)
      return true;
  return false;
}

static nep_status read_item(nep_bytes item, const char *const *allowed, nep_query *out,
                            nep_error *err)
{
  const char *equal = memchr(item.data, '=', item.len);
  size_t name_len = equal ? (size_t)(equal - item.data) : item.len;
  char name[NEP_QUERY_NAME], value[NEP_QUERY_VALUE] = "";
  if (!nep_percent_decode((nep_bytes){item.data, name_len}, name, sizeof name) ||
      !is_allowed(name, allowed))
    return nep_fail(err, NEP_E_INPUT, "query", "query",
                    "holds a parameter that this address does not have");
  if (nep_query_value(out, name) || out->n == NEP_QUERY_MAX)
    return nep_fail(err, NEP_E_INPUT, "query", name, "is given twice");
  if (!equal ||
      !nep_percent_decode((nep_bytes){equal + 1, item.len - name_len - 1}, value, sizeof value))
    return nep_fail(err, NEP_E_INPUT, "query", name, "has no readable value");
  memcpy(out->items[out->n].name, name, sizeof name);
  memcpy(out->items[out->n].value, value, sizeof value);
  out->n++;
  return NEP_OK;
}

nep_status nep_query_parse(nep_bytes text, const char *const *allowed, nep_query *out,
                           nep_error *err)
{
  *out = (nep_query){0};
  nep_status status = NEP_OK;
  for (size_t at = 0; status == NEP_OK && at < text.len;) {
    const char *start = text.data + at;
    const char *end = memchr(start, '&', text.len - at);
    size_t len = end ? (size_t)(end - start) : text.len - at;
    status = read_item((nep_bytes){start, len}, allowed, out, err);
    at += len + 1;
  }
  return status;
}

nep_status nep_query_number(const nep_query *q, const char *name, uint64_t min, uint64_t max,
                            uint64_t *out, nep_error *err)
{
  const char *text = nep_query_value(q, name);
  if (!text)
    return NEP_OK;
  uint64_t value = 0;
  size_t n = strlen(text);
  bool good = n > 0 && n <= 18 && (n == 1 || text[0] != '0');
  for (size_t i = 0; good && i < n; i++) {
    good = text[i] >= '0' && text[i] <= '9';
    value = value * 10 + (uint64_t)(text[i] - '0');
  }
  if (!good || value < min || value > max)
    return nep_fail(err, NEP_E_INPUT, "query", name, "must be a decimal number from %llu to %llu",
                    (unsigned long long)min, (unsigned long long)max);
  *out = value;
  return NEP_OK;
}

bool nep_path_match_template(nep_bytes path, const char *template, nep_path_match *out)
{
  *out = (nep_path_match){0};
  const char *at = path.data, *end = path.data + path.len;
  while (*template == '/' && at < end && *at == '/') {
    template ++, at++;
    const char *slash = memchr(at, '/', (size_t)(end - at));
    size_t len = (size_t)((slash ? slash : end) - at);
    size_t wanted = strcspn(template, "/");
    if (template[0] == '{') {
      if (len == 0 || len > NEP_PATH_PARAM_MAX || out->n == NEP_PATH_PARAMS)
        return false;
      out->params[out->n++] = (nep_bytes){at, len};
    } else if (len != wanted || memcmp(at, template, len) != 0) {
      return false;
    }
    template += wanted;
    at += len;
  }
  return *template == '\0' && at == end;
}
