#include "server/http/headers.h"

#include <string.h>
#include <strings.h>

static const struct {
  const char *name;
  bool once;
} known_headers[NEP_HEADER_COUNT] = {
    [NEP_HEADER_HOST] = {"Host", true},
    [NEP_HEADER_CONTENT_LENGTH] = {"Content-Length", true},
    [NEP_HEADER_TRANSFER_ENCODING] = {"Transfer-Encoding", true},
    [NEP_HEADER_CONTENT_TYPE] = {"Content-Type", true},
    [NEP_HEADER_CONTENT_ENCODING] = {"Content-Encoding", true},
    [NEP_HEADER_AUTHORIZATION] = {"Authorization", true},
    [NEP_HEADER_ACT] = {"NEP-Act", true},
    [NEP_HEADER_RANGE] = {"Range", true},
    [NEP_HEADER_IF_RANGE] = {"If-Range", true},
    [NEP_HEADER_IF_NONE_MATCH] = {"If-None-Match", false},
    [NEP_HEADER_FORWARDED] = {"Forwarded", false},
    [NEP_HEADER_EXPECT] = {"Expect", false},
};

void nep_headers_add(nep_headers *h, const char *name, const char *value)
{
  h->lines++;
  for (unsigned i = 0; i < NEP_HEADER_COUNT; i++) {
    if (strcasecmp(known_headers[i].name, name) != 0)
      continue;
    if (h->known[i].times++ > 0)
      nep_buf_str(&h->known[i].value, ", ");
    nep_buf_str(&h->known[i].value, value);
  }
}

void nep_headers_free(nep_headers *h)
{
  for (unsigned i = 0; i < NEP_HEADER_COUNT; i++)
    nep_buf_wipe(&h->known[i].value);
  *h = (nep_headers){0};
}

const char *nep_headers_value(const nep_headers *h, nep_header which)
{
  return h->known[which].times > 0 ? h->known[which].value.data : NULL;
}

static bool read_length(const char *text, uint64_t *out)
{
  size_t n = strlen(text);
  if (n == 0 || n > 18 || strspn(text, "0123456789") != n)
    return false;
  *out = 0;
  for (; *text; text++)
    *out = *out * 10 + (uint64_t)(*text - '0');
  return true;
}

nep_status nep_headers_check(const nep_headers *h, uint64_t *body_size, bool *chunked,
                             nep_error *err)
{
  const char *length = nep_headers_value(h, NEP_HEADER_CONTENT_LENGTH);
  const char *encoding = nep_headers_value(h, NEP_HEADER_TRANSFER_ENCODING);
  *body_size = 0;
  *chunked = encoding != NULL;
  for (unsigned i = 0; i < NEP_HEADER_COUNT; i++)
    if (known_headers[i].once && h->known[i].times > 1)
      return nep_fail(err, NEP_E_INPUT, "headers", known_headers[i].name, "is given twice");
  if (length && encoding)
    return nep_fail(err, NEP_E_INPUT, "headers", "Transfer-Encoding",
                    "stands beside Content-Length: where the body ends is ambiguous");
  if (length && !read_length(length, body_size))
    return nep_fail(err, NEP_E_INPUT, "headers", "Content-Length", "is not a decimal number");
  return NEP_OK;
}

bool nep_media_type_is(const char *content_type, const char *wanted)
{
  size_t n = strlen(wanted);
  if (!content_type || strncasecmp(content_type, wanted, n) != 0)
    return false;
  const char *rest = content_type + n;
  rest += strspn(rest, " \t");
  if (*rest == '\0')
    return true;
  if (*rest++ != ';')
    return false;
  rest += strspn(rest, " \t");
  return strcasecmp(rest, "charset=utf-8") == 0;
}
