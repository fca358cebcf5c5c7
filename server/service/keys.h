/* The identity provider's public keys (JWKS): from a file, read at each use, or from an https
   address, fetched again when the copy at hand is old. */
#ifndef NEP_SERVER_SERVICE_KEYS_H
#define NEP_SERVER_SERVICE_KEYS_H

#include "base/buf.h"
#include "base/status.h"

enum {
  NEP_KEYS_FRESH_SECONDS = 300,  /* a copy younger than this is used without asking */
  NEP_KEYS_STALE_SECONDS = 3600, /* an older one never, however long the provider is away */
  NEP_KEYS_PAUSE_SECONDS = 5,    /* between a failure and the next try */
  NEP_KEYS_FETCH_SECONDS = 5     /* for the whole exchange */
};

typedef struct nep_keys nep_keys; /* shared by threads */

/* The file must be readable; the address is asked later. Exactly one of file and address; `ca` (a
 * file) vouches for the address, NULL: the system's CAs.
 */
NEP_MUST_USE nep_status nep_keys_new(const char *file, const char *address, const char *ca,
                                     nep_keys **out, nep_error *err);
void nep_keys_free(nep_keys *k); /* NULL allowed */
/* Appends the key set; hash gets its SHA-256. NEP_E_IO "identity-keys" when there is none. */
NEP_MUST_USE nep_status nep_keys_get(nep_keys *k, nep_buf *jwks, char hash[65], nep_error *err);

/* One GET over https: certificate and name checked, no redirection, at most `max` bytes. */
NEP_MUST_USE nep_status nep_keys_fetch(const char *address, const char *ca, size_t max,
                                       nep_buf *out, nep_error *err);

#endif
