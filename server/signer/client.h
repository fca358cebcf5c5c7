/* Asking nep-signer for signatures over its unix socket. Thread-safe: a small pool of connections.
 */
#ifndef NEP_SERVER_SIGNER_CLIENT_H
#define NEP_SERVER_SIGNER_CLIENT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "records/signed.h"
#include "server/signer/chain.h"

typedef enum nep_signed_purpose {
  NEP_SIGN_CAST_RECEIPT,
  NEP_SIGN_REGISTRATION_RECEIPT,
  NEP_SIGN_REFUSAL,
  NEP_SIGN_HEAD,
  NEP_SIGN_CASTS_HEAD
} nep_signed_purpose;

typedef struct nep_signer nep_signer;

nep_signer *nep_signer_new(const char *socket_path, unsigned connections); /* never NULL */
void nep_signer_free(nep_signer *s);

/* Asks for the envelopes of n messages of one purpose, in one round trip; appends to out[i]. The
   signer checks that each message has exactly the fields of its purpose. All or none. Code
   "signer-conflict" when it signed another event of the same height before. */
NEP_MUST_USE nep_status nep_signer_sign(nep_signer *s, nep_signed_purpose purpose,
                                        const nep_bytes *messages, size_t n, nep_buf *out,
                                        nep_error *err);
NEP_MUST_USE nep_status nep_signer_public_key(nep_signer *s, char hex[NEP_PUBLIC_KEY_HEX + 1],
                                              nep_error *err);

/* How many events of an election's chain, from height 0 on, were shown to the signer. */
NEP_MUST_USE nep_status nep_signer_known(nep_signer *s, nep_signed_chain chain, const char *uuid,
                                         uint64_t *known, nep_error *err);
/* Shows it n events (canonical texts) of one election, heights rising by one. */
NEP_MUST_USE nep_status nep_signer_events(nep_signer *s, nep_signed_chain chain, const char *uuid,
                                          const nep_bytes *texts, size_t n, nep_error *err);

/* The highest event that the signer remembers of this chain of each election, in the order of
 * uuids.
 */
typedef nep_status nep_signer_each(void *ctx, const char *uuid, int64_t height, const char *event,
                                   nep_error *err);
NEP_MUST_USE nep_status nep_signer_memory(nep_signer *s, nep_signed_chain chain,
                                          nep_signer_each *each, void *ctx, nep_error *err);

#endif
