#include "protocol/scan.h"

#include <string.h>

bool nep_scan_skip(nep_bytes *text, const char *expected)
{
  size_t len = strlen(expected);
  if (text->len < len || memcmp(text->data, expected, len) != 0)
    return false;
  text->data += len;
  text->len -= len;
  return true;
}

bool nep_scan_plain(nep_bytes *text, size_t max, nep_bytes *out)
{
  size_t len = 0;
  while (len < text->len && text->data[len] != '"') {
    unsigned char c = (unsigned char)text->data[len++];
    if (c < 0x20 || c > 0x7E || c == '\\')
      return false;
  }
  if (len >= text->len || len > max)
    return false;
  *out = (nep_bytes){text->data, len};
  text->data += len + 1;
  text->len -= len + 1;
  return true;
}
