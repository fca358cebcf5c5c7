#include "base/encode.h"

#include <sodium.h>
#include <string.h>

void nep_hex(const void *data, size_t len, char *out)
{
  sodium_bin2hex(out, 2 * len + 1, data, len);
}

/* The value of a lower-case hex digit; bit 4 is set for any other character. Without a branch: the
   time does not depend on the text. */
static unsigned nibble(char character)
{
  unsigned c = (unsigned char)character, digit = c - '0', letter = c - 'a';
  unsigned is_digit = 0 - (unsigned)(digit < 10), is_letter = 0 - (unsigned)(letter < 6);
  return (digit & is_digit) | ((letter + 10) & is_letter) | (~(is_digit | is_letter) & 16);
}

bool nep_unhex(const char *text, size_t text_len, void *out, size_t len)
{
  uint8_t *byte = out;
  unsigned bad = 0;
  if (text_len != 2 * len)
    return false;
  for (size_t i = 0; i < len; i++) {
    unsigned high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
    bad |= high | low;
    byte[i] = (uint8_t)(high << 4 | (low & 15));
  }
  return (bad & 16) == 0;
}

static void to_base64(const void *data, size_t len, char *out, int variant)
{
  sodium_bin2base64(out, sodium_base64_encoded_len(len, variant), data, len, variant);
}

static bool from_base64(const char *text, size_t text_len, void *out, size_t max, size_t *len,
                        int variant)
{
  const char *end = NULL;
  if (sodium_base642bin(out, max, text, text_len, NULL, len, &end, variant) != 0)
    return false;
  return end == text + text_len;
}

void nep_base64(const void *data, size_t len, char *out)
{
  to_base64(data, len, out, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

void nep_base64url(const void *data, size_t len, char *out)
{
  to_base64(data, len, out, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool nep_unbase64(const char *text, size_t text_len, void *out, size_t max, size_t *len)
{
  return from_base64(text, text_len, out, max, len, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

bool nep_unbase64url(const char *text, size_t text_len, void *out, size_t max, size_t *len)
{
  return from_base64(text, text_len, out, max, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool nep_is_base58(const char *text, size_t len)
{
  for (size_t i = 0; i < len; i++)
    if (text[i] == '\0' || !strchr(NEP_BASE58, text[i]))
      return false;
  return true;
}

bool nep_tracker(const char *hex, char out[44])
{
  uint8_t hash[32];
  if (!nep_unhex(hex, strnlen(hex, 65), hash, sizeof hash))
    return false;
  nep_base64(hash, sizeof hash, out);
  return true;
}

/* Length of the well-formed sequence at s (RFC 3629, table of section 4), or 0. */
static size_t utf8_sequence(const unsigned char *s, size_t left)
{
  if (s[0] < 0x80)
    return 1;
  size_t n = s[0] >= 0xC2 && s[0] <= 0xDF ? 2 : (s[0] & 0xF0) == 0xE0 ? 3 : 0;
  if (s[0] >= 0xF0 && s[0] <= 0xF4)
    n = 4;
  if (n == 0 || n > left)
    return 0;
  unsigned char low = s[0] == 0xE0 ? 0xA0 : s[0] == 0xF0 ? 0x90 : 0x80;
  unsigned char high = s[0] == 0xED ? 0x9F : s[0] == 0xF4 ? 0x8F : 0xBF;
  if (s[1] < low || s[1] > high)
    return 0;
  for (size_t i = 2; i < n; i++)
    if (s[i] < 0x80 || s[i] > 0xBF)
      return 0;
  return n;
}

bool nep_is_utf8(const char *text, size_t len)
{
  const unsigned char *s = (const unsigned char *)text;
  for (size_t i = 0; i < len;) {
    size_t n = utf8_sequence(s + i, len - i);
    if (n == 0)
      return false;
    i += n;
  }
  return true;
}
