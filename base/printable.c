#include "base/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"

/* Decodes one character of well-formed UTF-8; returns its length. */
static size_t next_character(const unsigned char *p, uint32_t *c)
{
  size_t len = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
  *c = len == 1 ? *p : *p & (0xffu >> (len + 1));
  for (size_t i = 1; i < len; i++)
    *c = *c << 6 | (p[i] & 0x3f);
  return len;
}

static bool is_harmless(uint32_t c)
{
  bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  bool direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
                   c == 0x200f || c == 0x061c;
  return !control && !direction && c != 0x2028 && c != 0x2029;
}

char *nep_printable(const char *text)
{
  char *copy = nep_strdup(text), *to = copy;
  bool utf8 = nep_is_utf8(text, strlen(text));
  for (const unsigned char *p = (const unsigned char *)text; *p != '\0';) {
    uint32_t c = *p;
    size_t len = utf8 ? next_character(p, &c) : 1;
    if (is_harmless(c) && (utf8 || c < 0x80)) {
      memcpy(to, p, len);
      to += len;
    } else {
      *to++ = '?';
    }
    p += len;
  }
  *to = '\0';
  return copy;
}

/* All of these have four hexadecimal digits at most. */
void nep_printable_json(nep_buf *out, nep_bytes json)
{
  const unsigned char *p = (const unsigned char *)json.data, *end = p + json.len;
  while (p < end) {
    uint32_t c;
    size_t len = next_character(p, &c);
    if (is_harmless(c) || c < 0x20)
      nep_buf_add(out, p, len);
    else
      nep_buf_printf(out, "\\u%04x", (unsigned)c);
    p += len;
  }
}

void nep_show(FILE *to, const char *text)
{
  char *shown = nep_printable(text);
  fputs(shown, to);
  free(shown);
}
