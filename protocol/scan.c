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

static bool scan_scalar(const nep_group *g, nep_bytes *text, nep_scalar *out)
{
  nep_bytes digits;
  return nep_scan_plain(text, NEP_SCALAR_TEXT_MAX, &digits) &&
         nep_scalar_parse(g, out, digits.data, digits.len, NULL) == NEP_OK;
}

bool nep_scan_proof(const nep_group *g, nep_bytes *text, nep_proof *out)
{
  return nep_scan_skip(text, "{\"challenge\":\"") && scan_scalar(g, text, &out->challenge) &&
         nep_scan_skip(text, ",\"response\":\"") && scan_scalar(g, text, &out->response) &&
         nep_scan_skip(text, "}");
}
