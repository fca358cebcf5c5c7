#include "server/http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const uint8_t v4_prefix[12] = {[10] = 0xff, [11] = 0xff};

static void from_v4(const void *four_bytes, nep_address *out)
{
  memcpy(out->bytes, v4_prefix, sizeof v4_prefix);
  memcpy(out->bytes + sizeof v4_prefix, four_bytes, 4);
}

bool nep_address_parse(const char *text, nep_address *out)
{
  struct in_addr v4;
  if (inet_pton(AF_INET, text, &v4) == 1) {
    from_v4(&v4, out);
    return true;
  }
  return inet_pton(AF_INET6, text, out->bytes) == 1;
}

bool nep_address_from_socket(const struct sockaddr *s, nep_address *out)
{
  if (s->sa_family == AF_INET) {
    from_v4(&((const struct sockaddr_in *)(const void *)s)->sin_addr, out);
    return true;
  }
  if (s->sa_family != AF_INET6)
    return false;
  memcpy(out->bytes, &((const struct sockaddr_in6 *)(const void *)s)->sin6_addr, 16);
  return true;
}

bool nep_address_is_v4(const nep_address *a)
{
  return memcmp(a->bytes, v4_prefix, sizeof v4_prefix) == 0;
}

void nep_address_text(const nep_address *a, char out[NEP_ADDRESS_TEXT])
{
  bool v4 = nep_address_is_v4(a);
  if (!inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? a->bytes + 12 : a->bytes, out, NEP_ADDRESS_TEXT))
    out[0] = '\0';
}

void nep_address_limit_key(const nep_address *a, uint8_t key[16])
{
  memcpy(key, a->bytes, 16);
  if (!nep_address_is_v4(a))
    memset(key + 8, 0, 8);
}

void nep_address_list_make(const char *const *texts, size_t n, nep_address_list *out)
{
  *out = (nep_address_list){.items = nep_alloc(n ? n : 1, sizeof *out->items)};
  for (size_t i = 0; i < n; i++)
    if (nep_address_parse(texts[i], &out->items[out->n]))
      out->n++;
}

void nep_address_list_free(nep_address_list *l)
{
  free(l->items);
  *l = (nep_address_list){0};
}

bool nep_address_list_has(const nep_address_list *l, const nep_address *a)
{
  for (size_t i = 0; i < l->n; i++)
    if (memcmp(l->items[i].bytes, a->bytes, sizeof a->bytes) == 0)
      return true;
  return false;
}
