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

/* Whether a quoted string is still open at the end. A visitor who opens one in what a proxy extends
   hides the proxy's own element in it. */
static bool has_open_quote(const char *text)
{
  bool quoted = false;
  for (; *text; text++) {
    if (quoted && *text == '\\' && text[1])
      text++;
    else if (*text == '"')
      quoted = !quoted;
  }
  return quoted;
}

/* The last elements, as many as there can be proxies between: whoever is in front of them may have
   written any number. */
enum { ELEMENTS = 16 };
typedef struct elements {
  const char *text[ELEMENTS];
  size_t len[ELEMENTS];
  size_t n; /* in all; the i-th stands at i % ELEMENTS */
} elements;

static void split(const char *forwarded, elements *e)
{
  size_t len = strlen(forwarded);
  for (const char *at = forwarded; at <= forwarded + len; e->n++) {
    size_t span = span_to(at, len - (size_t)(at - forwarded), ",");
    e->text[e->n % ELEMENTS] = at;
    e->len[e->n % ELEMENTS] = span;
    at += span + 1;
  }
}

bool nep_address_of_visitor(const nep_address *peer, const char *forwarded,
                            const nep_address_list *proxies, nep_address *out)
{
  *out = *peer;
  if (!forwarded || !nep_address_list_has(proxies, peer))
    return true;
  if (has_open_quote(forwarded))
    return false;
  elements e = {.n = 0};
  split(forwarded, &e);
  size_t first = e.n > ELEMENTS ? e.n - ELEMENTS : 0;
  for (size_t i = e.n; i-- > first && nep_address_list_has(proxies, out);) {
    nep_address named;
    if (!read_element(e.text[i % ELEMENTS], e.len[i % ELEMENTS], &named))
      break;
    *out = named;
  }
  return !nep_address_list_has(proxies, out);
}
