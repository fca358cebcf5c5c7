#include <string.h>
#include <strings.h>

#include "server/http/address.h"

/* Length up to the first of `stops` that stands outside a quoted string. */
static size_t span_to(const char *text, size_t len, const char *stops)
{
  bool quoted = false;
  for (size_t i = 0; i < len; i++) {
    if (quoted && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && text[i] && strchr(stops, text[i]))
      return i;
  }
  return len;
}

static void trim(const char **text, size_t *len)
{
  while (*len && (**text == ' ' || **text == '\t'))
    (*text)++, (*len)--;
  while (*len && ((*text)[*len - 1] == ' ' || (*text)[*len - 1] == '\t'))
    (*len)--;
}

/* A node of RFC 7239 §6: IPv4 with or without port, or an IPv6 address in brackets. */
static bool read_node(const char *text, size_t len, nep_address *out)
{
  char host[NEP_ADDRESS_TEXT];
  if (len >= 2 && text[0] == '"' && text[len - 1] == '"')
    text++, len -= 2;
  if (len && text[0] == '[') {
    const char *end = memchr(text, ']', len);
    if (!end)
      return false;
    text++;
    len = (size_t)(end - text);
  } else {
    const char *colon = memchr(text, ':', len);
    len = colon ? (size_t)(colon - text) : len;
  }
  if (len >= sizeof host)
    return false;
  memcpy(host, text, len);
  host[len] = '\0';
  return nep_address_parse(host, out);
}

/* The address of the pair for=... of one element. */
static bool read_element(const char *text, size_t len, nep_address *out)
{
  while (len > 0) {
    size_t n = span_to(text, len, ";");
    const char *pair = text;
    size_t pair_len = n;
    trim(&pair, &pair_len);
    if (pair_len > 4 && strncasecmp(pair, "for=", 4) == 0)
      return read_node(pair + 4, pair_len - 4, out);
    text += n < len ? n + 1 : n;
    len -= n < len ? n + 1 : n;
  }
  return false;
}

nep_address nep_address_of_visitor(const nep_address *peer, const char *forwarded,
                                   const nep_address_list *proxies)
{
  enum { ELEMENTS = 16 };
  const char *elements[ELEMENTS];
  size_t lengths[ELEMENTS], n = 0;
  nep_address believed = *peer;
  if (!forwarded || !nep_address_list_has(proxies, peer))
    return believed;
  size_t len = strlen(forwarded);
  for (const char *at = forwarded; at <= forwarded + len;) {
    size_t span = span_to(at, len - (size_t)(at - forwarded), ",");
    if (n == ELEMENTS)
      return believed;
    elements[n] = at;
    lengths[n++] = span;
    at += span + 1;
  }
  while (n-- > 0 && nep_address_list_has(proxies, &believed)) {
    nep_address named;
    if (!read_element(elements[n], lengths[n], &named))
      break;
    believed = named;
  }
  return believed;
}
