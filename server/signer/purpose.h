/* The purposes that nep-signer signs for; everything else it refuses. */
#ifndef NEP_SIGNER_PURPOSE_H
#define NEP_SIGNER_PURPOSE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/status.h"
#include "server/signer/client.h"
#include "server/signer/memory.h"

/* Name in requests, e.g. "cast-receipt". */
const char *nep_purpose_name(nep_signed_purpose p);

/* The purposes of requests about the memory of a chain. */
typedef struct nep_memory_requests {
  const char *known, *events, *memory;
} nep_memory_requests;
const nep_memory_requests *nep_memory_requests_of(nep_signed_chain chain);

/* Tag of the signature (records/tags.h); NULL when no purpose has this name. */
const char *nep_purpose_tag(const char *name);

/* What signing a message says about the board. */
typedef struct nep_promise {
  bool is_made; /* false: nothing, as with refusals */
  bool of_all;  /* a head: speaks of every event of its chain below, too */
  nep_remembered event;
} nep_promise;

/* The message has exactly the fields of the purpose, each well formed. */
NEP_MUST_USE nep_status nep_purpose_check(const char *name, const json_t *message,
                                          nep_promise *promise, nep_error *err);

#endif
