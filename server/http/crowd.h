/* How many connections each visitor has open. A visitor is what a limit counts as one: an IPv4
   address, or a network of IPv6 (nep_address_limit_key), of which one household has all addresses.
 */
#ifndef NEP_HTTP_CROWD_H
#define NEP_HTTP_CROWD_H

#include <stdbool.h>
#include <stdint.h>

typedef struct nep_crowd nep_crowd;

nep_crowd *nep_crowd_new(unsigned most); /* connections of one visitor; never NULL */
void nep_crowd_free(nep_crowd *c);       /* NULL allowed */

/* Thread-safe. Several threads that ask before they enter may pass the limit by as many. */
bool nep_crowd_has_room(nep_crowd *c, const uint8_t key[16]);
void nep_crowd_enter(nep_crowd *c, const uint8_t key[16]);
void nep_crowd_leave(nep_crowd *c, const uint8_t key[16]); /* who entered */

#endif
