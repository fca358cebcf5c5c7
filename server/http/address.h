/* Network addresses: of listeners, proxies and visitors. IPv4 stands as IPv4-mapped IPv6. */
#ifndef NEP_HTTP_ADDRESS_H
#define NEP_HTTP_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/status.h"

enum { NEP_ADDRESS_TEXT = 46 };

typedef struct nep_address {
  uint8_t bytes[16];
} nep_address;

typedef struct nep_address_list {
  nep_address *items;
  size_t n;
} nep_address_list;

NEP_MUST_USE bool nep_address_parse(const char *text, nep_address *out);
/* false for a family other than IPv4 and IPv6. */
NEP_MUST_USE bool nep_address_from_socket(const struct sockaddr *s, nep_address *out);
void nep_address_text(const nep_address *a, char out[NEP_ADDRESS_TEXT]);
bool nep_address_is_v4(const nep_address *a);

/* What a limit counts as one visitor: an IPv4 address, or the first 64 bits of an IPv6 address (a
   household has all the others at will). */
void nep_address_limit_key(const nep_address *a, uint8_t key[16]);

/* Texts that nep_address_parse has accepted before. */
void nep_address_list_make(const char *const *texts, size_t n, nep_address_list *out);
void nep_address_list_free(nep_address_list *l);
bool nep_address_list_has(const nep_address_list *l, const nep_address *a);

/* RFC 7239: the visitor behind proxies. `peer` is who connected; only when it is a listed proxy is
   the header believed, from its end on, as far as proxies are listed. `forwarded` may be NULL.
   False when a proxy sent a header that names nobody in front of the proxies (an element that
   cannot be read ends the walk, and one with a quote left open is not read at all): then *out is
   the last proxy, which is to be counted but not to be trusted as a visitor. */
NEP_MUST_USE bool nep_address_of_visitor(const nep_address *peer, const char *forwarded,
                                         const nep_address_list *proxies, nep_address *out);

#endif
