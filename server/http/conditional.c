#include "server/http/conditional.h"

#include <string.h>

static bool is_quoted_etag(const char *text, size_t len, const char *etag)
{
  size_t n = strlen(etag);
  return len == n + 2 && text[0] == '"' && text[len - 1] == '"' && memcmp(text + 1, etag, n) == 0;
}

bool nep_etag_matches(const char *header, const char *etag)
{
  if (!header || !*etag)
    return false;
  for (const char *at = header; *at;) {
    at += strspn(at, " \t,");
    size_t len = strcspn(at, ",");
    size_t trimmed = len;
    while (trimmed && (at[trimmed - 1] == ' ' || at[trimmed - 1] == '\t'))
      trimmed--;
    /* The weak comparison: W/ makes no difference here. */
    size_t weak = trimmed > 2 && at[0] == 'W' && at[1] == '/' ? 2 : 0;
    if ((trimmed == 1 && *at == '*') || is_quoted_etag(at + weak, trimmed - weak, etag))
      return true;
    at += len;
  }
  return false;
}

/* Reads digits at *at; false when there are none or too many. */
static bool read_number(const char **at, uint64_t *out)
{
  size_t n = strspn(*at, "0123456789");
  if (n == 0 || n > 18)
    return false;
  *out = 0;
  for (size_t i = 0; i < n; i++)
    *out = *out * 10 + (uint64_t)((*at)[i] - '0');
  *at += n;
  return true;
}

static nep_range last_bytes(const char *at, uint64_t total, uint64_t *from, uint64_t *size)
{
  uint64_t n;
  if (!read_number(&at, &n) || *at)
    return NEP_RANGE_WHOLE;
  if (n == 0 || total == 0)
    return NEP_RANGE_OUTSIDE;
  *size = n < total ? n : total;
  *from = total - *size;
  return NEP_RANGE_PART;
}

nep_range nep_range_read(const char *range, const char *if_range, const char *etag, uint64_t total,
                         uint64_t *from, uint64_t *size)
{
  uint64_t first, last = UINT64_MAX;
  if (!range || strncmp(range, "bytes=", 6) != 0 ||
      (if_range && !is_quoted_etag(if_range, strlen(if_range), etag)))
    return NEP_RANGE_WHOLE;
  const char *at = range + 6;
  if (*at == '-')
    return last_bytes(at + 1, total, from, size);
  if (!read_number(&at, &first) || *at++ != '-')
    return NEP_RANGE_WHOLE;
  if (*at && (!read_number(&at, &last) || *at || last < first))
    return NEP_RANGE_WHOLE;
  if (first >= total)
    return NEP_RANGE_OUTSIDE;
  *from = first;
  *size = (last < total ? last + 1 : total) - first;
  return NEP_RANGE_PART;
}
