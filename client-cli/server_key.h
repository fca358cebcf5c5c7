/* The key that signs the server's receipts: trusted on first use, then pinned in the voter's
 * folder. */
#ifndef NEP_CLIENT_SERVER_KEY_H
#define NEP_CLIENT_SERVER_KEY_H

#include "client-cli/http.h"
#include "records/signed.h"

/* Fills `key` with the pinned key, after holding it against the one that the server names now. A
   different one is refused (code "server-key-changed"). `expected` (an option, or NULL) is what the
   user knows from elsewhere: it must be the server's, and it replaces the pin. */
NEP_MUST_USE nep_status nep_server_key(nep_http *h, const char *dir, const char *expected,
                                       char key[NEP_PUBLIC_KEY_HEX + 1], nep_error *err);

/* The same without asking the server: the pinned key, or `expected`; NEP_E_NOT_FOUND when neither
   is there. */
NEP_MUST_USE nep_status nep_server_key_pinned(const char *dir, const char *expected,
                                              char key[NEP_PUBLIC_KEY_HEX + 1], nep_error *err);

#endif
