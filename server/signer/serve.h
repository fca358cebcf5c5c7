/* nep-signer at work: one thread, one poll loop, a small number of connections. */
#ifndef NEP_SIGNER_SERVE_H
#define NEP_SIGNER_SERVE_H

#include "records/signed.h"
#include "server/signer/config.h"
#include "server/signer/memory.h"

/* Makes the socket: a stale one of an earlier run is replaced, one that still answers is not. */
NEP_MUST_USE nep_status nep_signer_listen(const nep_signer_config *c, int *fd, nep_error *err);

/* Serves until `stop` (a descriptor) becomes readable, or until a write or sync of the memory fails
   (NEP_E_IO). */
NEP_MUST_USE nep_status nep_signer_serve(const nep_signer_config *c, const nep_signing_key *key,
                                         nep_memory *memory, int listener, int stop,
                                         nep_error *err);

#endif
